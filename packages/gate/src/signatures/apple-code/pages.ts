/**
 * Compares every page of the code with its hash, for all CodeDirectories in one reading of the file.
 * Source: Apple, xnu, bsd/kern/ubc_subr.c, `cs_validate_page`.
 * @module
 */

import { createHash, type Hash } from "node:crypto";
import { asBuffer, type Budget, type ByteSource } from "@sallyport/core";
import { type CodeDirectory, pageHash } from "./code-directory.ts";

export interface PageMismatch {
  readonly directory: CodeDirectory;
  /** The first that differs. */
  readonly page: number;
  readonly offsetBytes: number;
}

/** @returns the first page of each directory that is not as it was signed; none for intact code */
export async function comparePages(
  source: ByteSource,
  directories: readonly CodeDirectory[],
  budget: Budget,
): Promise<readonly PageMismatch[]> {
  const walks = directories.map((directory) => new PageWalk(directory));
  const endBytes = Math.max(0, ...directories.map(({ codeLimitBytes }) => codeLimitBytes));
  for await (const chunk of source.stream(0, Math.min(endBytes, source.sizeBytes))) {
    budget.checkTime();
    for (const walk of walks) walk.take(asBuffer(chunk));
  }
  return walks.flatMap((walk) => walk.finish());
}

class PageWalk {
  readonly #directory: CodeDirectory;
  readonly #pageBytes: number;
  #hash: Hash;
  #inPageBytes = 0;
  #offsetBytes = 0;
  #page = 0;
  #mismatch: PageMismatch | undefined;

  constructor(directory: CodeDirectory) {
    this.#directory = directory;
    this.#pageBytes = directory.pageBytes || Number.POSITIVE_INFINITY;
    this.#hash = createHash(directory.digest);
  }

  take(chunk: Buffer): void {
    const missingBytes = this.#directory.codeLimitBytes - this.#offsetBytes;
    for (let rest = chunk.subarray(0, missingBytes); rest.length > 0 && this.#mismatch === undefined; ) {
      const piece = rest.subarray(0, Math.min(rest.length, this.#pageBytes - this.#inPageBytes));
      this.#hash.update(piece);
      this.#inPageBytes += piece.length;
      this.#offsetBytes += piece.length;
      if (this.#inPageBytes === this.#pageBytes) this.#endPage();
      rest = rest.subarray(piece.length);
    }
  }

  finish(): PageMismatch[] {
    if (this.#mismatch === undefined && this.#page < this.#directory.pageCount) this.#endPage();
    return this.#mismatch === undefined ? [] : [this.#mismatch];
  }

  #endPage(): void {
    const { hashBytes } = this.#directory;
    const found = this.#hash.digest().subarray(0, hashBytes);
    const offsetBytes = this.#offsetBytes - this.#inPageBytes;
    if (!found.equals(pageHash(this.#directory, this.#page)))
      this.#mismatch = { directory: this.#directory, page: this.#page, offsetBytes };
    this.#hash = createHash(this.#directory.digest);
    this.#inPageBytes = 0;
    this.#page += 1;
  }
}
