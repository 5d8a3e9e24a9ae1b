/**
 * The summary of a compound file: a set of numbered properties. Source: [MS-OLEPS] §2.21 to §2.26; Windows Installer
 * SDK, "Summary Information Stream Property Set". All of it is the file's own claim.
 * @module
 */

import { ArtifactError } from "@sallyport/core";
import { type CompoundFile, readStream, streamIn } from "./compound-file.ts";
import type { OleNode } from "./directory.ts";
import { decoderOf } from "./string-pool.ts";

/** Property identifiers, as Windows Installer uses them. */
export const SUMMARY = {
  codePage: 1,
  title: 2,
  subject: 3,
  author: 4,
  /** Of a patch: the products it may be applied to. */
  template: 7,
  /** Of a patch: its transforms. */
  lastAuthor: 8,
  /** Of a patch: its own code, then those of the patches it replaces. Of a transform: products and versions. */
  revision: 9,
} as const;

export type Summary = ReadonlyMap<number, string | number>;

const STREAM = "\u0005SummaryInformation";
const HEADER_BYTES = 48;
/** Summaries hold a score of properties and a few kilobytes. */
const MAX_PROPERTIES = 1000;
const MAX_SUMMARY_BYTES = 1024 * 1024;
const TYPE = { short: 2, long: 3, text: 30 } as const;

/**
 * @returns no properties when the storage has no summary
 * @throws {@link ArtifactError} `artifact.malformed`, `artifact.over-limit`
 */
export async function readSummary(file: CompoundFile, storage: OleNode): Promise<Summary> {
  const entry = streamIn(storage, STREAM);
  if (entry === undefined) return new Map();
  if (entry.sizeBytes > MAX_SUMMARY_BYTES)
    throw new ArtifactError("artifact.over-limit", "OLE: its summary is larger than any is");
  return parseSummary(await readStream(file, entry));
}

function parseSummary(bytes: Buffer): Summary {
  if (bytes.length < HEADER_BYTES || bytes.readUInt16LE(0) !== 0xfffe) refuse("it has no header");
  const start = bytes.readUInt32LE(44);
  if (start + 8 > bytes.length) refuse("its properties lie outside");
  const count = bytes.readUInt32LE(start + 4);
  if (count > MAX_PROPERTIES || start + 8 + count * 8 > bytes.length) refuse("it has too many properties");
  const places = Array.from({ length: count }, (_, index) => ({
    id: bytes.readUInt32LE(start + 8 + index * 8),
    at: start + bytes.readUInt32LE(start + 12 + index * 8),
  }));
  const codePlace = places.find(({ id }) => id === SUMMARY.codePage);
  const codePage = codePlace === undefined ? undefined : readValue(bytes, codePlace.at, 0);
  const summary = new Map<number, string | number>();
  for (const { id, at } of places) {
    const value = readValue(bytes, at, typeof codePage === "number" ? codePage & 0xffff : 0);
    if (value !== undefined) summary.set(id, value);
  }
  return summary;
}

/** Times and thumbnails are of no interest here. */
function readValue(bytes: Buffer, at: number, codePage: number): string | number | undefined {
  if (at + 4 > bytes.length) refuse("a property lies outside");
  const type = bytes.readUInt16LE(at);
  if (at + 8 > bytes.length) return undefined;
  if (type === TYPE.short) return bytes.readInt16LE(at + 4);
  if (type === TYPE.long) return bytes.readInt32LE(at + 4);
  if (type !== TYPE.text) return undefined;
  const lengthBytes = bytes.readUInt32LE(at + 4);
  if (lengthBytes > bytes.length - at - 8) refuse("a text reaches past its end");
  const text = decoderOf(codePage)(bytes.subarray(at + 8, at + 8 + lengthBytes));
  const end = text.indexOf("\0");
  return end < 0 ? text : text.slice(0, end);
}

function refuse(because: string): never {
  throw new ArtifactError("artifact.malformed", `OLE: its summary cannot be read: ${because}`);
}
