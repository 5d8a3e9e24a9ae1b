/** Reading one certificate: what it says, and what is refused. @module */

import { X509Certificate } from "node:crypto";
import { rootCertificates } from "node:tls";
import { describe, expect, it } from "vitest";
import { readDer } from "../asn1/der.ts";
import {
  writeBitString,
  writeContext,
  writeInteger,
  writeObjectIdentifier,
  writePrintableString,
  writeSequence,
  writeSetOf,
  writeUtf8String,
} from "../asn1/write.ts";
import { writeExtension } from "../replica/certificate-authority.ts";
import { publicKeyInfoOf } from "../replica/signing-key.ts";
import { readCertificate } from "./certificate.ts";
import { comparableName, nameText, readName } from "./name.ts";
import { readPublicKey } from "./public-key.ts";
import { authority, key, root, signer } from "./test-world.fixture.ts";

const malformed = expect.objectContaining({ code: "artifact.malformed" });

describe("reading a certificate", () => {
  it("says of every root that Node ships what Node says", () => {
    for (const pem of rootCertificates) {
      const node = new X509Certificate(pem);
      const own = readCertificate(node.raw);
      expect(own.sha256).toBe(node.fingerprint256.replaceAll(":", "").toLowerCase());
      expect(own.validUntil.getTime()).toBe(new Date(node.validTo).getTime());
      expect(own.validFrom.getTime()).toBe(new Date(node.validFrom).getTime());
      expect(own.summary.serial.replace(/^0+/, "")).toBe(node.serialNumber.toLowerCase().replace(/^0+/, ""));
      expect(own.publicKeyInfo.equals(node.publicKey.export({ type: "spki", format: "der" }))).toBe(true);
      expect(own.basicConstraints?.isAuthority).toBe(node.ca);
    }
  });

  it("refuses the same extension twice, and two different signature algorithms", () => {
    const extension = writeExtension("1.2.3.4", false, writeInteger(1));
    expect(() =>
      readCertificate(signer(root(), { extraExtensions: [extension, extension] }).certificate),
    ).toThrow(/comes twice/);
    const innerAlgorithm = writeSequence(writeObjectIdentifier("1.2.840.10045.4.1"));
    expect(() => readCertificate(signer(root(), { broken: { innerAlgorithm } }).certificate)).toThrow(
      /two different signature algorithms/,
    );
  });

  it("refuses bytes after it, a version 4, and one larger than 256 KiB", () => {
    const whole = signer(root()).certificate;
    expect(() => readCertificate(Buffer.concat([whole, Buffer.from([0])]))).toThrow(malformed);
    expect(() => readCertificate(signer(root(), { broken: { version: 3 } }).certificate)).toThrow(/version/);
    const large = writeExtension("1.2.3.4", false, Buffer.alloc(300_000));
    expect(() => readCertificate(signer(root(), { extraExtensions: [large] }).certificate)).toThrow(
      /256 KiB/,
    );
  });

  it("ends with a typed error wherever it is cut, and never otherwise when flipped", () => {
    const whole = authority("Middle", root(), {
      pathLength: 1,
      nameConstraints: { permitted: [{ commonName: "A" }] },
    }).certificate;
    for (let cut = 0; cut < whole.length; cut += 1)
      expect(() => readCertificate(whole.subarray(0, cut))).toThrow(malformed);
    for (let at = 0; at < whole.length; at += 1)
      for (const mask of [0x01, 0x80, 0xff]) {
        const flipped = Buffer.from(whole);
        flipped[at] = (flipped[at] ?? 0) ^ mask;
        expectTyped(() => readPublicKey(readCertificate(flipped).publicKeyInfo));
      }
  });
});

describe("names", () => {
  const attribute = (oid: string, value: Uint8Array) => writeSequence(writeObjectIdentifier(oid), value);
  const read = (...sets: Uint8Array[]) => readName(readDer(writeSequence(...sets)));

  it("are shown as RFC 4514 text, with what could fool a terminal escaped", () => {
    const name = read(
      writeSetOf(attribute("2.5.4.6", writePrintableString("DE"))),
      writeSetOf(attribute("2.5.4.10", writeUtf8String("A, B+C <x>"))),
      writeSetOf(
        attribute("2.5.4.3", writeUtf8String(" a\u202eb\u001b[0m ")),
        attribute("1.2.3.4", writeUtf8String("x")),
      ),
    );
    expect(nameText(name)).toBe("1.2.3.4=x+CN=\\ a\\e2\\80\\aeb\\1b[0m\\ ,O=A\\, B\\+C \\<x\\>,C=DE");
  });

  it("are equal whatever their string type, case and spaces, and different otherwise", () => {
    const one = (value: Uint8Array) => comparableName(read(writeSetOf(attribute("2.5.4.3", value))));
    expect(one(writeUtf8String("Example  CA"))).toBe(one(writePrintableString(" example ca ")));
    expect(one(writeUtf8String("Example CB"))).not.toBe(one(writeUtf8String("Example CA")));
  });
});

describe("public keys", () => {
  const rsa = (modulus: Uint8Array, exponent: number) =>
    writeSequence(
      writeSequence(writeObjectIdentifier("1.2.840.113549.1.1.1")),
      writeBitString(writeSequence(writeInteger(modulus), writeInteger(exponent))),
    );
  const modulus = Buffer.alloc(256, 0xc5);

  it("of RSA have an odd exponent above one, an odd modulus and a bounded size", () => {
    expect(readPublicKey(rsa(modulus, 65_537))).toMatchObject({
      kind: "rsa",
      sizeBits: 2048,
      weakness: undefined,
    });
    expect(() => readPublicKey(rsa(modulus, 1))).toThrow(/exponent/);
    expect(() => readPublicKey(rsa(modulus, 4))).toThrow(/exponent/);
    expect(() => readPublicKey(rsa(Buffer.alloc(256, 0xc4), 3))).toThrow(/even/);
    expect(() => readPublicKey(rsa(Buffer.alloc(4096, 0xc5), 3))).toThrow(/32768 bits/);
    expect(readPublicKey(rsa(modulus.subarray(0, 128), 3)).weakness).toContain("1024");
  });

  it("of unknown kinds and curves are unsupported, not wrong", () => {
    const unknown = writeSequence(
      writeSequence(writeObjectIdentifier("1.2.3.4")),
      writeBitString(Buffer.from([1])),
    );
    expect(() => readPublicKey(unknown)).toThrow(expect.objectContaining({ code: "artifact.unsupported" }));
    expect(readPublicKey(publicKeyInfoOf(key("P", "p-384")))).toMatchObject({ kind: "ec", sizeBits: 384 });
    const curve = writeSequence(
      writeSequence(writeObjectIdentifier("1.2.840.10045.2.1"), writeContext(0, writeInteger(1))),
      writeBitString(Buffer.from([4])),
    );
    expect(() => readPublicKey(curve)).toThrow(/CVE-2020-0601/);
  });
});

function expectTyped(read: () => unknown): void {
  try {
    read();
  } catch (error) {
    expect(error).toMatchObject({ code: expect.stringMatching(/^artifact\.(malformed|unsupported)$/) });
  }
}
