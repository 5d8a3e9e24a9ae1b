import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { ArtifactError, MemorySource } from "@sallyport/core";
import { testBudget } from "@sallyport/testkit";
import { describe, expect, it } from "vitest";
import { findersFor } from "./find.ts";
import type { ComponentFinder, Parts } from "./finder.ts";
import { finders } from "./registry.ts";
import { type Sample, samples } from "./samples.fixture.ts";

/** Folders that several finders read with. */
const NO_FINDERS = ["sqlite"];
const SECTIONS = ["What it decides", "How", "What it cannot see", "Example"];
const MOST_CUTS = 400;

const sampleOf = ({ id }: ComponentFinder): Sample =>
  samples[id] ?? { path: "", bytes: Buffer.alloc(0), finds: [] };

const find = (
  finder: ComponentFinder,
  bytes: Buffer,
  { path, format = "data" }: Sample,
): Promise<Parts | undefined> =>
  finder.find(new MemorySource(bytes), {
    path,
    format,
    sizeBytes: bytes.length,
    budget: testBudget(),
    maxHeldBytes: 64 * 1024 * 1024,
  });

/** Whatever it says, it says it in the seam's way. */
async function survives(finder: ComponentFinder, bytes: Buffer, sample: Sample): Promise<void> {
  const found = await find(finder, bytes, sample).catch((error: unknown) => {
    if (!(error instanceof ArtifactError)) throw error;
    return undefined;
  });
  for (const { product, foundBy } of found?.components ?? []) {
    expect(product).not.toBe("");
    expect(foundBy).toBe(finder.id);
  }
}

it("registers every folder", () => {
  const folders = readdirSync(import.meta.dirname, { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && !NO_FINDERS.includes(entry.name))
    .map(({ name }) => name);
  expect(finders.map(({ id }) => id).toSorted()).toEqual(folders.toSorted());
});

describe.each(finders.map((finder) => [finder.id, finder] as const))("%s", (id, finder) => {
  const sample = sampleOf(finder);

  it("has a page with the four sections", () => {
    const page = join(import.meta.dirname, id, "page.md");
    expect(existsSync(page)).toBe(true);
    expect([...readFileSync(page, "utf8").matchAll(/^## (.+)$/gm)].map(([, title]) => title)).toEqual(
      SECTIONS,
    );
  });

  it("wants its sample and finds what is in it", async () => {
    const candidate = { path: sample.path, format: sample.format ?? "data", sizeBytes: sample.bytes.length };
    expect(findersFor(candidate)).toContain(id);
    const found = await find(finder, sample.bytes, sample);
    const names = found?.components.flatMap(({ identifiers }) => identifiers.map(({ value }) => value));
    expect(names).toEqual(sample.finds);
  });

  it("does not want a text that merely lies about", () => {
    for (const path of ["readme.txt", "package.json", "docs/status", "a/release.txt", "METADATA"])
      expect(findersFor({ path, format: "data", sizeBytes: 10 })).toEqual([]);
  });

  it("keeps its time for a sample that begins with a million blanks", async () => {
    for (const blank of [" ", "\n", "\t"]) {
      const bytes = Buffer.concat([Buffer.from(blank.repeat(1_000_000)), sample.bytes]);
      await survives(finder, bytes, sample);
    }
  });

  it("survives a sample that is cut anywhere", async () => {
    const step = Math.max(1, Math.floor(sample.bytes.length / MOST_CUTS));
    for (let end = 0; end < sample.bytes.length; end += step)
      await survives(finder, sample.bytes.subarray(0, end), sample);
  });

  it("survives bytes that were changed", async () => {
    const step = Math.max(1, Math.floor(sample.bytes.length / MOST_CUTS));
    for (let at = 0; at < sample.bytes.length; at += step)
      for (const value of [0x00, 0xff, 0x7f]) {
        const changed = Buffer.from(sample.bytes);
        changed[at] = value;
        await survives(finder, changed, sample);
      }
  });

  it.each([
    ["zeros", Buffer.alloc(4096)],
    ["no UTF-8", Buffer.alloc(4096, 0xff)],
    ["a byte order mark", Buffer.concat([Buffer.from("\ufeff"), sample.bytes])],
    [
      "prototype keys",
      Buffer.from(
        '{"__proto__":{"name":"x","version":"1"},"constructor":1,"libraries":{"__proto__":[]},"packages":[null,1,{}]}',
      ),
    ],
    ["deep nesting", Buffer.from("[".repeat(100_000))],
    ["a huge number", Buffer.from('{"name":"x","version":1e400,"packages":99999999999999999999}')],
    ["lines without end", Buffer.from(`Name: ${"x".repeat(200_000)}\nVersion: 1\n`)],
  ])("survives %s", async (_, bytes) => {
    await survives(finder, bytes, sample);
  });
});
