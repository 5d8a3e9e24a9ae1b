/**
 * Rows of a table of a SQLite file, read from its bytes: the file comes from outside, and no engine is let loose on it.
 * Source: sqlite.org, "Database File Format", 1.3 header, 1.6 b-tree pages, 2.1 record format.
 * @module
 */

import { FeedError } from "../../feed-error.ts";

export type Cell = null | number | bigint | string | Buffer;

export interface TableRow {
  readonly rowid: number;
  readonly cells: readonly Cell[];
}

const MAGIC = "SQLite format 3\0";
const HEADER_BYTES = 100;
const LEAF = 0x0d;
const INTERIOR = 0x05;
const UTF8 = 1;
const MAX_PAYLOAD_BYTES = 16 * 1024 * 1024;
const MAX_COLUMNS = 1000;
/** Whoever looks for three tables reads the list of tables three times. */
const MOST_READINGS = 4;

export class SqliteFile {
  readonly #bytes: Buffer;
  readonly #pageBytes: number;
  readonly #usableBytes: number;
  readonly #place: string;
  #payloadBytes = 0;

  /** @throws FeedError when it is no SQLite file whose text is UTF-8 */
  constructor(bytes: Buffer, place: string) {
    this.#bytes = bytes;
    this.#place = place;
    if (bytes.length < HEADER_BYTES || bytes.toString("latin1", 0, 16) !== MAGIC)
      throw FeedError.at(place, "is no SQLite file");
    const size = bytes.readUInt16BE(16);
    this.#pageBytes = size === 1 ? 65536 : size;
    this.#usableBytes = this.#pageBytes - bytes.readUInt8(20);
    const isPower = this.#pageBytes >= 512 && (this.#pageBytes & (this.#pageBytes - 1)) === 0;
    if (!isPower || this.#usableBytes < 480) throw FeedError.at(place, "has pages of an impossible size");
    if (bytes.readUInt32BE(56) !== UTF8) throw FeedError.at(place, "holds text that is not UTF-8");
  }

  /** @returns for each column its place in a row, and the rows; undefined when there is no such table */
  table(
    name: string,
  ): { readonly columns: ReadonlyMap<string, number>; readonly rows: Iterable<TableRow> } | undefined {
    for (const { cells } of this.#rows(1)) {
      const [type, , tableName, root, sql] = cells;
      if (type !== "table" || tableName !== name || typeof root !== "number" || typeof sql !== "string")
        continue;
      return { columns: columnsOf(sql), rows: this.#rows(root) };
    }
    return undefined;
  }

  *#rows(root: number): Iterable<TableRow> {
    const seen = new Set<number>();
    const waiting = [root];
    for (let page = waiting.pop(); page !== undefined; page = waiting.pop()) {
      if (seen.has(page)) throw this.#damaged("leads in a circle");
      seen.add(page);
      const { start, end } = this.#page(page);
      const header = start + (page === 1 ? HEADER_BYTES : 0);
      const type = this.#bytes.readUInt8(header);
      if (type !== LEAF && type !== INTERIOR) throw this.#damaged("has a page that is none of a table");
      const count = this.#bytes.readUInt16BE(header + 3);
      const pointers = header + (type === LEAF ? 8 : 12);
      if (pointers + count * 2 > end) throw this.#damaged("names more cells than a page holds");
      const cells = Array.from(
        { length: count },
        (_, i) => start + this.#bytes.readUInt16BE(pointers + i * 2),
      );
      if (type === LEAF) for (const cell of cells) yield this.#row(cell, end);
      else {
        const children = cells.map((cell) => this.#u32(cell, end));
        waiting.push(...[...children, this.#u32(header + 8, end)].reverse());
      }
    }
  }

  #row(cell: number, end: number): TableRow {
    const [size, afterSize] = this.#varint(cell, end);
    const [rowid, start] = this.#varint(afterSize, end);
    if (size > MAX_PAYLOAD_BYTES) throw this.#damaged("has a row that is too large");
    return { rowid, cells: this.#record(this.#payload(start, size, end)) };
  }

  /** What does not fit on the page stands on a chain of others. */
  #payload(start: number, size: number, end: number): Buffer {
    const usable = this.#usableBytes;
    const most = usable - 35;
    const least = Math.floor(((usable - 12) * 32) / 255) - 23;
    const kept = least + ((size - least) % (usable - 4));
    const local = size <= most ? size : kept <= most ? kept : least;
    if (start + local > end) throw this.#damaged("has a row that leaves its page");
    // Many rows on one chain, or many pointers to one cell, would be read as often as there are any.
    this.#payloadBytes += size;
    if (this.#payloadBytes > this.#bytes.length * MOST_READINGS)
      throw this.#damaged("holds more than it is large");
    if (local === size) return this.#bytes.subarray(start, start + size);
    const parts = [this.#bytes.subarray(start, start + local)];
    let missing = size - local;
    for (let page = this.#u32(start + local, end); missing > 0; ) {
      const { start: at, end: pageEnd } = this.#page(page);
      const part = this.#bytes.subarray(at + 4, at + 4 + Math.min(missing, usable - 4));
      parts.push(part);
      missing -= part.length;
      page = this.#u32(at, pageEnd);
    }
    return Buffer.concat(parts);
  }

  #record(payload: Buffer): readonly Cell[] {
    const [headerEnd, first] = varintIn(payload, 0) ?? [0, 0];
    if (headerEnd > payload.length) throw this.#damaged("has a row without a header");
    const cells: Cell[] = [];
    let at = headerEnd;
    for (let position = first; position < headerEnd; ) {
      const [serial, next] = varintIn(payload, position) ?? [0, headerEnd];
      const length = lengthOf(serial);
      if (at + length > payload.length || cells.length >= MAX_COLUMNS)
        throw this.#damaged("has a row that ends early");
      cells.push(cellOf(serial, payload.subarray(at, at + length)));
      at += length;
      position = next;
    }
    return cells;
  }

  #page(number: number): { readonly start: number; readonly end: number } {
    const start = (number - 1) * this.#pageBytes;
    if (number < 1 || start + this.#pageBytes > this.#bytes.length)
      throw FeedError.at(this.#place, "ends before its last page", "feed.truncated");
    return { start, end: start + this.#pageBytes };
  }

  #varint(at: number, end: number): readonly [number, number] {
    const read = varintIn(this.#bytes.subarray(0, end), at);
    if (read === undefined) throw this.#damaged("has a number that leaves its page");
    return read;
  }

  #u32(at: number, end: number): number {
    if (at + 4 > end) throw this.#damaged("has a number that leaves its page");
    return this.#bytes.readUInt32BE(at);
  }

  #damaged(because: string): FeedError {
    return FeedError.at(this.#place, because);
  }
}

/** Up to nine bytes, of which the last one gives eight bits. Numbers beyond 2^53 are none that is meant. */
function varintIn(bytes: Buffer, at: number): readonly [number, number] | undefined {
  let value = 0;
  for (let index = 0; index < 9; index += 1) {
    const byte = bytes[at + index];
    if (byte === undefined) return undefined;
    value = index === 8 ? value * 256 + byte : value * 128 + (byte & 0x7f);
    if (index === 8 || byte < 0x80) return [value, at + index + 1];
  }
  return undefined;
}

const INTEGER_BYTES = [0, 1, 2, 3, 4, 6, 8, 8, 0, 0];

const lengthOf = (serial: number): number =>
  serial < 12 ? (INTEGER_BYTES[serial] ?? 0) : Math.floor((serial - 12) / 2);

function cellOf(serial: number, bytes: Buffer): Cell {
  if (serial === 8 || serial === 9) return serial - 8;
  if (serial >= 1 && serial <= 5) return bytes.readIntBE(0, bytes.length);
  if (serial === 6) return bytes.readBigInt64BE(0);
  if (serial === 7) return bytes.readDoubleBE(0);
  if (serial < 12) return null;
  return serial % 2 === 0 ? bytes : bytes.toString("utf8");
}

/** Names of columns in the order of `CREATE TABLE name (…)`; constraints of the table are none. */
function columnsOf(sql: string): ReadonlyMap<string, number> {
  const body = sql.slice(sql.indexOf("(") + 1, sql.lastIndexOf(")"));
  const names: string[] = [];
  let depth = 0;
  let start = 0;
  for (let at = 0; at <= body.length; at += 1) {
    const letter = body[at];
    if (letter === "(") depth += 1;
    if (letter === ")") depth -= 1;
    if (letter !== undefined && (letter !== "," || depth > 0)) continue;
    const part = body.slice(start, at).trim();
    start = at + 1;
    const name = /^(?:\[([^\]]*)\]|"([^"]*)"|`([^`]*)`|(\w+))/.exec(part);
    if (name === null || /^(CONSTRAINT|PRIMARY|UNIQUE|CHECK|FOREIGN)$/i.test(name[4] ?? "")) continue;
    names.push((name[1] ?? name[2] ?? name[3] ?? name[4] ?? "").toLowerCase());
  }
  return new Map(names.map((name, index) => [name, index]));
}
