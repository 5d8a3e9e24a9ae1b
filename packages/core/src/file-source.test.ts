import { closeSync, ftruncateSync, mkdtempSync, openSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { CHUNK_BYTES, FileSource, readExactly } from "./index.ts";

const SIZE_BYTES = 2 * CHUNK_BYTES + 7;
const bytes = Buffer.from(Array.from({ length: 251 }, (_, at) => at));
const content = Buffer.alloc(SIZE_BYTES, bytes);
let folder = "";
let descriptor = 0;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "file-source-"));
  writeFileSync(join(folder, "file"), content);
  descriptor = openSync(join(folder, "file"), "r+");
});

afterEach(() => {
  closeSync(descriptor);
  rmSync(folder, { recursive: true });
});

it("reads any range, and less only at the end", async () => {
  const source = new FileSource(descriptor);
  expect(Buffer.from(await source.read(300, 5))).toEqual(content.subarray(300, 305));
  expect(await source.read(SIZE_BYTES - 2, 100)).toHaveLength(2);
  expect(await source.read(SIZE_BYTES + 5, 100)).toHaveLength(0);
});

it("streams a range in pieces of bounded size", async () => {
  const pieces: Uint8Array[] = [];
  for await (const piece of new FileSource(descriptor).stream(3)) pieces.push(piece);
  expect(pieces.every(({ length }) => length <= CHUNK_BYTES)).toBe(true);
  expect(Buffer.concat(pieces).equals(content.subarray(3))).toBe(true);
});

it("says so when the file gets shorter while it is read", async () => {
  const source = new FileSource(descriptor);
  ftruncateSync(descriptor, 100);
  await expect(source.read(90, 20)).rejects.toMatchObject({ code: "world.changed" });
  await expect(source.read(CHUNK_BYTES, CHUNK_BYTES)).rejects.toMatchObject({ code: "world.changed" });
  const reading = async () => {
    for await (const _ of source.stream());
  };
  await expect(reading()).rejects.toMatchObject({ code: "world.changed" });
});

it("keeps the size it had when it was opened", async () => {
  const source = new FileSource(descriptor);
  ftruncateSync(descriptor, SIZE_BYTES * 2);
  expect(source.sizeBytes).toBe(SIZE_BYTES);
  await expect(readExactly(source, SIZE_BYTES - 1, 2, "mark")).rejects.toMatchObject({
    code: "artifact.truncated",
  });
});

it("refuses what is not a regular file", () => {
  const device = openSync(folder, "r");
  try {
    expect(() => new FileSource(device)).toThrow(expect.objectContaining({ code: "usage.file" }));
  } finally {
    closeSync(device);
  }
});
