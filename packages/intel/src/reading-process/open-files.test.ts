import { fstatSync, mkdtempSync, readSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { openFiles } from "./open-files.ts";

let folder = "";
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "open-files-"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const put = (name: string, content: string) => {
  writeFileSync(join(folder, name), content);
  return { name, path: join(folder, name) };
};

it("hands over few files as they are", () => {
  using opened = new DisposableStack();
  const { files, descriptors } = openFiles([put("a", "A"), put("b", "")], folder, opened);
  expect(files).toEqual([
    { name: "a", descriptor: 0 },
    { name: "b", descriptor: 1 },
  ]);
  expect(descriptors.map((one) => fstatSync(one).size)).toEqual([1, 0]);
});

it("hands over very many small files as one, and large ones as they are", () => {
  using opened = new DisposableStack();
  const small = Array.from({ length: 400 }, (_, index) => put(`${index}`, "x".repeat(index)));
  const large = "y".repeat(100_000);
  const { files, descriptors } = openFiles([...small, put("large", large)], folder, opened);
  expect(descriptors).toHaveLength(2);
  const contentOf = (index: number): string => {
    const { descriptor = 0, offset = 0, sizeBytes = 100_000 } = files[index] ?? {};
    const bytes = Buffer.alloc(sizeBytes);
    readSync(descriptors[descriptor] ?? -1, bytes, 0, sizeBytes, offset);
    return bytes.toString();
  };
  for (const index of [0, 1, 399]) expect(contentOf(index)).toBe("x".repeat(index));
  expect(contentOf(400)).toBe(large);
});

it("says which file cannot be read, and leaves none open", () => {
  const opened = new DisposableStack();
  const gone = { name: "gone", path: join(folder, "gone") };
  expect(() => openFiles([gone], folder, opened)).toThrow(/gone cannot be read/);
  opened.dispose();
});
