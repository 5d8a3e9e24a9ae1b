/** What an attacker's slow keys may cost: a file of 13 MB with hundreds of them once took three minutes. */

import { describe, expect, it, vi } from "vitest";
import {
  writeBitString,
  writeInteger,
  writeNull,
  writeObjectIdentifier,
  writeSequence,
} from "../asn1/write.ts";
import { signingKeyNamed } from "../replica/signing-key.ts";
import { readCertificate } from "./certificate.ts";
import { verifyIssued } from "./path-rules.ts";
import { readPublicKey } from "./public-key.ts";
import * as signatureAlgorithm from "./signature-algorithm.ts";
import { key, root } from "./test-world.fixture.ts";

vi.mock("./signature-algorithm.ts", { spy: true });

const rsaKey = (bits: number): Buffer =>
  writeSequence(
    writeSequence(writeObjectIdentifier("1.2.840.113549.1.1.1"), writeNull()),
    writeBitString(writeSequence(writeInteger(Buffer.alloc(bits / 8, 0xff)), writeInteger(65_537))),
  );

describe("verifying certificates", () => {
  it("takes no key that is slower than any authority's", () => {
    expect(readPublicKey(rsaKey(8192)).sizeBits).toBe(8192);
    expect(() => readPublicKey(rsaKey(16_384))).toThrow("an RSA key of 16384 bits");
  });

  it("asks the same question once", () => {
    const certificate = readCertificate(root("Asked often", { key: key("asked often") }).certificate);
    const other = readCertificate(root("Other", { key: signingKeyNamed("other", "p-256") }).certificate);
    const spy = vi.mocked(signatureAlgorithm.verifySignature);
    spy.mockClear();
    for (let round = 0; round < 20; round += 1) {
      expect(verifyIssued(certificate, certificate.publicKeyInfo)).toBe(true);
      expect(verifyIssued(certificate, other.publicKeyInfo)).toBe(false);
    }
    expect(spy).toHaveBeenCalledTimes(2);
  });
});
