/**
 * The tables of an installer database. A table is a stream that holds its first column for all rows, then the second,
 * and so on. Source: Wine, `dlls/msi/table.c` (get_tablecolumns, read_table_from_storage); column types as in
 * `dlls/msi/msipriv.h`. Microsoft documents the tables' meaning (Windows Installer, "Database Tables") and not the bytes.
 * @module
 */

import { ArtifactError } from "@sallyport/core";
import { type CompoundFile, readStream, streamIn } from "./compound-file.ts";
import type { OleNode } from "./directory.ts";
import { encodeStreamName } from "./stream-name.ts";
import { readStringPool, type StringPool } from "./string-pool.ts";

/** Text, a number, or null where the cell is empty. A binary cell is its non-null mark: 1. */
export type Cell = string | number | null;
/** A row by column names. */
export type Row = Readonly<Record<string, Cell>>;

export interface Column {
  readonly name: string;
  readonly kind: "text" | "number" | "binary";
  readonly isKey: boolean;
  /** Bytes of one cell. */
  readonly widthBytes: number;
}

export interface InstallerDatabase {
  readonly codePage: number;
  /** In the order of the database. */
  readonly tables: readonly string[];
  columns(table: string): readonly Column[];
  /**
   * A table's rows; none when there is no such table, or it is empty.
   * @throws {@link ArtifactError} when the table's stream does not fit its columns, or is larger than may be held
   */
  rows(table: string): Promise<Iterable<Row>>;
}

/** [msipriv.h] bits of a column's type. */
const TYPE = { sizeMask: 0xff, valid: 0x0100, string: 0x0800, nullable: 0x1000, key: 0x2000 } as const;
/** Windows Installer allows 32 columns; more are a lie. */
const MAXIMUM_COLUMNS = 32;
/** Rows of one table; the largest installers have a tenth of it. */
const MAXIMUM_ROWS = 1_000_000;

/**
 * Opens the database of a compound file.
 * @returns undefined when the file is no installer database: no string pool
 * @throws {@link ArtifactError}
 */
export async function openDatabase(file: CompoundFile): Promise<InstallerDatabase | undefined> {
  const { root } = file.directory;
  const strings = await readStrings(file, root);
  if (strings === undefined) return undefined;
  const read = async (table: string) => (await readTableStream(file, root, table)) ?? Buffer.alloc(0);
  const tables = [...rowsOf(await read("_Tables"), TABLES(strings), strings)];
  const schema = readSchema(await read("_Columns"), strings);
  return {
    codePage: strings.codePage,
    tables: tables.map((row) => String(row.Name)),
    columns: (table) => schema.get(table) ?? [],
    async rows(table) {
      const columns = schema.get(table);
      const bytes = columns === undefined ? undefined : await readTableStream(file, root, table);
      return bytes === undefined || columns === undefined ? [] : rowsOf(bytes, columns, strings);
    },
  };
}

/** The strings of a database or transform; undefined when the storage is neither. */
export async function readStrings(file: CompoundFile, storage: OleNode): Promise<StringPool | undefined> {
  const pool = await readTableStream(file, storage, "_StringPool");
  const data = await readTableStream(file, storage, "_StringData");
  return pool === undefined || data === undefined ? undefined : readStringPool(pool, data);
}

const TABLES = (strings: StringPool): readonly Column[] => [
  { name: "Name", kind: "text", isKey: true, widthBytes: strings.referenceBytes },
];

const COLUMNS = (strings: StringPool): readonly Column[] => [
  { name: "Table", kind: "text", isKey: true, widthBytes: strings.referenceBytes },
  { name: "Number", kind: "number", isKey: true, widthBytes: 2 },
  { name: "Name", kind: "text", isKey: false, widthBytes: strings.referenceBytes },
  { name: "Type", kind: "number", isKey: false, widthBytes: 2 },
];

/** Every table's columns, in their order. */
function readSchema(bytes: Buffer, strings: StringPool): ReadonlyMap<string, readonly Column[]> {
  const numbered = new Map<string, Column[]>();
  for (const { Table, Number: number, Name, Type } of rowsOf(bytes, COLUMNS(strings), strings)) {
    if (
      typeof Table !== "string" ||
      typeof Name !== "string" ||
      typeof number !== "number" ||
      typeof Type !== "number"
    ) {
      refuse("a column has no name, number or type");
    }
    if (number < 1 || number > MAXIMUM_COLUMNS) refuse(`table ${Table} has a column number ${number}`);
    const columns = numbered.get(Table) ?? [];
    if (columns[number - 1] !== undefined) refuse(`table ${Table} has two columns of one number`);
    columns[number - 1] = columnOf(Name, Type & 0xffff, strings);
    numbered.set(Table, columns);
  }
  for (const [table, columns] of numbered) {
    // `includes` sees the holes of a sparse array.
    if (columns.includes(undefined as never)) refuse(`table ${table} lacks a column`);
  }
  return numbered;
}

function columnOf(name: string, type: number, strings: StringPool): Column {
  const isKey = (type & TYPE.key) !== 0;
  if ((type & ~TYPE.nullable) === (TYPE.string | TYPE.valid))
    return { name, kind: "binary", isKey, widthBytes: 2 };
  if ((type & TYPE.string) !== 0) return { name, kind: "text", isKey, widthBytes: strings.referenceBytes };
  const size = type & TYPE.sizeMask;
  if (size !== 1 && size !== 2 && size !== 4) refuse(`column ${name} holds numbers of ${size} bytes`);
  return { name, kind: "number", isKey, widthBytes: size === 4 ? 4 : 2 };
}

function* rowsOf(bytes: Buffer, columns: readonly Column[], strings: StringPool): Generator<Row> {
  const rowBytes = columns.reduce((sum, column) => sum + column.widthBytes, 0);
  if (rowBytes === 0 || bytes.length % rowBytes !== 0) refuse("a table is no whole number of rows");
  const rows = bytes.length / rowBytes;
  if (rows > MAXIMUM_ROWS) {
    throw new ArtifactError("artifact.over-limit", `MSI: a table has more than ${MAXIMUM_ROWS} rows`, {
      facts: { rows },
    });
  }
  for (let row = 0; row < rows; row += 1) {
    const cells: [string, Cell][] = [];
    let start = 0;
    for (const column of columns) {
      cells.push([column.name, readCell(bytes, start + row * column.widthBytes, { column, strings })]);
      start += rows * column.widthBytes;
    }
    yield Object.fromEntries(cells);
  }
}

/** Numbers are stored with their sign bit turned, so that 0 can mean "null". */
export function readCell(
  bytes: Buffer,
  at: number,
  { column, strings }: { column: Column; strings: StringPool },
): Cell {
  const raw = bytes.readUIntLE(at, column.widthBytes);
  if (raw === 0) return null;
  if (column.kind === "text") return strings.text(raw);
  if (column.kind === "binary") return 1;
  return raw - (column.widthBytes === 4 ? 0x80000000 : 0x8000);
}

export async function readTableStream(
  file: CompoundFile,
  storage: OleNode,
  table: string,
): Promise<Buffer | undefined> {
  const entry = streamIn(storage, encodeStreamName(table, true));
  return entry === undefined ? undefined : readStream(file, entry);
}

function refuse(because: string): never {
  throw new ArtifactError("artifact.malformed", `MSI: ${because}`);
}
