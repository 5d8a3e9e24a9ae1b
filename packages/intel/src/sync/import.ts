/** Files that a person brings: whose they are, kept, read and loaded as if they had been fetched. @module */

import { createReadStream, createWriteStream } from "node:fs";
import { open, rm, stat } from "node:fs/promises";
import { basename, join } from "node:path";
import { Transform } from "node:stream";
import { pipeline } from "node:stream/promises";
import { UsageError } from "@sallyport/core";
import type { IntelSource } from "../source.ts";
import type { StoredFile } from "../store.ts";
import { onDisk } from "./disk.ts";
import { namesIn, outlineOf, packFolder } from "./folder.ts";
import type { Loaded } from "./load.ts";
import type { Surroundings } from "./ports.ts";
import { keptFilesOf, loadPart, sourceNamed, withSource } from "./source-work.ts";

/** As much of a file as a source is shown to tell whether it is its own. */
export const HEAD_BYTES = 64 * 1024;
/** Of a folder that is no source's as a whole. */
const MAX_SINGLE_FILES = 1000;
const MAX_BROUGHT_BYTES = 16 * 1024 ** 3;

export interface ImportOptions {
  /** A source's id; otherwise told by content and name. */
  readonly source?: string;
  /** Which part of the source the one file stands for: `npm`. Otherwise its name, where the source has parts. */
  readonly part?: string;
  /** Told of files in a folder that no source knows. */
  readonly onUnknown?: (path: string) => void;
}

export interface Imported extends Loaded {
  readonly source: IntelSource;
  readonly names: readonly string[];
}

interface BroughtFile {
  readonly source: IntelSource;
  readonly file: StoredFile;
}

interface Brought {
  readonly source: IntelSource;
  readonly part: string;
  readonly files: readonly StoredFile[];
}

/**
 * @param paths - files, or folders, each of which is kept as one tar archive
 * @throws UsageError `usage.value` when no source, or more than one, knows a file
 * @throws FeedError; then everything of that source is as it was
 */
export async function importFiles(
  paths: readonly string[],
  options: ImportOptions,
  place: Surroundings,
): Promise<readonly Imported[]> {
  if (options.part !== undefined && paths.length > 1)
    throw new UsageError("usage.flag", "several files cannot stand for one part; give one file");
  const brought: BroughtFile[] = [];
  for (const path of paths) brought.push(...(await bring(path, options, place)));
  const imported: Imported[] = [];
  for (const one of partsOf(brought, options.part)) imported.push(await importPart(one, place));
  return imported;
}

/** Files of a source that is one thing are read together; of one that has parts, each is a part. */
function partsOf(brought: readonly BroughtFile[], given: string | undefined): readonly Brought[] {
  const parts = new Map<string, Brought>();
  for (const { source, file } of brought) {
    const part = hasParts(source) ? (given ?? file.name) : "";
    if (given !== undefined && part === "")
      throw new UsageError("usage.flag", `${source.id} has no parts; leave the part out`);
    const key = `${source.id}/${part}`;
    const others = parts.get(key)?.files.filter(({ name }) => name !== file.name) ?? [];
    parts.set(key, { source, part, files: [...others, file] });
  }
  return [...parts.values()];
}

/** Whether several files of it count side by side, each replaced by itself. */
export const hasParts = ({ choice, downloads, shipped }: IntelSource): boolean =>
  choice !== undefined || (downloads === undefined && shipped === undefined);

async function importPart({ source, part, files }: Brought, place: Surroundings): Promise<Imported> {
  const loading = { source, part, files, fetchedAt: place.clock.now() };
  const loaded = await withSource(source, place, () => loadPart(loading, place));
  return { ...loaded, source, names: files.map(({ name }) => name) };
}

/** A folder is one thing where its files' names say so, or somebody does; otherwise its files are brought one by one. */
async function bring(
  path: string,
  options: ImportOptions,
  place: Surroundings,
): Promise<readonly BroughtFile[]> {
  const named = options.source === undefined ? undefined : sourceNamed(options.source, place);
  if (!(await stat(path)).isDirectory()) {
    const tell = (head: Uint8Array) => named ?? onlyOne(knowing(basename(path), head, place), path, place);
    return [await keep(path, basename(path), tell, place)].flatMap((one) => one ?? []);
  }
  const name = `${basename(path)}.tar`;
  const tell = (head: Uint8Array) => {
    const found = knowing(name, outlineOf(head), place);
    return named ?? (found.length === 0 ? undefined : onlyOne(found, path, place));
  };
  const whole = await keep(path, name, tell, place);
  return whole === undefined ? bringEach(path, options, place) : [whole];
}

