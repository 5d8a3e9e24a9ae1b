import { gzipSync } from "node:zlib";
import { expect, it } from "vitest";
import { SAMPLE_TEXT } from "../sample-text.fixture.ts";
import { walkStream } from "../stream-walk.fixture.ts";
import { buildCpio, type CpioKind } from "./cpio.fixture.ts";
import { cpio } from "./index.ts";
import { sample } from "./sample.fixture.ts";

const KINDS: CpioKind[] = ["newc", "crc", "odc", "binary", "binary-big"];

it.each(KINDS)("reads archives of the kind %s, in pieces of any size", async (kind) => {
  const whole = buildCpio(kind, [
    { name: "f", mode: 0o40755 },
    { name: "f/a.txt", bytes: SAMPLE_TEXT },
    { name: "f/odd", bytes: "odd" },
    { name: "f/link", mode: 0o120777, bytes: "odd" },
  ]);
  expect(cpio.recognise({ head: whole, tail: whole, sizeBytes: whole.length })).toBe(true);
  for (const pieceBytes of [1, 13, 1 << 20]) {
    const { members, findings, code } = await walkStream(cpio, whole, { pieceBytes });
    expect({ findings, code }).toEqual({ findings: [], code: "" });
    expect(members.map(({ name, bytes }) => [name, bytes.toString()])).toEqual([
      ["f/a.txt", SAMPLE_TEXT.toString()],
      ["f/odd", "odd"],
      ["f/link", "odd"],
    ]);
  }
});

it("overlooks zeros behind the end, and opens what a kernel would read there", async () => {
  const filled = await walkStream(cpio, Buffer.concat([sample(), Buffer.alloc(512)]));
  expect({ findings: filled.findings, code: filled.code }).toEqual({ findings: [], code: "" });
  for (const next of [sample(), gzipSync(sample())]) {
    const { members, findings, code } = await walkStream(
      cpio,
      Buffer.concat([sample(), Buffer.alloc(60), next]),
    );
    expect({ findings, code }).toEqual({ findings: [], code: "" });
    expect(members.at(-1)?.name).toBe("next-archive");
    expect(members.at(-1)?.bytes.equals(next)).toBe(true);
  }
});

it("takes neither two bytes that look like an old mark nor a number in a text for an archive", () => {
  const recognises = (head: Buffer) => cpio.recognise({ head, tail: head, sizeBytes: head.length });
  expect(recognises(Buffer.concat([Buffer.from("c771", "hex"), Buffer.alloc(200, "x")]))).toBe(false);
  expect(recognises(Buffer.from("070701"))).toBe(false);
});

it("does not guess the names of an archive without any", async () => {
  const { code, message } = await walkStream(cpio, buildCpio("stripped", [{ bytes: "" }]));
  expect(code).toBe("artifact.unsupported");
  expect(message).toContain("in the package around it");
});
