/**
 * Transforms: what is added to, changed in and taken from the tables of an installer. A row begins with a word: odd, and
 * as many columns follow as its upper byte says; even, and the keys follow, with the columns whose bits are set; zero, and
 * the row of these keys is deleted.
 * Source: Wine, `dlls/msi/table.c` (msi_table_load_transform); the columns from the Windows Installer SDK, "Database
 * Tables": a transform does not describe tables that its target has already.
 * @module
 */

import { ArtifactError, type JsonObject } from "@sallyport/core";
import type { CompoundFile } from "./compound-file.ts";
import { type Cell, type Column, readCell, readStrings, readTableStream } from "./database.ts";
import type { OleNode } from "./directory.ts";
import { decodeStreamName } from "./stream-name.ts";
import type { StringPool } from "./string-pool.ts";

export interface Transform {
  /** Names of the tables it changes, as their streams are called. */
  readonly tables: readonly string[];
  /** Rows it adds or changes; columns it leaves alone are missing. undefined when they cannot be read. */
  rows(table: ChangedTable): Promise<readonly ChangedRow[] | undefined>;
}

export type ChangedRow = Readonly<Record<string, Cell>>;
export type ChangedTable = keyof typeof COLUMNS;

type Kind = "key" | "text" | "short" | "long";

/** "CustomAction Table", "ServiceInstall Table", "Media Table", "Property Table". */
const COLUMNS = {
  CustomAction: { Action: "key", Type: "short", Source: "text", Target: "text", ExtendedType: "long" },
  ServiceInstall: {
    ServiceInstall: "key",
    Name: "text",
    DisplayName: "text",
    ServiceType: "long",
    StartType: "long",
    ErrorControl: "long",
    LoadOrderGroup: "text",
    Dependencies: "text",
    StartName: "text",
    Password: "text",
    Arguments: "text",
    Description: "text",
  },
  Property: { Property: "key", Value: "text" },
} as const satisfies Readonly<Record<string, Readonly<Record<string, Kind>>>>;

/** Rows of one table that are read. */
const MAX_ROWS = 100_000;

/**
 * @returns undefined when the storage is no transform: it has no strings
 * @throws {@link ArtifactError}
 */
export async function readTransform(file: CompoundFile, storage: OleNode): Promise<Transform | undefined> {
  const strings = await readStrings(file, storage);
  if (strings === undefined) return undefined;
  const tables = storage.children
    .map(({ entry }) => decodeStreamName(entry.name))
    .filter((name) => name.startsWith("!") && !name.startsWith("!_"))
    .map((name) => name.slice(1));
  return {
    tables,
    async rows(table) {
      const bytes = await readTableStream(file, storage, table);
      if (bytes === undefined) return [];
      const columns = Object.entries(COLUMNS[table]).map(([name, kind]) => columnOf(name, kind, strings));
      try {
        return readRows(bytes, columns, strings);
      } catch (error) {
        // Installers may have columns of their own in these tables.
        if (error instanceof ArtifactError) return undefined;
        throw error;
      }
    },
  };
}

function columnOf(name: string, kind: Kind, strings: StringPool): Column {
  if (kind === "short" || kind === "long")
    return { name, kind: "number", isKey: false, widthBytes: kind === "short" ? 2 : 4 };
  return { name, kind: "text", isKey: kind === "key", widthBytes: strings.referenceBytes };
}

function readRows(bytes: Buffer, columns: readonly Column[], strings: StringPool): ChangedRow[] {
  const rows: ChangedRow[] = [];
  for (let at = 0; at < bytes.length; ) {
    if (at + 2 > bytes.length || rows.length >= MAX_ROWS) refuse();
    const mask = bytes.readUInt16LE(at);
    const present = columns.filter(({ isKey }, index) =>
      (mask & 1) === 1 ? index < mask >> 8 : isKey || (mask & (1 << index)) !== 0,
    );
    if ((mask & 1) === 1 && mask >> 8 !== present.length) refuse();
    at += 2;
    const cells: [string, Cell][] = [];
    for (const column of present) {
      if (at + column.widthBytes > bytes.length) refuse();
      cells.push([column.name, readCell(bytes, at, { column, strings })]);
      at += column.widthBytes;
    }
    if (mask !== 0) rows.push(Object.fromEntries(cells));
  }
  return rows;
}

function refuse(): never {
  throw new ArtifactError("artifact.malformed", "MSI: a table of a transform is no whole number of rows");
}

/** Rows shown in facts. */
const SHOWN_ROWS = 50;
const SHOWN_CHARACTERS = 200;

/** What reviewers ask first of a transform: what runs, and what stays running. */
export async function describeChanges(transform: Transform): Promise<JsonObject> {
  const actions = await transform.rows("CustomAction");
  const services = await transform.rows("ServiceInstall");
  const shown = (row: ChangedRow, names: readonly string[]) =>
    Object.fromEntries(
      names.map((name) => {
        const cell = row[name] ?? null;
        return [name.toLowerCase(), typeof cell === "string" ? cell.slice(0, SHOWN_CHARACTERS) : cell];
      }),
    );
  return {
    tables: transform.tables.slice(0, SHOWN_ROWS),
    ...(actions === undefined
      ? { customActions: "cannot be read" }
      : {
          customActions: actions.length,
          actions: actions
            .slice(0, SHOWN_ROWS)
            .map((row) => shown(row, ["Action", "Type", "Source", "Target"])),
        }),
    ...(services === undefined
      ? { services: "cannot be read" }
      : {
          services: services
            .slice(0, SHOWN_ROWS)
            .map((row) => shown(row, ["Name", "StartName", "Arguments"])),
        }),
  };
}
