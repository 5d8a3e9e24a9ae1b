/** The algorithms of Android's signatures, by their numbers. Source: Android, "APK Signature Scheme v2", Signature Algorithm IDs. @module */

import { readDer } from "../../asn1/der.ts";
import {
  writeContext,
  writeInteger,
  writeNull,
  writeObjectIdentifier,
  writeSequence,
} from "../../asn1/write.ts";
import { verifySignature } from "../../x509/signature-algorithm.ts";

export interface ApkAlgorithm {
  /** Of the content and of the signature. */
  readonly digest: "sha256" | "sha512";
  /** DER of the AlgorithmIdentifier. */
  readonly identifier: Buffer;
}

const DIGEST_OIDS = { sha256: "2.16.840.1.101.3.4.2.1", sha512: "2.16.840.1.101.3.4.2.3" } as const;

const plain = (digest: ApkAlgorithm["digest"], oid: string, ...parameters: Buffer[]): ApkAlgorithm => ({
  digest,
  identifier: writeSequence(writeObjectIdentifier(oid), ...parameters),
});

/** RFC 4055 §3.1. */
function pss(digest: ApkAlgorithm["digest"], saltBytes: number): ApkAlgorithm {
  const hash = writeSequence(writeObjectIdentifier(DIGEST_OIDS[digest]), writeNull());
  const mask = writeSequence(writeObjectIdentifier("1.2.840.113549.1.1.8"), hash);
  const parameters = writeSequence(
    writeContext(0, hash),
    writeContext(1, mask),
    writeContext(2, writeInteger(saltBytes)),
  );
  return plain(digest, "1.2.840.113549.1.1.10", parameters);
}

/** Those over a tree of pages, for reading from the network, and DSA are not among them. */
const ALGORITHMS: ReadonlyMap<number, ApkAlgorithm> = new Map([
  [0x0101, pss("sha256", 32)],
  [0x0102, pss("sha512", 64)],
  [0x0103, plain("sha256", "1.2.840.113549.1.1.11", writeNull())],
  [0x0104, plain("sha512", "1.2.840.113549.1.1.13", writeNull())],
  [0x0201, plain("sha256", "1.2.840.10045.4.3.2")],
  [0x0202, plain("sha512", "1.2.840.10045.4.3.4")],
]);

export const algorithmOf = (id: number): ApkAlgorithm | undefined => ALGORITHMS.get(id);

/** @throws {@link ArtifactError} `artifact.unsupported`, `artifact.malformed` for a key that cannot be used */
export const verifyValue = (
  { identifier }: ApkAlgorithm,
  signed: { readonly data: Buffer; readonly signature: Buffer; readonly publicKeyInfo: Buffer },
): boolean => verifySignature({ ...signed, algorithm: readDer(identifier) });
