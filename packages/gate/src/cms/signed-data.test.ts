import { createHash } from "node:crypto";
import { SallyportError } from "@sallyport/core";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type DerNode, readDer } from "../asn1/der.ts";
import {
  writeContext,
  writeInteger,
  writeNull,
  writeObjectIdentifier,
  writeOctetString,
  writeSequence,
  writeSetOf,
  writeValue,
} from "../asn1/write.ts";
import { signAuthenticode } from "../replica/authenticode-signer.ts";
import { issueRoot } from "../replica/certificate-authority.ts";
import { signSignerInfo, writeAttribute, writeSignedData } from "../replica/cms-signer.ts";
import { signingKeyNamed } from "../replica/signing-key.ts";
import { readSignedData } from "./signed-data.ts";
import { ATTRIBUTE, singleValue } from "./signer-info.ts";
import { verifySignerInfo } from "./verify.ts";

const signer = issueRoot({
  subject: { commonName: "Signer" },
  key: signingKeyNamed("cms", "p-256"),
  validFrom: new Date("2020-01-01T00:00:00Z"),
  validUntil: new Date("2040-01-01T00:00:00Z"),
});
const certificate = { publicKeyInfo: signer.key.publicKey.export({ type: "spki", format: "der" }) };
const fileDigest = createHash("sha256").update("file").digest();
const whole = signAuthenticode({ subject: "pe", fileDigest, signer, programName: "Demo" });

/** The parts of the ContentInfo, to be put together wrongly. */
const [typeNode, wrapperNode] = readDer(whole).children;
const bodyParts = (wrapperNode?.children[0]?.children ?? []).map((node) => node.raw);
const rebuild = (...parts: readonly Uint8Array[]): Buffer =>
  writeSequence(typeNode?.raw ?? Buffer.alloc(0), writeContext(0, writeSequence(...parts)));

const refuses = (der: Uint8Array) =>
  expect(() => readSignedData(der)).toThrowError(expect.objectContaining({ code: "artifact.malformed" }));

describe("reading SignedData", () => {
  it("keeps raw slices of everything that is hashed later", () => {
    const signedData = readSignedData(whole);
    expect(signedData.contentType).toBe("1.3.6.1.4.1.311.2.1.4");
    expect(whole.includes(signedData.content?.raw ?? "missing")).toBe(true);
    expect(signedData.certificates).toEqual([signer.certificate]);
    expect(signedData.digestAlgorithms).toEqual(["2.16.840.1.101.3.4.2.1"]);
    const [info] = signedData.signerInfos;
    expect(info?.signedAttributes?.sorted).toBe(true);
    expect(info?.signedAttributes?.signedBytes[0]).toBe(0x31);
    expect(rebuild(...bodyParts)).toEqual(whole);
  });

  it("refuses trailing bytes at the end and inside every level", () => {
    refuses(Buffer.concat([whole, Buffer.from([0])]));
    refuses(writeSequence(...readDer(whole).children.map((node) => node.raw), writeNull()));
    refuses(
      writeSequence(
        typeNode?.raw ?? Buffer.alloc(0),
        writeContext(0, ...(wrapperNode?.children ?? []).map((node) => node.raw), writeNull()),
      ),
    );
    refuses(rebuild(...bodyParts, writeNull()));
    const content = readDer(bodyParts[2] ?? Buffer.alloc(0)).children.map((node) => node.raw);
    refuses(rebuild(...bodyParts.toSpliced(2, 1, writeSequence(...content, writeNull()))));
    const info = readDer(bodyParts.at(-1) ?? Buffer.alloc(0)).children[0]?.children.map((node) => node.raw);
    refuses(rebuild(...bodyParts.slice(0, -1), writeSetOf(writeSequence(...(info ?? []), writeNull()))));
  });

  it("refuses versions nobody defined", () => {
    refuses(rebuild(writeInteger(2), ...bodyParts.slice(1)));
    refuses(rebuild(writeInteger(0), ...bodyParts.slice(1)));
  });

  it("refuses a SignerInfo version that does not go with its identifier", () => {
    const info = readDer(bodyParts.at(-1) ?? Buffer.alloc(0)).children[0]?.children.map((node) => node.raw);
    const changed = writeSequence(writeInteger(3), ...(info ?? []).slice(1));
    refuses(rebuild(...bodyParts.slice(0, -1), writeSetOf(changed)));
  });

  it("refuses other content than signedData", () => {
    refuses(writeSequence(writeObjectIdentifier("1.2.840.113549.1.7.3"), writeContext(0, writeSequence())));
  });

  it("refuses indefinite and padded lengths", () => {
    const indefinite = Buffer.concat([Buffer.from([0x30, 0x80]), whole.subarray(4), Buffer.alloc(2)]);
    refuses(indefinite);
    refuses(Buffer.concat([Buffer.from([0x30, 0x83, 0, whole[2] ?? 0, whole[3] ?? 0]), whole.subarray(4)]));
  });

  it("refuses a signed attribute that is there twice, and an attribute set that is empty", () => {
    const twice = signSignerInfo({
      signer,
      contentType: "1.2.840.113549.1.7.1",
      contentOctets: Buffer.from("x"),
      signedAttributes: [writeAttribute(ATTRIBUTE.messageDigest, writeOctetString(Buffer.alloc(32)))],
    });
    refuses(rebuild(...bodyParts.slice(0, -1), writeSetOf(twice)));
    const info = readDer(bodyParts.at(-1) ?? Buffer.alloc(0)).children[0]?.children.map((node) => node.raw);
    const empty = writeSequence(...(info ?? []), writeContext(1));
    refuses(rebuild(...bodyParts.slice(0, -1), writeSetOf(empty)));
  });

  it("reports two signers, other certificate choices and revocation data instead of dropping them", () => {
    const two = signAuthenticode({ subject: "pe", fileDigest, signer, broken: { twoSigners: true } });
    expect(readSignedData(two).signerInfos).toHaveLength(2);
    const odd = rebuild(
      ...bodyParts.slice(0, 3),
      writeContext(0, signer.certificate, writeContext(3, writeNull())),
      writeContext(1, writeSequence(writeNull()), writeContext(1, writeNull())),
      ...bodyParts.slice(-1),
    );
    const signedData = readSignedData(odd);
    expect(signedData.otherCertificates).toHaveLength(1);
    expect(signedData.revocationLists).toHaveLength(1);
    expect(signedData.otherRevocationInformation).toHaveLength(1);
    refuses(rebuild(...bodyParts.slice(0, 3), writeContext(0, writeNull()), ...bodyParts.slice(-1)));
  });

  it("reads a signer named by key identifier, and detached content", () => {
    const contentOctets = Buffer.from("detached");
    const info = signSignerInfo({
      signer,
      contentType: "1.2.840.113549.1.7.1",
      contentOctets,
      byKeyIdentifier: true,
    });
    const signedData = readSignedData(
      writeSignedData({
        contentType: "1.2.840.113549.1.7.1",
        signerInfos: [info],
        digests: ["sha256"],
        certificates: [],
        version: 3,
      }),
    );
    expect(signedData.content).toBeUndefined();
    expect(signedData.signerInfos[0]?.signerIdentifier).toEqual({
      kind: "key-identifier",
      keyIdentifier: signer.keyIdentifier,
    });
  });

  it("refuses several values where one is allowed", () => {
    const value = (oid: string, ...values: DerNode[]) => ({ oid, raw: Buffer.alloc(0), values });
    const node = readDer(writeNull());
    expect(singleValue([], "1.2.3")).toBeUndefined();
    expect(singleValue([value("1.2.3", node)], "1.2.3")).toBe(node);
    expect(() => singleValue([value("1.2.3", node, node)], "1.2.3")).toThrow(/2 values/);
    expect(() => singleValue([value("1.2.3", node), value("1.2.3", node)], "1.2.3")).toThrow(/2 times/);
  });
});

