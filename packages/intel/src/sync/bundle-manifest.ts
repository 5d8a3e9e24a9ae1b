/** What a bundle says it holds. Sealed, and read as if it were not: the key may be another's one day. @module */

import { FeedError } from "../feed-error.ts";
import type { StoredFile } from "../store.ts";
import { BUNDLE_SCHEMA } from "./bundle.ts";

const MAX_PARTS = 10_000;
const MAX_FILES = 200_000;
const MAX_TEXT_CHARACTERS = 8192;
const MAX_FILE_BYTES = 64 * 1024 ** 3;

export interface BundledPart {
  /** A source's id. */
  readonly source: string;
  readonly part: string;
  /** ISO 8601, UTC. */
  readonly fetchedAt: string;
  readonly files: readonly StoredFile[];
}

/** @throws FeedError `feed.malformed` */
export function parseManifest(payload: Uint8Array, path: string): readonly BundledPart[] {
  const wrong = (what: string): FeedError => FeedError.at(path, `its manifest ${what}`);
  const manifest = objectOf(parse(payload, wrong), wrong);
  if (manifest.schema !== BUNDLE_SCHEMA) throw wrong("is of another version; update the older side");
  const parts = listOf(manifest.parts, MAX_PARTS, wrong).map((value): BundledPart => {
    const part = objectOf(value, wrong);
    const files = listOf(part.files, MAX_FILES, wrong).map((file) => readFile(objectOf(file, wrong), wrong));
    if (files.length === 0) throw wrong("names a part without files");
    return {
      source: textOf(part.source, wrong),
      part: textOf(part.part, wrong),
      fetchedAt: dateOf(part.fetchedAt, wrong),
      files,
    };
  });
  const count = parts.reduce((sum, { files }) => sum + files.length, 0);
  if (count > MAX_FILES) throw wrong("names too many files");
  return parts;
}

type Wrong = (what: string) => FeedError;
type Fields = Readonly<Record<string, unknown>>;

function readFile(file: Fields, wrong: Wrong): StoredFile {
  const { sizeBytes } = file;
  const sha256 = textOf(file.sha256, wrong);
  if (!/^[0-9a-f]{64}$/.test(sha256)) throw wrong("names a file without its SHA-256");
  if (
    typeof sizeBytes !== "number" ||
    !Number.isSafeInteger(sizeBytes) ||
    sizeBytes < 0 ||
    sizeBytes > MAX_FILE_BYTES
  )
    throw wrong("names a file without its size");
  const optional = (name: "url" | "etag" | "lastModified") =>
    file[name] === undefined ? {} : { [name]: textOf(file[name], wrong) };
  return {
    name: textOf(file.name, wrong),
    sha256,
    sizeBytes,
    ...optional("url"),
    ...optional("etag"),
    ...optional("lastModified"),
  };
}

function parse(payload: Uint8Array, wrong: Wrong): unknown {
  try {
    return JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(payload));
  } catch {
    throw wrong("is no JSON");
  }
}

function objectOf(value: unknown, wrong: Wrong): Fields {
  if (typeof value !== "object" || value === null || Array.isArray(value)) throw wrong("is not in its form");
  return Object.assign(Object.create(null), value) as Fields;
}

function listOf(value: unknown, max: number, wrong: Wrong): readonly unknown[] {
  if (!Array.isArray(value) || value.length > max) throw wrong("is not in its form, or too long");
  return value;
}

function textOf(value: unknown, wrong: Wrong): string {
  if (typeof value !== "string" || value.length > MAX_TEXT_CHARACTERS) throw wrong("holds what is no text");
  return value;
}

function dateOf(value: unknown, wrong: Wrong): string {
  const text = textOf(value, wrong);
  if (!/^\d{4}-\d\d-\d\dT/.test(text) || Number.isNaN(Date.parse(text))) throw wrong("holds what is no date");
  return text;
}
