/**
 * Files as they were fetched or brought, by the SHA-256 of their bytes: what was read can be read again, and handed on.
 * @module
 */

import { createHash, randomUUID } from "node:crypto";
import { createReadStream } from "node:fs";
import { chmod, mkdir, open, readdir, rename, rm, stat } from "node:fs/promises";
import { join } from "node:path";
import type { Clock } from "@sallyport/core";
import { FeedError } from "../feed-error.ts";
import { onDisk } from "./disk.ts";

const NAME = /^[0-9a-f]{64}$/;
/** A download that nobody went on with for this long is not gone on with any more. */
const DRAFT_MILLISECONDS = 7 * 24 * 60 * 60_000;
/** A file that no source refers to may be on its way to being read by another process. */
const UNREFERRED_MILLISECONDS = 24 * 60 * 60_000;

/** One file of a source, as it is kept. */
export interface KeptFile {
  /** Its name among the source's files. */
  readonly name: string;
  /** Lower-case hex. */
  readonly sha256: string;
  readonly sizeBytes: number;
}

export class KeptFiles {
  readonly folder: string;

  readonly #clock: Clock;

  /** @param folder - made when the first file is kept */
  constructor(folder: string, clock: Clock) {
    this.folder = folder;
    this.#clock = clock;
  }

  /** Where the bytes stand. @param sha256 - of a file that was kept */
  pathOf(sha256: string): string {
    if (!NAME.test(sha256)) throw new TypeError("the SHA-256 of a kept file");
    return join(this.folder, sha256);
  }

  /** A path in the same folder, for a file that is not whole yet. @param mark - the same mark names the same file */
  async draft(mark: string = randomUUID()): Promise<string> {
    await this.#make();
    return join(this.folder, `${mark}.part`);
  }

  /**
   * Takes over a file that stands at a {@link draft} and is whole.
   * @param expected - the digest it must have, where that is known
   * @returns its digest and size
   * @throws FeedError `feed.malformed` when it has another
   */
  async adopt(draft: string, expected?: string): Promise<Omit<KeptFile, "name">> {
    const kept = await digestOf(draft);
    if (expected !== undefined && kept.sha256 !== expected)
      throw new FeedError("feed.malformed", `${expected}: is the digest of other bytes than those that came`);
    await onDisk(this.folder, async () => {
      const file = await open(draft, "r+");
      const now = this.#clock.now();
      await file
        .utimes(now, now)
        .then(() => file.sync())
        .finally(() => file.close());
      await chmod(draft, 0o600);
      await rename(draft, this.pathOf(kept.sha256));
    });
    return kept;
  }

  async has({ sha256, sizeBytes }: Omit<KeptFile, "name">): Promise<boolean> {
    const found = await stat(this.pathOf(sha256)).catch(() => undefined);
    return found?.isFile() === true && found.size === sizeBytes;
  }

  /** Removes what no source has referred to for a day. @param kept - digests that stay */
  async prune(kept: ReadonlySet<string>): Promise<void> {
    const now = this.#clock.now();
    for (const name of await readdir(this.folder).catch(() => [])) {
      if (kept.has(name)) continue;
      const path = join(this.folder, name);
      const lifetime = NAME.test(name) ? UNREFERRED_MILLISECONDS : DRAFT_MILLISECONDS;
      if (await isOlder(path, now.getTime() - lifetime)) await rm(path, { force: true });
    }
  }

  async #make(): Promise<void> {
    await onDisk(this.folder, () => mkdir(this.folder, { recursive: true, mode: 0o700 }));
  }
}

/** @returns lower-case hex, and how many bytes it was made of */
export async function digestOf(path: string): Promise<Omit<KeptFile, "name">> {
  const hash = createHash("sha256");
  let sizeBytes = 0;
  for await (const piece of createReadStream(path)) {
    hash.update(piece);
    sizeBytes += piece.length;
  }
  return { sha256: hash.digest("hex"), sizeBytes };
}

async function isOlder(path: string, time: number): Promise<boolean> {
  const found = await stat(path).catch(() => undefined);
  return found !== undefined && found.mtimeMs < time;
}
