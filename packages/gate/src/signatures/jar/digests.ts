/**
 * Digest attributes: `SHA-256-Digest` and its kin, one or several in a section.
 * Source: JAR File Specification, "Digital Signatures"; names of the Java Security Standard Algorithm Names.
 * @module
 */

import { createHash, type Hash } from "node:crypto";
import type { DigestName } from "../../cms/algorithm.ts";
import type { Section } from "./manifest.ts";

const ALGORITHMS: ReadonlyMap<string, DigestName> = new Map([
  ["md5", "md5"],
  ["sha", "sha1"],
  ["sha1", "sha1"],
  ["sha-1", "sha1"],
  ["sha-224", "sha224"],
  ["sha224", "sha224"],
  ["sha-256", "sha256"],
  ["sha256", "sha256"],
  ["sha-384", "sha384"],
  ["sha384", "sha384"],
  ["sha-512", "sha512"],
  ["sha512", "sha512"],
]);
const STRENGTH: readonly DigestName[] = ["md5", "sha1", "sha224", "sha256", "sha384", "sha512"];

export interface StatedDigest {
  readonly algorithm: DigestName;
  readonly value: Buffer;
}

export interface StatedDigests {
  readonly known: readonly StatedDigest[];
  /** Names of algorithms that are not known here. */
  readonly unknown: readonly string[];
}

/** @param suffix - `-digest`, `-digest-manifest`: what follows the algorithm's name */
export function statedDigests({ attributes }: Section, suffix: string): StatedDigests {
  const known: StatedDigest[] = [];
  const unknown: string[] = [];
  for (const [name, value] of attributes) {
    if (!name.endsWith(suffix)) continue;
    const algorithm = ALGORITHMS.get(name.slice(0, -suffix.length));
    if (algorithm === undefined) unknown.push(name.slice(0, -suffix.length));
    else known.push({ algorithm, value: Buffer.from(value.trim(), "base64") });
  }
  return { known, unknown };
}

/** All of them must match, so what they are worth is what the strongest is worth. */
export const strongest = (digests: readonly StatedDigest[]): DigestName | undefined =>
  STRENGTH.findLast((name) => digests.some(({ algorithm }) => algorithm === name));

export const weakestOf = (names: Iterable<DigestName>): DigestName | undefined => {
  const all = new Set(names);
  return STRENGTH.find((name) => all.has(name));
};

/** True when every stated digest is that of one of the spellings of the bytes. */
export const matches = (digests: readonly StatedDigest[], ...spellings: readonly Buffer[]): boolean =>
  digests.every(({ algorithm, value }) =>
    spellings.some((bytes) => createHash(algorithm).update(bytes).digest().equals(value)),
  );

/** Computes the stated digests of content that comes in pieces; each algorithm once, by however many names it goes. */
export class DigestComparison {
  readonly #stated: readonly StatedDigest[];
  readonly #hashes: ReadonlyMap<DigestName, Hash>;

  constructor(stated: readonly StatedDigest[]) {
    this.#stated = stated;
    this.#hashes = new Map(stated.map(({ algorithm }) => [algorithm, createHash(algorithm)]));
  }

  update(bytes: Uint8Array): void {
    for (const hash of this.#hashes.values()) hash.update(bytes);
  }

  matches(): boolean {
    const digests = new Map([...this.#hashes].map(([algorithm, hash]) => [algorithm, hash.digest()]));
    return this.#stated.every(({ algorithm, value }) => digests.get(algorithm)?.equals(value) === true);
  }
}
