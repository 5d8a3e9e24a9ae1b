/** Every digest of the file that some attestation offers, in one pass. @module */

import { createHash, type Hash } from "node:crypto";
import { type Budget, type ByteSource, visitPieces } from "@sallyport/core";

export type DigestName =
  | "sha256"
  | "sha384"
  | "sha512"
  | "sha3-256"
  | "sha3-384"
  | "sha3-512"
  | "sha1"
  | "md5";

/** Hex, lower case. */
export type FileDigests = ReadonlyMap<DigestName, string>;

/** Takes the same pieces as the digests: a signature check that is made over the file itself. */
export interface Consumer {
  update(bytes: Uint8Array): unknown;
}

/** Reads the file once, for all digests and for those who need its bytes. */
export async function digestFile(
  source: ByteSource,
  wanted: ReadonlySet<DigestName>,
  { budget, consumers }: { readonly budget: Budget; readonly consumers: readonly Consumer[] },
): Promise<FileDigests> {
  const hashes = new Map<DigestName, Hash>([...wanted].map((name) => [name, createHash(name)]));
  const all = [...hashes.values(), ...consumers];
  await visitPieces(source, (bytes) => {
    budget.checkTime();
    for (const one of all) one.update(bytes);
  });
  return new Map([...hashes].map(([name, hash]) => [name, hash.digest("hex")]));
}
