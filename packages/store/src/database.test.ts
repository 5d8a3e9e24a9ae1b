import { execFile } from "node:child_process";
import { mkdtempSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { promisify } from "node:util";
import { afterEach, beforeEach, expect, it } from "vitest";
import { type Database, type MigrationSet, openDatabase } from "./index.ts";

interface Tables {
  note: { id: string; text: string | null; count: number };
}

const migrations: readonly MigrationSet[] = [
  {
    wing: "demo",
    migrations: [
      {
        name: "001-note",
        statements: ["CREATE TABLE note (id TEXT PRIMARY KEY, text TEXT, count INTEGER NOT NULL) STRICT"],
      },
    ],
  },
];

let folder = "";
let opened: Database[] = [];
const open = async (sets = migrations): Promise<Database> => {
  const database = await openDatabase({ file: join(folder, "home", "store.db"), migrations: sets });
  opened.push(database);
  return database;
};

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "sallyport-store-"));
  opened = [];
});
afterEach(async () => {
  for (const database of opened) await database.close();
  rmSync(folder, { recursive: true, force: true });
});

it("keeps rows over a restart, in files only their owner can read", async () => {
  const first = await open();
  await (await first.tables<Tables>())
    .insertInto("note")
    .values({ id: "a", text: "what?", count: 1 })
    .execute();
  expect(statSync(join(folder, "home")).mode & 0o777).toBe(0o700);
  for (const name of ["store.db", "store.db-wal", "store.db-shm"])
    expect(statSync(join(folder, "home", name)).mode & 0o777, name).toBe(0o600);
  const second = await open();
  const rows = await (await second.tables<Tables>()).selectFrom("note").selectAll().execute();
  expect(rows.map((row) => ({ ...row }))).toEqual([{ id: "a", text: "what?", count: 1 }]);
});

it("refuses a value that SQLite would misread", async () => {
  const tables = await (await open()).tables<{ note: { id: unknown; text: unknown; count: unknown } }>();
  for (const bad of [new Date(), {}, Number.NaN, Number.POSITIVE_INFINITY, []])
    await expect(
      tables.insertInto("note").values({ id: bad, text: "x", count: 1 }).execute(),
    ).rejects.toThrow(TypeError);
  expect(await tables.selectFrom("note").selectAll().execute()).toEqual([]);
});

it("stores nothing of a transaction that fails, and all of one that does not", async () => {
  const database = await open();
  const insert = async (bound: Database, id: string) =>
    (await bound.tables<Tables>()).insertInto("note").values({ id, text: null, count: 0 }).execute();
  await expect(
    database.transaction(async (bound) => {
      await insert(bound, "lost");
      throw new Error("stop");
    }),
  ).rejects.toThrow("stop");
  await database.transaction((bound) => insert(bound, "kept"));
  const rows = await (await database.tables<Tables>()).selectFrom("note").select("id").execute();
  expect(rows.map((row) => row.id)).toEqual(["kept"]);
});

it("refuses a file that a newer version wrote", async () => {
  await open([
    { wing: "demo", migrations: [...(migrations[0]?.migrations ?? []), { name: "002", statements: [] }] },
  ]);
  await expect(open()).rejects.toMatchObject({
    code: "world.store",
    message: expect.stringMatching(/newer version/),
  });
});

it("applies nothing of a set of migrations that fails half-way", async () => {
  const broken = { name: "002-broken", statements: ["CREATE TABLE other (id TEXT) STRICT", "NONSENSE"] };
  await expect(
    open([{ wing: "demo", migrations: [...(migrations[0]?.migrations ?? []), broken] }]),
  ).rejects.toThrow();
  const raw = new DatabaseSync(join(folder, "home", "store.db"));
  expect(raw.prepare("SELECT name FROM sqlite_schema").all()).toEqual([]);
  raw.close();
});

it("says which file is not a database and which folder cannot be made", async () => {
  const file = join(folder, "text.db");
  writeFileSync(file, "this is not a database, whatever its name says\n".repeat(100));
  await expect(openDatabase({ file, migrations })).rejects.toMatchObject({
    code: "world.store",
    message: `${file} is not a database: move it away or restore it from a backup`,
  });
  await expect(openDatabase({ file: join(file, "below", "store.db"), migrations })).rejects.toMatchObject({
    code: "world.home",
  });
});

it("says that the disk is full and keeps what was stored", async () => {
  const database = await open();
  const tables = await database.tables<Tables>();
  await tables.insertInto("note").values({ id: "a", text: "x", count: 1 }).execute();
  const { sql } = await import("kysely");
  await sql`PRAGMA max_page_count = 1`.execute(tables);
  await expect(
    tables
      .insertInto("note")
      .values({ id: "b", text: "x".repeat(1_000_000), count: 1 })
      .execute(),
  ).rejects.toMatchObject({ code: "world.store", message: expect.stringMatching(/disk is full/) });
  expect(await tables.selectFrom("note").select("id").execute()).toHaveLength(1);
});

it("lets several processes open a new database at once", async () => {
  const script = `import { openDatabase } from ${JSON.stringify(new URL("./index.ts", import.meta.url).href)};
    const database = await openDatabase({ file: process.argv[1], migrations: ${JSON.stringify(migrations)} });
    await (await database.tables()).insertInto("note").values({ id: String(process.pid), text: null, count: 1 }).execute();
    await database.close();`;
  const run = promisify(execFile);
  const file = join(folder, "home", "store.db");
  await Promise.all(
    Array.from({ length: 4 }, () => run(process.execPath, ["--input-type=module", "-e", script, file])),
  );
  expect(
    await (await (await open()).tables<Tables>()).selectFrom("note").select("id").execute(),
  ).toHaveLength(4);
});

it("knows whether a table has rows, also inside a transaction, and can be closed without a question", async () => {
  const database = await open();
  expect(database.hasRows("note")).toBe(false);
  await database.transaction(async (bound) => {
    await (await bound.tables<Tables>())
      .insertInto("note")
      .values({ id: "a", text: null, count: 0 })
      .execute();
    expect(bound.hasRows("note")).toBe(true);
  });
  expect(database.hasRows("note")).toBe(true);
  const unasked = await openDatabase({ file: join(folder, "unasked.db"), migrations: [] });
  await unasked.close();
});
