import { MemorySource } from "@sallyport/core";
import { testBudget } from "@sallyport/testkit";
import { expect, it } from "vitest";
import { sqliteDatabase } from "../samples.fixture.ts";
import { readTable } from "./read-table.ts";
import type { SqlValue } from "./record.ts";

async function rowsOf(bytes: Buffer, table: string): Promise<(readonly SqlValue[])[]> {
  const rows: (readonly SqlValue[])[] = [];
  for await (const row of readTable(new MemorySource(bytes), table, testBudget())) rows.push(row);
  return rows;
}

it("reads the rows that SQLite wrote: over many pages, in order, with values of every kind", async () => {
  const values = Array.from(
    { length: 3_000 },
    (_, index) => [index - 1_500, `text ${index}`, index / 3, null] as const,
  );
  const bytes = sqliteDatabase((database) => {
    database.exec("CREATE TABLE other (x); CREATE TABLE wanted (a INTEGER, b TEXT, c REAL, d)");
    const insert = database.prepare("INSERT INTO wanted VALUES (?, ?, ?, ?)");
    for (const row of values) insert.run(...row);
  });
  expect(await rowsOf(bytes, "wanted")).toEqual(values);
  expect(await rowsOf(bytes, "other")).toEqual([]);
});

it("reads values that go on over several pages", async () => {
  const blobs = [10, 4_000, 4_096, 70_000, 1_000_003].map((length) => Buffer.alloc(length, length % 251));
  const bytes = sqliteDatabase((database) => {
    database.exec("PRAGMA page_size = 4096; CREATE TABLE wanted (a BLOB)");
    const insert = database.prepare("INSERT INTO wanted VALUES (?)");
    for (const blob of blobs) insert.run(blob);
  });
  const found = (await rowsOf(bytes, "wanted")).map(([value]) => value);
  expect(found).toHaveLength(blobs.length);
  for (const [index, blob] of blobs.entries()) expect(Buffer.compare(found[index] as Buffer, blob)).toBe(0);
});

it.each([512, 1024, 65_536])("reads pages of %i bytes", async (pageBytes) => {
  const bytes = sqliteDatabase((database) => {
    database.exec(`PRAGMA page_size = ${pageBytes}; CREATE TABLE wanted (a)`);
    for (let index = 0; index < 200; index += 1)
      database.exec(`INSERT INTO wanted VALUES ('${"x".repeat(index * 7)}')`);
  });
  expect((await rowsOf(bytes, "wanted")).map(([value]) => String(value).length)).toEqual(
    Array.from({ length: 200 }, (_, index) => index * 7),
  );
});

it("says that there is no such table", async () => {
  const bytes = sqliteDatabase((database) => database.exec("CREATE TABLE other (x)"));
  await expect(rowsOf(bytes, "wanted")).rejects.toMatchObject({ code: "artifact.malformed" });
});

it("ends at a page that points back to where it came from", async () => {
  const bytes = sqliteDatabase((database) => {
    database.exec("CREATE TABLE wanted (a)");
    for (let index = 0; index < 2_000; index += 1)
      database.exec(`INSERT INTO wanted VALUES ('${"x".repeat(50)}')`);
  });
  const looped = Buffer.from(bytes);
  for (let page = 4096; page < looped.length; page += 4096)
    if (looped[page] === 5) looped.writeUInt32BE(page / 4096 + 1, page + 8);
  await expect(rowsOf(looped, "wanted")).rejects.toMatchObject({ code: "artifact.malformed" });
});
