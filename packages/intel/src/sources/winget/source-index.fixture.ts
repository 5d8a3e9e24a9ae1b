/** winget's index of the first kind, for tests: a SQLite file in a package. @module */

import { createHash } from "node:crypto";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { openBulk } from "@sallyport/store";
import { buildZip } from "../../witnesses/zip.fixture.ts";

const TABLES = [
  "CREATE TABLE [ids]([rowid] INTEGER PRIMARY KEY, [id] TEXT NOT NULL)",
  "CREATE TABLE [pathparts]([parent] INT64, [pathpart] TEXT NOT NULL, PRIMARY KEY([pathpart], [parent]))",
  "CREATE TABLE [manifest]([rowid] INTEGER PRIMARY KEY, [id] INT64 NOT NULL, [version] INT64, [pathpart] INT64 NOT NULL, [hash] BLOB)",
];

export interface Listed {
  readonly packageId: string;
  readonly path: string;
  readonly text: string;
}

/** The file alone. */
export function buildIndex(manifests: readonly Listed[]): Buffer {
  const folder = mkdtempSync(join(tmpdir(), "winget-index-"));
  try {
    const file = join(folder, "index.db");
    const database = openBulk({
      file,
      migrations: [{ wing: "winget", migrations: [{ name: "1", statements: TABLES }] }],
    });
    const addId = database.statement("INSERT INTO ids (rowid, id) VALUES (?, ?)");
    const addPart = database.statement("INSERT INTO pathparts (rowid, parent, pathpart) VALUES (?, ?, ?)");
    const addManifest = database.statement(
      "INSERT INTO manifest (id, version, pathpart, hash) VALUES (?, 1, ?, ?)",
    );
    let part = 0;
    manifests.forEach(({ packageId, path, text }, index) => {
      addId.run(index + 1, packageId);
      path.split("/").forEach((name, depth) => {
        addPart.run(++part, depth === 0 ? null : part - 1, name);
      });
      addManifest.run(index + 1, part, createHash("sha256").update(text).digest());
    });
    database.close();
    return readFileSync(file);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** As it is fetched. */
export const buildSourcePackage = (manifests: readonly Listed[]): Buffer =>
  buildZip({ "AppxManifest.xml": "<Package/>", "Public/index.db": buildIndex(manifests) });