async function bringEach(
  folder: string,
  { onUnknown }: ImportOptions,
  place: Surroundings,
): Promise<readonly BroughtFile[]> {
  const brought: BroughtFile[] = [];
  let count = 0;
  for await (const name of namesIn(folder)) {
    count += 1;
    if (count > MAX_SINGLE_FILES) throw unknown(folder, place, "holds too many files to be taken one by one");
    const path = join(folder, name);
    const tell = (head: Uint8Array) => {
      const found = knowing(name, head, place);
      return found.length === 0 ? undefined : onlyOne(found, path, place);
    };
    const file = await keep(path, name.replaceAll("\\", "/"), tell, place);
    if (file === undefined) onUnknown?.(path);
    else brought.push(file);
  }
  if (brought.length === 0) throw unknown(folder, place, "no source knows it, or a file in it");
  return brought;
}

/** @returns undefined when it is nobody's; then it is not kept */
async function keep(
  path: string,
  name: string,
  tell: (head: Uint8Array) => IntelSource | undefined,
  place: Surroundings,
): Promise<BroughtFile | undefined> {
  const kept = keptFilesOf(place);
  const draft = await kept.draft();
  try {
    const status = await stat(path);
    const keeping = status.isDirectory() ? packFolder(path, draft, MAX_BROUGHT_BYTES) : copy(path, draft);
    await onDisk(path, () => keeping);
    const source = tell(await headOf(draft));
    if (source === undefined) return undefined;
    const lastModified = new Date(Math.min(status.mtimeMs, place.clock.now().getTime())).toUTCString();
    return { source, file: { name, ...(await kept.adopt(draft)), lastModified } };
  } finally {
    await rm(draft, { force: true });
  }
}

function knowing(name: string, head: Uint8Array, { sources }: Surroundings): readonly IntelSource[] {
  if (describesFiles(head)) return [];
  return sources.filter((source) => source.recognises?.(name, head) === true);
}

/** A publisher's JSON Schema lies beside its data and names the same members. Source: JSON Schema 2020-12 §8.1.1, `$schema`. */
const describesFiles = (head: Uint8Array): boolean =>
  /^\s{0,100}\{\s{0,100}"\$schema"\s{0,100}:\s{0,100}"https?:\/\/json-schema\.org\//.test(
    Buffer.from(head.subarray(0, 1024)).toString("latin1"),
  );

/** @throws UsageError `usage.value` when there is none, or more than one */
function onlyOne(found: readonly IntelSource[], path: string, place: Surroundings): IntelSource {
  const [first, second] = found;
  if (first !== undefined && second === undefined) return first;
  if (first === undefined) throw unknown(path, place, "no source knows files like it");
  throw unknown(path, { sources: found }, "more than one source knows files like it");
}

function unknown(path: string, { sources }: Pick<Surroundings, "sources">, because: string): UsageError {
  const ids = sources.map(({ id }) => id).join(", ");
  return new UsageError("usage.value", `${path}: ${because}; name one with --source: ${ids}`);
}

async function headOf(path: string): Promise<Buffer> {
  const file = await open(path);
  try {
    const head = Buffer.alloc(HEAD_BYTES);
    const { bytesRead } = await file.read(head, 0, HEAD_BYTES, 0);
    return head.subarray(0, bytesRead);
  } finally {
    await file.close();
  }
}

/** @throws UsageError `usage.file` when it is larger than may be brought */
async function copy(path: string, draft: string): Promise<void> {
  let count = 0;
  const counting = new Transform({
    transform(piece: Uint8Array, _encoding, done) {
      count += piece.length;
      done(count > MAX_BROUGHT_BYTES ? tooLarge(path) : null, piece);
    },
  });
  await pipeline(createReadStream(path), counting, createWriteStream(draft, { mode: 0o600 }));
}

const tooLarge = (path: string): UsageError =>
  new UsageError("usage.file", `${path}: is larger than ${MAX_BROUGHT_BYTES} bytes; is it the right file?`);
