/**
 * Rows of one table of a SQLite database, read as hostile: every page is read once, every length is checked, and no SQL
 * is run. What stands only in a write-ahead log is not seen. Source: SQLite, "Database File Format", §1.3 to §2.6.
 * @module
 */

import { type Budget, type ByteSource, readExactly } from "@sallyport/core";
import { malformed, readRecord, readVarint, type SqlValue } from "./record.ts";

const HEADER_BYTES = 100;
const MAGIC = "SQLite format 3\0";
const PAGE = { interiorTable: 5, leafTable: 13 } as const;
const MAX_DEPTH = 20;
const MAX_PAYLOAD_BYTES = 64 * 1024 * 1024;

/**
 * @param name - of the table, as `sqlite_schema` has it
 * @returns values by column; a column that is the row's number is null
 * @throws {@link ArtifactError} `artifact.malformed`, also when there is no such table
 */
export async function* readTable(
  source: ByteSource,
  name: string,
  budget: Budget,
): AsyncGenerator<readonly SqlValue[]> {
  const pages = await openPages(source, budget);
  for await (const [type, , table, root] of pages.rows(1))
    if (type === "table" && table === name && typeof root === "number") return yield* pages.rows(root);
  throw malformed(`has no table ${name}`);
}

async function openPages(source: ByteSource, budget: Budget): Promise<Pages> {
  const header = await readExactly(source, 0, HEADER_BYTES, "SQLite: header");
  if (header.toString("latin1", 0, MAGIC.length) !== MAGIC) throw malformed("does not begin as one");
  const stated = header.readUInt16BE(16);
  const pageBytes = stated === 1 ? 65_536 : stated;
  const usableBytes = pageBytes - (header[20] ?? 0);
  const isPower = pageBytes >= 512 && (pageBytes & (pageBytes - 1)) === 0;
  if (!isPower || usableBytes < 480) throw malformed("has pages of an impossible size");
  if (header.readUInt32BE(56) > 1) throw malformed("keeps its texts in UTF-16, which is not read");
  return new Pages(source, budget, { pageBytes, usableBytes });
}

class Pages {
  readonly #source: ByteSource;
  readonly #budget: Budget;
  readonly #pageBytes: number;
  readonly #usableBytes: number;
  readonly #seen = new Set<number>();

  constructor(source: ByteSource, budget: Budget, size: { pageBytes: number; usableBytes: number }) {
    this.#source = source;
    this.#budget = budget;
    this.#pageBytes = size.pageBytes;
    this.#usableBytes = size.usableBytes;
  }

  async *rows(number: number, depth = 0): AsyncGenerator<readonly SqlValue[]> {
    if (depth > MAX_DEPTH) throw malformed("is nested too deep");
    const page = await this.#read(number);
    const start = number === 1 ? HEADER_BYTES : 0;
    const type = page[start];
    if (type !== PAGE.interiorTable && type !== PAGE.leafTable)
      throw malformed("has a page that is no table's");
    const isLeaf = type === PAGE.leafTable;
    const cellCount = page.readUInt16BE(start + 3);
    const pointers = start + (isLeaf ? 8 : 12);
    if (pointers + cellCount * 2 > page.length) throw malformed("counts more cells than a page holds");
    for (let index = 0; index < cellCount; index += 1) {
      const cell = page.readUInt16BE(pointers + index * 2);
      if (isLeaf) yield readRecord(await this.#payload(page, cell));
      else yield* this.rows(uint32At(page, cell), depth + 1);
    }
    if (!isLeaf) yield* this.rows(page.readUInt32BE(start + 8), depth + 1);
  }

  /** Each page belongs to one place: a second time is a loop. */
  async #read(number: number): Promise<Buffer> {
    this.#budget.checkTime();
    if (number === 0 || this.#seen.has(number)) throw malformed("has a page in two places");
    this.#seen.add(number);
    return readExactly(this.#source, (number - 1) * this.#pageBytes, this.#pageBytes, "SQLite: page");
  }

  /** §1.6: how much of a payload stands in the cell, the rest in a chain of pages. */
  async #payload(page: Buffer, cell: number): Promise<Buffer> {
    const [sizeBytes, afterSize] = readVarint(page, cell);
    const [, start] = readVarint(page, afterSize);
    if (sizeBytes > MAX_PAYLOAD_BYTES) throw malformed("has a row that is too large");
    const most = this.#usableBytes - 35;
    const least = Math.floor(((this.#usableBytes - 12) * 32) / 255) - 23;
    const fitting = least + ((sizeBytes - least) % (this.#usableBytes - 4));
    const local = sizeBytes <= most ? sizeBytes : fitting <= most ? fitting : least;
    if (start + local > page.length) throw malformed("has a cell that does not lie in its page");
    const pieces = [page.subarray(start, start + local)];
    let next = local < sizeBytes ? uint32At(page, start + local) : 0;
    for (let left = sizeBytes - local; left > 0; ) {
      const overflow = await this.#read(next);
      const piece = overflow.subarray(4, Math.min(this.#usableBytes, 4 + left));
      pieces.push(piece);
      left -= piece.length;
      next = overflow.readUInt32BE(0);
    }
    return Buffer.concat(pieces);
  }
}

function uint32At(page: Buffer, at: number): number {
  if (at + 4 > page.length) throw malformed("has a cell that does not lie in its page");
  return page.readUInt32BE(at);
}
