import { describe, expect, it } from "vitest";
import { readArmour } from "./armour.ts";
import { readCertificates } from "./certificate.ts";
import { readPackets } from "./packet.ts";
import { readSignatures } from "./signature.ts";
import { armour, certificateOf, makeKey, packet, signBytes } from "./signing.fixture.ts";
import { codeOf, DOCUMENT } from "./verifying.fixture.ts";

describe("framing", () => {
  it.each([
    ["no packet", [0x00], "artifact.malformed"],
    ["a packet without a length", [0x8b, 1], "artifact.unsupported"],
    ["a packet in pieces", [0xc2, 0xe1, 0], "artifact.unsupported"],
    ["a length beyond the end", [0xc2, 0xff, 0xff, 0xff, 0xff, 0xff], "artifact.truncated"],
    ["half a length", [0xc2, 0xff, 0], "artifact.truncated"],
    ["a length of two octets cut short", [0x89, 0], "artifact.truncated"],
  ])("refuses %s", (_, octets, code) => {
    expect(codeOf(() => readPackets(Buffer.from(octets)))).toBe(code);
  });

  it("refuses something else among signatures or keys", () => {
    const literal = packet(11, Buffer.from("text"));
    expect(codeOf(() => readSignatures(literal))).toBe("artifact.malformed");
    const file = Buffer.concat([certificateOf(makeKey()), literal]);
    expect(codeOf(() => readCertificates([{ name: "odd", bytes: file }]))).toBe("artifact.malformed");
  });

  it("bounds how many signatures there are", () => {
    const one = packet(2, signBytes(makeKey(), DOCUMENT));
    expect(codeOf(() => readSignatures(Buffer.concat(new Array(65).fill(one))))).toBe("artifact.over-limit");
  });
});

describe("armour", () => {
  const bytes = packet(2, signBytes(makeKey(), DOCUMENT));
  const text = armour("SIGNATURE", bytes);

  it("may have words around it, headers, and a checksum that is right", () => {
    for (const whole of [
      text,
      `some words\n${text}more words\n`,
      text.replace("\n\n", "\nComment: x\n\n"),
      text.replaceAll("\n", "\r\n"),
      `\ufeff${text}`,
    ])
      expect(readArmour(Buffer.from(whole))).toEqual([{ label: "PGP SIGNATURE", bytes }]);
  });

  it.each([
    ["no last line", text.replace(/-----END.*\n/, ""), "artifact.truncated"],
    [
      "another label at its end",
      text.replace("-----END PGP SIGNATURE", "-----END PGP MESSAGE"),
      "artifact.truncated",
    ],
    ["a wrong checksum", text.replace("-----END", "=AAAA\n-----END"), "artifact.malformed"],
    ["letters that are none of base64", text.replace("\n\n", "\n\n*"), "artifact.malformed"],
    ["half a group", text.replace("\n\n", "\n\nA"), "artifact.malformed"],
  ])("is refused with %s", (_, damaged, code) => {
    expect(codeOf(() => readArmour(Buffer.from(damaged)))).toBe(code);
  });
});
