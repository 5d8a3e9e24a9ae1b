/** One signature value under every algorithm there is, and what must not pass for one. @module */

import { createPublicKey, X509Certificate } from "node:crypto";
import { readFileSync } from "node:fs";
import { rootCertificates } from "node:tls";
import { corpusFile, NO_CORPUS } from "@sallyport/testkit";
import { describe, expect, it } from "vitest";
import { readDer } from "../asn1/der.ts";
import {
  writeContext,
  writeInteger,
  writeNull,
  writeObjectIdentifier,
  writeSequence,
} from "../asn1/write.ts";
import type { DigestName } from "../cms/algorithm.ts";
import {
  type KeyKind,
  publicKeyInfoOf,
  type SignatureNaming,
  signBytes,
  writeSignatureAlgorithm,
} from "../replica/signing-key.ts";
import { readCertificate } from "./certificate.ts";
import { verifySignature } from "./signature-algorithm.ts";
import { key } from "./test-world.fixture.ts";

const data = Buffer.from("what was signed");
const unsupported = expect.objectContaining({ code: "artifact.unsupported" });

describe("verifying a signature value", () => {
  it.each<[KeyKind, DigestName, SignatureNaming]>([
    ["rsa-2048", "md5", "full"],
    ["rsa-2048", "sha1", "full"],
    ["rsa-2048", "sha256", "full"],
    ["rsa-2048", "sha384", "full"],
    ["rsa-2048", "sha512", "full"],
    ["rsa-2048", "sha256", "pss"],
    ["rsa-2048", "sha512", "pss"],
    ["p-256", "sha1", "full"],
    ["p-256", "sha256", "full"],
    ["p-384", "sha384", "full"],
    ["ed25519", "sha512", "full"],
  ])("accepts %s with %s (%s), and nothing that differs by a bit", (kind, digest, naming) => {
    const signing = key("every", kind);
    const algorithm = readDer(writeSignatureAlgorithm(signing, digest, naming));
    const signature = Buffer.from(signBytes(signing, digest, data, naming));
    const request = { publicKeyInfo: publicKeyInfoOf(signing), algorithm, data, signature };
    expect(verifySignature(request)).toBe(true);
    expect(verifySignature({ ...request, data: Buffer.from("what was Signed") })).toBe(false);
    expect(verifySignature({ ...request, publicKeyInfo: publicKeyInfoOf(key("other", kind)) })).toBe(false);
    expect(verifySignature({ ...request, signature: signature.subarray(1) })).toBe(false);
    expect(verifySignature({ ...request, signature: Buffer.alloc(0) })).toBe(false);
    const flipped = Buffer.from(signature);
    flipped[10] = (flipped[10] ?? 0) ^ 1;
    expect(verifySignature({ ...request, signature: flipped })).toBe(false);
  });

  it("does not take one kind of key for another", () => {
    const signature = signBytes(key("every", "p-256"), "sha256", data, "full");
    const algorithm = readDer(writeSignatureAlgorithm(key("every", "p-256"), "sha256", "full"));
    expect(
      verifySignature({
        publicKeyInfo: publicKeyInfoOf(key("every", "rsa-2048")),
        algorithm,
        data,
        signature,
      }),
    ).toBe(false);
  });

  it("refuses algorithms it does not know and parameters that do not belong", () => {
    const publicKeyInfo = publicKeyInfoOf(key("every", "rsa-2048"));
    const asked = (...parts: Uint8Array[]) =>
      verifySignature({ publicKeyInfo, algorithm: readDer(writeSequence(...parts)), data, signature: data });
    const rsa = writeObjectIdentifier("1.2.840.113549.1.1.11");
    expect(() => asked(writeObjectIdentifier("1.2.3.4"))).toThrow(unsupported);
    expect(() => asked(rsa, writeInteger(1))).toThrow(/parameters/);
    expect(() => asked(rsa, writeNull(), writeNull())).toThrow(/extra fields/);
    expect(() => asked(writeObjectIdentifier("1.2.840.10045.4.3.2"), writeNull())).toThrow(/parameters/);
    const pss = writeObjectIdentifier("1.2.840.113549.1.1.10");
    expect(() => asked(pss, writeSequence(writeContext(3, writeInteger(2))))).toThrow(/trailer/);
    expect(() => asked(pss, writeSequence(writeContext(2, writeInteger(5000))))).toThrow(/salt/);
    expect(() => asked(pss, writeSequence(writeContext(7, writeInteger(1))))).toThrow(/unknown/);
    const sha256 = writeSequence(writeObjectIdentifier("2.16.840.1.101.3.4.2.1"));
    expect(() => asked(pss, writeSequence(writeContext(0, sha256)))).toThrow(unsupported);
  });

  it("verifies the signature of every root that Node ships", () => {
    for (const pem of rootCertificates) {
      const own = readCertificate(new X509Certificate(pem).raw);
      const { publicKeyInfo, signatureAlgorithm: algorithm, tbs, signature } = own;
      expect(verifySignature({ publicKeyInfo, algorithm, data: tbs, signature }), own.summary.subject).toBe(
        true,
      );
    }
  });
});

describe("independent vectors", () => {
  const vectors = corpusFile("wycheproof/ed25519_test.json");

  it.skipIf(vectors === undefined)(`agrees with Wycheproof on Ed25519 (else: ${NO_CORPUS})`, () => {
    const suite: {
      testGroups: {
        publicKey: { pk: string };
        tests: { tcId: number; msg: string; sig: string; result: string }[];
      }[];
    } = JSON.parse(readFileSync(vectors ?? "", "utf8"));
    const algorithm = readDer(writeSequence(writeObjectIdentifier("1.3.101.112")));
    for (const { publicKey, tests } of suite.testGroups) {
      const x = Buffer.from(publicKey.pk, "hex").toString("base64url");
      const publicKeyInfo = createPublicKey({ key: { kty: "OKP", crv: "Ed25519", x }, format: "jwk" }).export(
        {
          type: "spki",
          format: "der",
        },
      );
      for (const { tcId, msg, sig, result } of tests) {
        const signature = Buffer.from(sig, "hex");
        const verified = verifySignature({
          publicKeyInfo,
          algorithm,
          data: Buffer.from(msg, "hex"),
          signature,
        });
        expect(verified, `vector ${tcId}`).toBe(result === "valid");
      }
    }
  });

  const chain = corpusFile("jsign/certificates/jsign-test-certificate-full-chain.pem");

  it.skipIf(chain === undefined)(
    `reads jsign's chain and finds each signed by the next (else: ${NO_CORPUS})`,
    () => {
      const text = readFileSync(chain ?? "", "utf8");
      const ders = [...text.matchAll(/-----BEGIN CERTIFICATE-----([^-]+)/g)].map(([, body = ""]) =>
        Buffer.from(body, "base64"),
      );
      const certificates = ders.map(readCertificate);
      expect(certificates.length).toBeGreaterThan(1);
      for (const one of certificates) {
        const issuers = certificates.filter(({ subjectKey }) => subjectKey === one.issuerKey);
        const signed = issuers.some(({ publicKeyInfo }) =>
          verifySignature({
            publicKeyInfo,
            algorithm: one.signatureAlgorithm,
            data: one.tbs,
            signature: one.signature,
          }),
        );
        expect(issuers.length === 0 || signed, one.summary.subject).toBe(true);
      }
    },
  );
});
