/**
 * The index that winget itself asks: which manifests there are of a package, and their SHA-256. It holds no hashes of
 * installers. Source: microsoft/winget-cli, Microsoft/Schema/1_0 to 1_7 (manifest, ids, pathparts).
 * @module
 */

import { FeedError } from "../../feed-error.ts";
import { documentsOf } from "../../reading/index.ts";
import type { ReadContext, SourceFile } from "../../source.ts";
import { type Cell, SqliteFile, type TableRow } from "./sqlite-table.ts";

const MAX_INDEX_BYTES = 512 * 1024 * 1024;
const MAX_PATH_PARTS = 32;

export interface IndexedManifest {
  readonly packageId: string;
  /** Below the repository's address: `manifests/e/Example/App/1.0/….yaml`. */
  readonly path: string;
  /** Lower-case hex. */
  readonly sha256: string;
}

export const isIndex = ({ name }: SourceFile): boolean => /\.msix$/i.test(name);

/**
 * @param wants - asked with the id of each package
 * @throws FeedError when it holds no index of the first kind, or it is damaged
 */
export async function manifestsIn(
  file: SourceFile,
  context: ReadContext,
  wants: (packageId: string) => boolean,
): Promise<readonly IndexedManifest[]> {
  const limits = { wants: (name: string) => name === "Public/index.db", maxBytes: MAX_INDEX_BYTES };
  for await (const { bytes, place } of documentsOf(file, context, limits))
    return readIndex(
      new SqliteFile(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength), place),
      place,
      wants,
    );
  throw FeedError.at(file.name, "holds no Public/index.db");
}

function readIndex(
  database: SqliteFile,
  place: string,
  wants: (packageId: string) => boolean,
): readonly IndexedManifest[] {
  const ids = new Map<number, string>();
  for (const row of rowsOf(database, "ids", ["id"], place)) {
    const [id] = row.cells;
    if (typeof id === "string" && wants(id)) ids.set(row.rowid, id);
  }
  const named = [...rowsOf(database, "manifest", ["id", "pathpart", "hash"], place)].flatMap(({ cells }) => {
    const [id, part, hash] = cells;
    const packageId = typeof id === "number" ? ids.get(id) : undefined;
    return packageId !== undefined && typeof part === "number" && Buffer.isBuffer(hash) && hash.length === 32
      ? { packageId, part, sha256: hash.toString("hex") }
      : [];
  });
  if (named.length === 0) return [];
  const parts = pathParts(database, place);
  return named.map(({ packageId, part, sha256 }) => ({
    packageId,
    path: pathOf(part, parts, place),
    sha256,
  }));
}

type Parts = ReadonlyMap<number, { readonly parent: number | undefined; readonly name: string }>;

function pathParts(database: SqliteFile, place: string): Parts {
  const parts = new Map<number, { parent: number | undefined; name: string }>();
  for (const { rowid, cells } of rowsOf(database, "pathparts", ["parent", "pathpart"], place)) {
    const [parent, name] = cells;
    if (typeof name === "string")
      parts.set(rowid, { parent: typeof parent === "number" ? parent : undefined, name });
  }
  return parts;
}

function pathOf(leaf: number, parts: Parts, place: string): string {
  const names: string[] = [];
  for (let at: number | undefined = leaf; at !== undefined; ) {
    const part = parts.get(at);
    if (
      part === undefined ||
      names.length >= MAX_PATH_PARTS ||
      !/^[^/\\]+$/.test(part.name) ||
      /^\.+$/.test(part.name)
    )
      throw FeedError.at(place, "names a manifest by a path that leads nowhere");
    names.unshift(part.name);
    at = part.parent;
  }
  return names.join("/");
}

/** The columns by their names, in whatever order the table has them. */
function* rowsOf(
  database: SqliteFile,
  name: string,
  columns: readonly string[],
  place: string,
): Iterable<TableRow> {
  const table = database.table(name);
  const places = columns.map((column) => table?.columns.get(column));
  if (table === undefined || places.includes(undefined))
    throw FeedError.at(place, `has no table ${name} with ${columns.join(", ")}: another kind of index`);
  for (const { rowid, cells } of table.rows)
    yield { rowid, cells: places.map((at): Cell => (at === undefined ? null : (cells[at] ?? null))) };
}
