/**
 * What is remembered of a source beside its facts: which parts of it somebody named, and how the last try went. A small JSON
 * file per source, replaced whole.
 * @module
 */

import { randomUUID } from "node:crypto";
import { mkdir, open, readFile, rename, rm } from "node:fs/promises";
import { join } from "node:path";
import { WorldError } from "@sallyport/core";

const SCHEMA = "sallyport.intel-tries/1";

export interface Tries {
  /** Parts that somebody named: `npm`. */
  readonly chosen: readonly string[];
  /** The last one of each part; of a source without parts that of `""`. */
  readonly parts: Readonly<Record<string, Try>>;
}

export interface Try {
  /** ISO 8601, UTC. */
  readonly at: string;
  /** Why it changed nothing; absent when it went well. */
  readonly problem?: string;
  /** Version of the program that read what counts now; absent for what an older one read, or none that has a name. */
  readonly readBy?: string;
}

const NONE: Tries = { chosen: [], parts: {} };

/** @param folder - made when something is remembered */
export class TriesStore {
  readonly #folder: string;

  constructor(folder: string) {
    this.#folder = folder;
  }

  /** @throws WorldError `world.io` for one that is damaged: what somebody named must not be forgotten by mistake */
  async of(source: string): Promise<Tries> {
    const path = join(this.#folder, `${source}.json`);
    try {
      return parse(await readFile(path, "utf8"));
    } catch (cause) {
      if (cause instanceof Error && "code" in cause && cause.code === "ENOENT") return NONE;
      const message = `${path}: is damaged; remove it, and name again what to fetch of ${source}`;
      throw new WorldError("world.io", message, { cause });
    }
  }

  /** Only while the source is locked. */
  async remember(source: string, tries: Tries): Promise<void> {
    const draft = join(this.#folder, `${source}.${randomUUID()}.new`);
    try {
      await mkdir(this.#folder, { recursive: true, mode: 0o700 });
      await writeSynced(draft, `${JSON.stringify({ schema: SCHEMA, ...tries }, null, 2)}\n`);
      await rename(draft, join(this.#folder, `${source}.json`));
    } catch (cause) {
      await rm(draft, { force: true });
      const message = `${this.#folder}: cannot be written; make space or mend its permissions`;
      throw new WorldError("world.io", message, { cause });
    }
  }
}

async function writeSynced(path: string, text: string): Promise<void> {
  const file = await open(path, "wx", 0o600);
  try {
    await file.writeFile(text);
    await file.sync();
  } finally {
    await file.close();
  }
}

/** @throws TypeError when it is not what {@link TriesStore.remember} wrote */
function parse(text: string): Tries {
  const value = JSON.parse(text) as Partial<Tries> & { schema?: string };
  const { schema, chosen, parts } = value;
  const isWhole =
    schema === SCHEMA &&
    Array.isArray(chosen) &&
    chosen.every((part) => typeof part === "string") &&
    typeof parts === "object" &&
    Object.values(parts).every(({ at }) => typeof at === "string");
  if (!isWhole) throw new TypeError("not what was remembered of a source");
  return { chosen, parts };
}
