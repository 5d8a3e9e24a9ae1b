/** Fetches what one part of a source consists of, as far as it is not here already. @module */

import { createHash } from "node:crypto";
import { rm } from "node:fs/promises";
import { hasCode } from "@sallyport/core";
import { FetchError, type Fetcher } from "@sallyport/fetch";
import { FeedError } from "../feed-error.ts";
import type { Download, SkippedRow } from "../source.ts";
import type { StoredFile } from "../store.ts";
import type { KeptFiles } from "./kept-files.ts";
import type { Surroundings } from "./ports.ts";
import type { WantedPart } from "./wanted-parts.ts";

const MAX_FILES = 100_000;
const MAX_ROUNDS = 16;
const MAX_TOGETHER_BYTES = 64 * 1024 ** 3;
/** At once, of one part. Publishers are asked no faster than this. */
const AT_ONCE = 6;
const MAX_LEFT_OUT = 1000;

export interface DownloadTools {
  readonly fetcher: Fetcher;
  readonly kept: KeptFiles;
  readonly place: Surroundings;
  /** Whether http does as well. */
  readonly mayBePlain: boolean;
  /** Files that are here from the last time, by name. */
  readonly before: readonly StoredFile[];
  /** Told of what has come so far. */
  readonly onProgress?: ((progress: DownloadProgress) => void) | undefined;
}

export interface DownloadProgress {
  readonly name: string;
  readonly bytes: number;
  readonly files: number;
}

export interface Downloaded {
  readonly files: readonly StoredFile[];
  /** Documents that the source names and its publisher does not have. */
  readonly missing: readonly SkippedRow[];
  /** Of what was sent now. */
  readonly sizeBytes: number;
}

/** @throws FetchError, FeedError */
export async function download(wanted: WantedPart, tools: DownloadTools): Promise<Downloaded> {
  const fetching = new PartDownload(wanted, tools);
  await fetching.fetchAll(wanted.downloads, true);
  for (let round = 1; wanted.source.follow !== undefined; round += 1) {
    const next = fetching.newOf(await fetching.follow());
    if (next.length === 0) break;
    if (round > MAX_ROUNDS)
      throw new FeedError("feed.over-limit", `${wanted.source.id}: names ever more files to fetch`);
    await fetching.fetchAll(next, false);
  }
  return fetching.result();
}

class PartDownload {
  readonly #wanted: WantedPart;
  readonly #tools: DownloadTools;
  readonly #files = new Map<string, StoredFile>();
  readonly #missing = new Map<string, SkippedRow>();
  /** What was looked for and need not be there. */
  readonly #absent = new Set<string>();
  /** What its source did not go on to, and why. */
  readonly #leftOut = new Map<string, SkippedRow>();
  #sizeBytes = 0;

  constructor(wanted: WantedPart, tools: DownloadTools) {
    this.#wanted = wanted;
    this.#tools = tools;
  }

