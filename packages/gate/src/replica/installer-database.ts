/**
 * The streams of an installer database. Source: as `formats/ole/database.ts` and `formats/ole/string-pool.ts`, which
 * read them.
 * @module
 */

import assert from "node:assert/strict";
import { encodeStreamName } from "../formats/ole/stream-name.ts";
import type { CompoundChild } from "./compound-file.ts";

/** A column: `s72` is text of up to 72 characters, `i2` and `i4` numbers; upper case allows null, `!` marks a key. */
export type ColumnSpecification =
  | `${"!" | ""}${"s" | "S" | "l" | "L"}${number}`
  | `${"!" | ""}${"i" | "I"}${2 | 4}`;

export interface DatabaseTable {
  readonly name: string;
  readonly columns: Readonly<Record<string, ColumnSpecification>>;
  readonly rows: readonly (readonly (string | number | null)[])[];
}

/** Bits of a column's type, as `formats/ole/database.ts` reads them. */
const TYPE = { valid: 0x0100, localizable: 0x0200, string: 0x0800, nullable: 0x1000, key: 0x2000 } as const;
const UTF8_CODE_PAGE = 65001;

/** Writes all tables, and the tables that describe them. */
export function writeDatabase(tables: readonly DatabaseTable[]): CompoundChild[] {
  const strings = new Strings();
  const streams: CompoundChild[] = [];
  const columns: (readonly number[])[] = [];
  for (const { name, columns: specifications, rows } of tables) {
    const types = Object.values(specifications).map(typeOf);
    for (const [index, column] of Object.keys(specifications).entries()) {
      const type = types[index] ?? 0;
      columns.push([strings.use(name), index + 1 + 0x8000, strings.use(column), (type + 0x8000) & 0xffff]);
    }
    const encoded = rows.map((row) =>
      row.map((cell) => (typeof cell === "string" ? strings.use(cell) : cell)),
    );
    if (rows.length === 0) continue;
    streams.push({ name: encodeStreamName(name, true), content: writeColumns(encoded, rows, types) });
  }
  const names = tables.map(({ name }) => [strings.use(name)]);
  streams.push({ name: encodeStreamName("_Tables", true), content: writeWords(sorted(names)) });
  streams.push({ name: encodeStreamName("_Columns", true), content: writeWords(sorted(columns)) });
  const { pool, data } = strings.write();
  streams.push({ name: encodeStreamName("_StringPool", true), content: pool });
  streams.push({ name: encodeStreamName("_StringData", true), content: data });
  return streams;
}

function typeOf(specification: ColumnSpecification): number {
  const isKey = specification.startsWith("!");
  const text = isKey ? specification.slice(1) : specification;
  const letter = text.charAt(0);
  const size = Number(text.slice(1));
  let type = TYPE.valid | size | (isKey ? TYPE.key : 0);
  if (/[sl]/i.test(letter)) type |= TYPE.string;
  // "Column Definition Format": only text that may be translated carries the bit; two-byte numbers carry 0x0400.
  if (/l/i.test(letter)) type |= TYPE.localizable;
  if (/i/i.test(letter) && size === 2) type |= 0x0400;
  if (letter === letter.toUpperCase()) type |= TYPE.nullable;
  return type;
}

/** Rows are sorted by their keys' stored numbers, which is how Windows Installer searches them. */
const sorted = (rows: readonly (readonly number[])[]): readonly (readonly number[])[] =>
  rows.toSorted((a, b) => (a[0] ?? 0) - (b[0] ?? 0) || (a[1] ?? 0) - (b[1] ?? 0));

function writeWords(rows: readonly (readonly number[])[]): Buffer {
  const width = rows[0]?.length ?? 0;
  const bytes = Buffer.alloc(rows.length * width * 2);
  for (let column = 0; column < width; column += 1) {
    for (const [index, row] of rows.entries()) {
      bytes.writeUInt16LE(row[column] ?? 0, (column * rows.length + index) * 2);
    }
  }
  return bytes;
}

/** A column for all rows, then the next; a text cell that came in as a string is now its number. */
function writeColumns(
  encoded: readonly (readonly (number | null)[])[],
  rows: DatabaseTable["rows"],
  types: readonly number[],
): Buffer {
  const order = encoded
    .map((_, index) => index)
    .sort((a, b) => (encoded[a]?.[0] ?? 0) - (encoded[b]?.[0] ?? 0));
  const pieces: Buffer[] = [];
  for (const [column, type] of types.entries()) {
    const width = (type & TYPE.string) === 0 && (type & 0xff) === 4 ? 4 : 2;
    for (const index of order) {
      const cell = encoded[index]?.[column] ?? null;
      const isNumber = typeof rows[index]?.[column] === "number";
      const bytes = Buffer.alloc(width);
      // Numbers are stored with their sign bit turned.
      const stored = cell === null ? 0 : isNumber ? cell + (width === 4 ? 0x80000000 : 0x8000) : cell;
      bytes.writeUIntLE(stored, 0, width);
      pieces.push(bytes);
    }
  }
  return Buffer.concat(pieces);
}

/** Every text once, in the order of first use. */
class Strings {
  readonly #numbers = new Map<string, number>();
  readonly #uses: number[] = [];

  use(text: string): number {
    if (text === "") return 0;
    const known = this.#numbers.get(text);
    const number = known ?? this.#numbers.size + 1;
    if (known === undefined) this.#numbers.set(text, number);
    this.#uses[number] = (this.#uses[number] ?? 0) + 1;
    return number;
  }

  write(): { pool: Buffer; data: Buffer } {
    assert(this.#numbers.size < 0xffff, "two bytes count the strings");
    const pool = Buffer.alloc((this.#numbers.size + 1) * 4);
    pool.writeUInt32LE(UTF8_CODE_PAGE, 0);
    const pieces: Buffer[] = [];
    for (const [text, number] of this.#numbers) {
      const bytes = Buffer.from(text, "utf8");
      assert(bytes.length <= 0xffff, "two bytes count a string's bytes");
      pool.writeUInt16LE(bytes.length, number * 4);
      pool.writeUInt16LE(Math.min(0xffff, this.#uses[number] ?? 0), number * 4 + 2);
      pieces.push(bytes);
    }
    return { pool, data: Buffer.concat(pieces) };
  }
}
