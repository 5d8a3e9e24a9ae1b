/** Real products, as their files name themselves, and what is right to say of each on a day; each with where that is said. */

import { readFileSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Budget, type Identifier, MemorySource } from "@sallyport/core";
import { checks } from "@sallyport/gate";
import { type IntelBase, type IntelSource, openIntel, sources } from "@sallyport/intel";
import { dataFile, NO_CORPUS } from "@sallyport/testkit";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import table from "./real-products.json" with { type: "json" };

interface Row {
  readonly product: string;
  readonly vendor: string;
  readonly version: string;
  readonly expected: string;
  readonly date?: string;
  readonly identifiers?: readonly Identifier[];
  readonly source: string;
}

const rows = table.products as readonly Row[];
const clock = { now: () => new Date(`${table.asOf}T12:00:00Z`) };
const endoflifeFile = dataFile("endoflife-derived/endoflife-products.json");

let folder: string;
let base: IntelBase;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "sallyport-products-"));
  base = await openIntel({ file: join(folder, "intel.db"), clock });
  for (const source of sources) {
    const bytes = await bytesOf(source);
    if (bytes === undefined) continue;
    const files = [{ name: `${source.id}.json`, source: new MemorySource(bytes) }];
    const context = { budget: new Budget(), now: clock.now(), scratchFolder: folder, skip: () => undefined };
    const load = {
      source,
      asOf: `${table.asOf}T00:00:00.000Z`,
      fetchedAt: clock.now(),
      sha256: "0".repeat(64),
      files: [],
    };
    await base.load(load, { facts: source.read(files, context) });
  }
});
afterAll(async () => {
  base.close();
  await rm(folder, { recursive: true, force: true });
});

async function bytesOf({ id, shipped }: IntelSource): Promise<Uint8Array | undefined> {
  if (id === "endoflife") return endoflifeFile === undefined ? undefined : readFileSync(endoflifeFile);
  const [file] = id === "retirements" ? ((await shipped?.()) ?? []) : [];
  return file?.source.read(0, file.source.sizeBytes);
}

async function phaseOf({ product, vendor, version, identifiers = [] }: Row) {
  const recall = checks.find(({ id }) => id === "retired")?.recall;
  if (typeof recall !== "object") throw new Error("the check cannot be asked");
  const identity = { product, company: vendor, version };
  const root = {
    path: "",
    sha256: "0".repeat(64),
    sizeBytes: 1,
    format: "pe",
    identity,
    identifiers,
    signatures: [],
  };
  const context = {
    ...{ clock, intel: base.answers(), label: "setup.exe", expectedHash: undefined, published: undefined },
    ...{ acceptedSigners: [], exception: undefined },
  };
  const result = await recall.answer(recall.ask({ artifact: { root, members: [] }, context }), context);
  if ("notChecked" in result) return { phase: "unknown" };
  const [first] = "outcome" in result ? [result] : result;
  return { phase: first?.facts.phase, date: first?.facts.date };
}

describe("of real products", () => {
  it("says where each answer is from, of at least forty", () => {
    expect(rows.length).toBeGreaterThanOrEqual(40);
    for (const { source } of rows) expect(source).not.toBe("");
  });

  it.for(rows)("$product $version is $expected", async (row, { skip }) => {
    if (endoflifeFile === undefined && row.source.startsWith("https://endoflife.date/")) skip(NO_CORPUS);
    const { phase, date } = await phaseOf(row);
    expect(phase).toBe(row.expected);
    if (row.date !== undefined) expect(date).toBe(row.date);
  });
});
