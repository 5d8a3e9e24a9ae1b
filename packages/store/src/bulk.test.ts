import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { type BulkDatabase, openBulk } from "./index.ts";

const migrations = [
  {
    wing: "demo",
    migrations: [
      {
        name: "001-note",
        statements: ["CREATE TABLE note (id INTEGER PRIMARY KEY, text TEXT, bytes BLOB) STRICT"],
      },
    ],
  },
];
let folder = "";
let opened: BulkDatabase[] = [];
const open = (options: { cacheBytes?: number; waitMilliseconds?: number } = {}): BulkDatabase => {
  const database = openBulk({ file: join(folder, "bulk.db"), migrations, ...options });
  opened.push(database);
  return database;
};
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "sallyport-bulk-"));
  opened = [];
});
afterEach(() => {
  for (const database of opened) database.close();
  rmSync(folder, { recursive: true, force: true });
});

const insert = (database: BulkDatabase, id: number) =>
  database.statement("INSERT INTO note (id, text) VALUES (?, ?)").run(id, `note ${id}`);
const count = (database: BulkDatabase) =>
  Number(database.statement("SELECT count(*) AS count FROM note").get()?.count);

it("writes rows with one statement, and tells how many a change reached", () => {
  const database = open();
  database.transaction(() => {
    for (let id = 0; id < 1000; id += 1) insert(database, id);
  });
  expect(database.statement("UPDATE note SET text = ? WHERE id < ?").run("new", 10)).toBe(10);
  expect(database.statement("SELECT text FROM note WHERE id IN (9, 10) ORDER BY id").all()).toEqual([
    expect.objectContaining({ text: "new" }),
    expect.objectContaining({ text: "note 10" }),
  ]);
  expect([...database.statement("SELECT id FROM note").each()]).toHaveLength(1000);
});

it("stores nothing of a transaction that fails, and refuses one that would wait", () => {
  const database = open();
  const failing = () => {
    insert(database, 1);
    throw new Error("stop");
  };
  expect(() => database.transaction(failing)).toThrow("stop");
  const waiting = async () => insert(database, 2);
  expect(() => database.transaction(waiting)).toThrow(/does not wait/);
  expect(() => database.transaction(() => database.transaction(() => 1))).toThrow(/inside a transaction/);
  expect(count(database)).toBe(0);
});

it("refuses a value that SQLite would misread, and a wrong number of them", () => {
  const statement = open().statement("INSERT INTO note (id, text) VALUES (?, ?)");
  expect(() => statement.run(Number.NaN, "a")).toThrow(TypeError);
  expect(() => statement.run(1)).toThrow(TypeError);
});

it("reads what stood there when it stood still, while another writes", () => {
  const [writer, reader] = [open(), open()];
  insert(writer, 1);
  reader.standStill();
  insert(writer, 2);
  expect([count(reader), count(writer), count(open())]).toEqual([1, 2, 2]);
});

it("says that another process writes, when it does not wait for it", () => {
  const [writer, other] = [open(), open({ waitMilliseconds: 1, cacheBytes: 1024 * 1024 })];
  writer.transaction(() => {
    insert(writer, 1);
    expect(() => insert(other, 2)).toThrow(expect.objectContaining({ code: "world.store" }));
  });
  expect(insert(other, 2)).toBe(1);
});
