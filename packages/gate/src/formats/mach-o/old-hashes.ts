/**
 * What Apple's codesign leaves in the place of a signature behind a new one: a stretch of the page hashes that the old one
 * ended with. They follow from the code, so nothing else can be written there; programs that `bun` compiles are full of it.
 * Source: files that `codesign --force` signed; Apple, xnu, osfmk/kern/cs_blobs.h.
 * @module
 */

import { createHash } from "node:crypto";
import { asBuffer, type Budget, type ByteSource } from "@sallyport/core";

/** Pages and digests of signatures that linkers and codesign make. */
const KINDS = [
  { digest: "sha256", pageBytes: 4096 },
  { digest: "sha256", pageBytes: 16_384 },
  { digest: "sha1", pageBytes: 4096 },
] as const;

/** @param rest - what was left, without the zeros behind it */
export async function areOldHashes(
  source: ByteSource,
  { codeBytes, rest }: { codeBytes: number; rest: Buffer },
  budget: Budget,
): Promise<boolean> {
  for (const { digest, pageBytes } of KINDS) {
    const search = new Search(rest);
    for await (const hash of pageHashes(source, { codeBytes, digest, pageBytes }, budget))
      if (search.finds(hash)) return true;
  }
  return false;
}

async function* pageHashes(
  source: ByteSource,
  { codeBytes, digest, pageBytes }: { codeBytes: number; digest: string; pageBytes: number },
  budget: Budget,
): AsyncGenerator<Buffer> {
  let held = Buffer.alloc(0);
  for await (const chunk of source.stream(0, codeBytes)) {
    budget.checkTime();
    const bytes = held.length === 0 ? asBuffer(chunk) : Buffer.concat([held, chunk]);
    let at = 0;
    for (; at + pageBytes <= bytes.length; at += pageBytes)
      yield createHash(digest)
        .update(bytes.subarray(at, at + pageBytes))
        .digest();
    held = Buffer.from(bytes.subarray(at));
  }
  if (held.length > 0) yield createHash(digest).update(held).digest();
}

/** Looks for a pattern in bytes as they come, in time that both together allow (Knuth, Morris, Pratt). */
class Search {
  readonly #pattern: Buffer;
  /** Of each beginning: how long the longest shorter beginning is that it ends with. */
  readonly #borders: Int32Array;
  #matched = 0;

  constructor(pattern: Buffer) {
    this.#pattern = pattern;
    this.#borders = new Int32Array(pattern.length + 1);
    let border = 0;
    for (let at = 1; at < pattern.length; at += 1) {
      border = this.#extend(border, pattern[at]);
      this.#borders[at + 1] = border;
    }
  }

  /** True once the whole pattern has gone by. */
  finds(bytes: Buffer): boolean {
    for (const byte of bytes) {
      this.#matched = this.#extend(this.#matched, byte);
      if (this.#matched === this.#pattern.length) return true;
    }
    return false;
  }

  #extend(length: number, byte: number | undefined): number {
    let border = length;
    while (border > 0 && this.#pattern[border] !== byte) border = this.#borders[border] ?? 0;
    return this.#pattern[border] === byte ? border + 1 : 0;
  }
}
