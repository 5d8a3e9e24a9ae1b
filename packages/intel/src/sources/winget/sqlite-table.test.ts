import { expect, it } from "vitest";
import { buildIndex } from "./source-index.fixture.ts";
import { SqliteFile } from "./sqlite-table.ts";

const id = "Long.".repeat(700);
const bytes = buildIndex([{ packageId: id, path: "manifests/x.yaml", text: "x" }]);
const idsOf = (file: Buffer) =>
  [...(new SqliteFile(file, "index.db").table("ids")?.rows ?? [])].map(({ cells }) => cells.at(-1));

it("reads each row once", () => {
  expect(idsOf(bytes)).toEqual([id]);
});

it("stops where hundreds of pointers lead to one row", () => {
  const hostile = Buffer.from(bytes);
  const pageBytes = hostile.readUInt16BE(16);
  const page = Math.floor(hostile.indexOf(id.slice(0, 1000)) / pageBytes) * pageBytes;
  const cell = hostile.readUInt16BE(page + 8);
  const count = Math.floor((cell - 8) / 2);
  hostile.writeUInt16BE(count, page + 3);
  for (let at = 0; at < count; at += 1) hostile.writeUInt16BE(cell, page + 8 + at * 2);
  expect(count).toBeGreaterThan(100);
  expect(() => idsOf(hostile)).toThrow(/holds more than it is large/);
});
