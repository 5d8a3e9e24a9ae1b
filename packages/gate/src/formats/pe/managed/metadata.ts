/**
 * The metadata of .NET programs: streams of names and of tables, one behind another, whose row sizes depend on how many
 * rows the others have. Source: ECMA-335, 6th edition, II.24.2 (layout), II.22 (tables), II.25.3.3 (CLI header).
 * @module
 */

import { ArtifactError } from "@sallyport/core";
import { DIRECTORY } from "../headers.ts";
import type { MappedImage } from "../mapped-image.ts";
import { COLUMNS, type Column, rowBytesOf } from "./columns.ts";

export interface Metadata {
  /** Rows of a table, at most {@link MAX_ROWS}, from number 1 on: one number for each column. */
  rows(table: number): Iterable<readonly number[]>;
  /** One row by its number; undefined when there is none. */
  row(table: number, number: number): readonly number[] | undefined;
  /** A name by its place among the names. */
  name(place: number): Promise<string | undefined>;
}

export const MAX_ROWS = 65_536;

const ROOT_BYTES = 4096;
const MARK = 0x424a_5342;
const MAX_STREAMS = 16;
const MAX_TABLES_BYTES = 48 * 1024 * 1024;
const MAX_NAME_LENGTH = 512;
const TABLES = 64;

/** @throws {@link ArtifactError} `artifact.malformed` when the metadata contradicts itself */
export async function readMetadata(image: MappedImage): Promise<Metadata | undefined> {
  const directory = image.headers.directories[DIRECTORY.managed];
  if (directory === undefined || directory.address === 0) return undefined;
  const header = await image.bytesAt(directory.address, 16);
  if (header.length < 16) throw malformed("the header is cut short");
  const root = header.readUInt32LE(8);
  const streams = readStreams(await image.bytesAt(root, ROOT_BYTES));
  const tables = streams.get("#~") ?? streams.get("#-");
  const names = streams.get("#Strings");
  if (tables === undefined || names === undefined) throw malformed("there are no tables or no names");
  const bytes = await image.bytesAt(root + tables.offset, Math.min(tables.sizeBytes, MAX_TABLES_BYTES));
  const layout = readLayout(bytes);
  const row = (table: number, number: number): readonly number[] | undefined => {
    const place = layout.get(table);
    if (place === undefined || number < 1 || number > place.count) return undefined;
    const at = place.offset + (number - 1) * place.rowBytes;
    return at + place.rowBytes > bytes.length ? undefined : readRow(bytes, at, place.widths);
  };
  return {
    row,
    *rows(table) {
      const count = Math.min(layout.get(table)?.count ?? 0, MAX_ROWS);
      for (let number = 1; number <= count; number += 1) {
        const values = row(table, number);
        if (values === undefined) return;
        yield values;
      }
    },
    name: (place) =>
      place < names.sizeBytes
        ? image.textAt(root + names.offset + place, MAX_NAME_LENGTH)
        : Promise.resolve(undefined),
  };
}

interface Stream {
  readonly offset: number;
  readonly sizeBytes: number;
}

/** The first of a name counts. */
function readStreams(root: Buffer): Map<string, Stream> {
  if (root.length < 20 || root.readUInt32LE(0) !== MARK) throw malformed("there is no mark");
  const versionBytes = root.readUInt32LE(12);
  const streams = new Map<string, Stream>();
  if (versionBytes > root.length - 20) throw malformed("the version text is too long");
  const count = Math.min(root.readUInt16LE(16 + versionBytes + 2), MAX_STREAMS);
  let at = 16 + versionBytes + 4;
  for (let index = 0; index < count && at + 12 <= root.length; index += 1) {
    const end = root.indexOf(0, at + 8);
    if (end < 0 || end - at > 40) throw malformed("a stream's name does not end");
    const name = root.toString("latin1", at + 8, end);
    if (!streams.has(name))
      streams.set(name, { offset: root.readUInt32LE(at), sizeBytes: root.readUInt32LE(at + 4) });
    at += 8 + Math.ceil((end + 1 - at - 8) / 4) * 4;
  }
  return streams;
}

interface Place {
  readonly offset: number;
  readonly count: number;
  readonly rowBytes: number;
  readonly widths: readonly number[];
}

/** Where each of the tables begins that have columns here; those behind them are not looked for. */
function readLayout(bytes: Buffer): Map<number, Place> {
  if (bytes.length < 24) throw malformed("the tables are cut short");
  const present = bytes.readBigUInt64LE(8);
  const counts = new Array<number>(TABLES).fill(0);
  let at = 24;
  for (let table = 0; table < TABLES; table += 1) {
    if (((present >> BigInt(table)) & 1n) === 0n) continue;
    if (at + 4 > bytes.length) throw malformed("the tables are cut short");
    counts[table] = bytes.readUInt32LE(at);
    at += 4;
  }
  // A flag that only compilers in the middle of their work set: one more word follows.
  if (((bytes[6] ?? 0) & 0x40) !== 0) at += 4;
  const places = new Map<number, Place>();
  for (const [table, columns] of COLUMNS.entries()) {
    const widths = columns.map((column: Column) => column({ counts, heapSizes: bytes[6] ?? 0 }));
    const rowBytes = rowBytesOf(widths);
    const count = counts[table] ?? 0;
    places.set(table, { offset: at, count, rowBytes, widths });
    at += rowBytes * count;
  }
  return places;
}

function readRow(bytes: Buffer, at: number, widths: readonly number[]): number[] {
  let offset = at;
  return widths.map((width) => {
    const value = width === 2 ? bytes.readUInt16LE(offset) : bytes.readUInt32LE(offset);
    offset += width;
    return value;
  });
}

const malformed = (what: string): ArtifactError =>
  new ArtifactError("artifact.malformed", `.NET metadata: ${what}`);
