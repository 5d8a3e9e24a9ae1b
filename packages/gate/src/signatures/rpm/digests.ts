/**
 * The digests a package carries: of its main header in the signature header, of its payload in the main header.
 * Source: RPM manual, "Signatures and Digests", "V6 Package format".
 * @module
 */

import { createHash, getHashes, type Hash } from "node:crypto";
import { type PackageFile, readFileList } from "../../formats/rpm/files.ts";
import type { RpmHeader } from "../../formats/rpm/header.ts";
import type { RpmPackage } from "../../formats/rpm/package.ts";
import { DIGEST_NAMES, SIGNATURE_TAG, TAG } from "../../formats/rpm/tags.ts";

/** Strong enough that a signature over it is a signature over what it is of. */
const STRONG: ReadonlySet<string> = new Set(["sha224", "sha256", "sha384", "sha512", "sha3-256", "sha3-512"]);

/** What is stated of something, and what was found. */
export interface DigestResult {
  readonly algorithm: string;
  readonly isRight: boolean;
}

/** @returns the header's digests that are not what the signature header says */
export function judgeHeaderDigests({ signatures, header }: RpmPackage): DigestResult[] {
  const tags: [number, string][] = [
    [SIGNATURE_TAG.sha1Header, "sha1"],
    [SIGNATURE_TAG.sha256Header, "sha256"],
    [SIGNATURE_TAG.sha3Header, "sha3-256"],
  ];
  return tags.flatMap(([tag, algorithm]) => {
    const stated = signatures.bytes(tag)?.toString("latin1");
    if (stated === undefined) return [];
    const found = createHash(algorithm).update(header.raw).digest("hex");
    return [{ algorithm, isRight: stated.toLowerCase() === `${found}\0` }];
  });
}

interface Running {
  readonly hash: Hash;
  readonly algorithm: string;
  /** Any of them is right: a payload may be kept packed or unpacked under one signature. */
  readonly stated: readonly string[];
}

/** Everything that is computed over the payload, in one reading. */
export class PayloadDigests {
  readonly #running: readonly Running[];
  readonly #md5: { readonly hash: Hash; readonly stated: Buffer } | undefined;
  readonly #unknown: readonly string[];
  #results: readonly DigestResult[] | undefined;
  #md5IsRight = true;

  constructor({ signatures, header }: RpmPackage) {
    const stated = statedDigests(header);
    this.#running = stated
      .filter(({ algorithm }) => getHashes().includes(algorithm))
      .map((digest) => ({ ...digest, hash: createHash(digest.algorithm) }));
    this.#unknown = stated
      .filter(({ algorithm }) => !getHashes().includes(algorithm))
      .map(({ algorithm }) => algorithm);
    const md5 = signatures.bytes(SIGNATURE_TAG.md5);
    if (md5 !== undefined) this.#md5 = { hash: createHash("md5").update(header.raw), stated: md5 };
  }

  update(piece: Uint8Array): void {
    for (const { hash } of this.#running) hash.update(piece);
    this.#md5?.hash.update(piece);
  }

  finish(): void {
    this.#results = this.#running.map(({ hash, algorithm, stated }) => ({
      algorithm,
      isRight: stated.includes(hash.digest("hex")),
    }));
    if (this.#md5 !== undefined) this.#md5IsRight = this.#md5.hash.digest().equals(this.#md5.stated);
  }

  /** By the main header's statements, which a signature of the header covers. */
  get results(): readonly DigestResult[] {
    return this.#results ?? [];
  }

  /** By the signature header's MD5 over header and payload, which nothing signs and anybody can forge. */
  get isMd5Right(): boolean {
    return this.#md5IsRight;
  }

  /** Algorithms that are stated and not known here. */
  get unknown(): readonly string[] {
    return this.#unknown;
  }

  /** True when the header says of the payload what only this payload fits. */
  get isBound(): boolean {
    return (
      this.results.some(({ algorithm, isRight }) => isRight && STRONG.has(algorithm)) &&
      this.results.every(({ isRight }) => isRight)
    );
  }
}

function statedDigests(header: RpmHeader): { algorithm: string; stated: readonly string[] }[] {
  const first = DIGEST_NAMES[header.number(TAG.payloadDigestAlgorithm) ?? 8] ?? "unknown";
  const tags: [number, number, string][] = [
    [TAG.payloadSha256, TAG.payloadSha256Alternative, first],
    [TAG.payloadSha512, TAG.payloadSha512Alternative, "sha512"],
    [TAG.payloadSha3, TAG.payloadSha3Alternative, "sha3-256"],
  ];
  return tags.flatMap(([tag, alternative, algorithm]) => {
    const stated = [tag, alternative].flatMap((one) => header.string(one)?.toLowerCase() ?? []);
    return header.has(tag) ? [{ algorithm, stated }] : [];
  });
}

/**
 * Without a digest of the payload: the header's digests of the files, which whoever opens the payload compares, with
 * names, kinds, sizes, grave rights and link targets. Only strong ones count, and no file with content may lack one.
 */
export function bindsFiles(header: RpmHeader): boolean {
  const { files, digestName = "" } = readFileList(header);
  return (
    header.has(TAG.fileDigests) &&
    STRONG.has(digestName) &&
    files.every((file) => file.digest !== "" || file.isGhost || file.sizeBytes === 0 || !isRegular(file))
  );
}

const isRegular = ({ mode }: PackageFile): boolean => (mode & 0o170000) === 0o100000;