describe("hostile SignedData", () => {
  it("meets every truncation with an error it knows", () => {
    for (let length = 0; length < whole.length; length += 1) refuses(whole.subarray(0, length));
  });

  it("meets floods and deep nesting with an error, quickly", () => {
    let deep: Buffer = writeNull();
    for (let level = 0; level < 5_000; level += 1) deep = writeValue(0x30, deep);
    refuses(deep);
    const wide = writeSequence(Buffer.alloc(2 * 250_000, Buffer.from([0x05, 0x00])));
    refuses(rebuild(...bodyParts.slice(0, 3), writeContext(0, wide), ...bodyParts.slice(-1)));
    const info = readDer(bodyParts.at(-1) ?? Buffer.alloc(0)).children[0]?.raw ?? Buffer.alloc(0);
    refuses(rebuild(...bodyParts.slice(0, -1), writeSetOf(...new Array<Buffer>(65).fill(info))));
    const many = new Array<Buffer>(513).fill(writeSequence());
    refuses(rebuild(...bodyParts.slice(0, 3), writeContext(0, ...many), ...bodyParts.slice(-1)));
  });

  it("never calls a signature valid once a byte it covers was changed", () => {
    const original = readSignedData(whole);
    const covered = [original.content?.content, original.signerInfos[0]?.signedAttributes?.signedBytes];
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: whole.length - 1 }),
        fc.integer({ min: 1, max: 255 }),
        (at, change) => {
          const changed = Buffer.from(whole);
          changed[at] = (changed[at] ?? 0) ^ change;
          const valid = verifyQuietly(changed);
          if (valid === undefined) return;
          const now = [valid.content?.content, valid.signerInfos[0]?.signedAttributes?.signedBytes];
          expect(now).toEqual(covered);
        },
      ),
      { seed: 7, numRuns: 4_000 },
    );
  });

  /** The SignedData when its signature verifies; undefined when it is refused in a way it should be. */
  function verifyQuietly(der: Buffer) {
    try {
      const signedData = readSignedData(der);
      const [info] = signedData.signerInfos;
      if (info === undefined || signedData.content === undefined) return undefined;
      const result = verifySignerInfo(info, {
        contentOctets: signedData.content.content,
        contentType: signedData.contentType,
        certificate,
      });
      return result.valid ? signedData : undefined;
    } catch (error) {
      if (error instanceof SallyportError) return undefined;
      throw error;
    }
  }
});