  result(): Downloaded {
    return {
      // In the order of names: which came first is the network's accident.
      files: [...this.#files.values()].sort((a, b) => (a.name < b.name ? -1 : 1)),
      missing: [...this.#missing.values(), ...this.#leftOut.values()],
      sizeBytes: this.#sizeBytes,
    };
  }

  /** What its source says has to be fetched beside what is here. */
  follow(): Promise<readonly Download[]> {
    const { kept, place } = this.#tools;
    const files = [...this.#files.values()].map(({ name, sha256 }) => ({ name, path: kept.pathOf(sha256) }));
    // Each round it says the same of the same files.
    return place.reader.follow(this.#wanted.source, files, (row) => {
      if (this.#leftOut.size < MAX_LEFT_OUT) this.#leftOut.set(JSON.stringify(row), row);
    });
  }

  newOf(downloads: readonly Download[]): readonly Download[] {
    const fresh = new Map(downloads.map((one) => [one.name, one]));
    for (const name of [...this.#files.keys(), ...this.#missing.keys(), ...this.#absent]) fresh.delete(name);
    if (fresh.size + this.#files.size > MAX_FILES)
      throw new FeedError("feed.over-limit", `${this.#wanted.source.id}: names more than ${MAX_FILES} files`);
    return [...fresh.values()];
  }

  async fetchAll(downloads: readonly Download[], areFirst: boolean): Promise<void> {
    const queue = [...downloads];
    const failures: unknown[] = [];
    const work = async () => {
      for (let next = queue.shift(); next !== undefined && failures.length === 0; next = queue.shift())
        await this.#fetch(next, areFirst).catch((error) => void failures.push(error));
    };
    await Promise.all(Array.from({ length: AT_ONCE }, work));
    if (failures.length > 0) throw failures[0];
  }

  async #fetch(wanted: Download, isFirst: boolean): Promise<void> {
    const { name } = wanted;
    this.#requireProtected(wanted);
    try {
      const { file, sizeBytes } = await this.#fetchFile(wanted);
      this.#files.set(name, file);
      this.#sizeBytes += sizeBytes;
    } catch (error) {
      if (isAbsent(wanted, error)) {
        this.#absent.add(name);
        return;
      }
      const isGone = hasCode(error, "fetch.status") && [404, 410].includes(Number(error.facts.status));
      if (isFirst || !isGone || this.#wanted.source.onBadRow === "reject") throw error;
      this.#missing.set(name, { file: name, because: error.message });
    }
    if (this.#sizeBytes > MAX_TOGETHER_BYTES)
      throw new FeedError("feed.over-limit", `${this.#wanted.source.id}: sends more than may be kept`);
    this.#tools.onProgress?.({ name, bytes: this.#sizeBytes, files: this.#files.size });
  }

  /** Facts that anybody on the way can change are none. */
  #requireProtected({ url, name }: Download): void {
    if (url.startsWith("https:") || this.#tools.mayBePlain) return;
    throw new FetchError(
      "fetch.url",
      `${this.#wanted.source.id}: ${name} is to be had over http only, which anybody on the way can change; name an https address, or add --allow-private-network for a server of your own`,
    );
  }

  async #fetchFile({ name, url, maxBytes }: Download): Promise<{ file: StoredFile; sizeBytes: number }> {
    const { fetcher, kept, before } = this.#tools;
    const last = before.find((one) => one.name === name && one.url === url);
    const known = last !== undefined && (await kept.has(last)) ? last : undefined;
    // The same file from the same address is gone on with after an interruption.
    const draft = await kept.draft(
      createHash("sha256").update(`${this.#wanted.source.id} ${url}`).digest("hex"),
    );
    const fetched = await fetcher.fetch({
      url,
      path: draft,
      maxBytes,
      ...(known !== undefined && { known: validatorsOf(known) }),
    });
    if (fetched.isUnchanged && known !== undefined) return { file: known, sizeBytes: 0 };
    if (/^text\/html\b/i.test(fetched.contentType ?? "") && !/\.html?$/i.test(new URL(url).pathname)) {
      await rm(draft, { force: true });
      throw new FetchError(
        "fetch.status",
        `${fetched.urls.at(-1)}: sends a web page in the place of ${name}; is there a login or a portal in between?`,
      );
    }
    const { etag, lastModified } = fetched;
    const file = {
      name,
      ...(await kept.adopt(draft)),
      url,
      ...(etag !== undefined && { etag }),
      ...(lastModified !== undefined && { lastModified }),
    };
    return { file, sizeBytes: fetched.sizeBytes };
  }
}

/** Servers also answer with "forbidden" or with a page for people. Being asked too often, or broken, is something else. */
function isAbsent({ mayBeAbsent }: Download, error: unknown): boolean {
  if (mayBeAbsent !== true || !hasCode(error, "fetch.status")) return false;
  const status = Number(error.facts.status ?? 404);
  return status >= 400 && status < 500 && status !== 429;
}

const validatorsOf = ({ etag, lastModified }: StoredFile) => ({
  ...(etag !== undefined && { etag }),
  ...(lastModified !== undefined && { lastModified }),
});
