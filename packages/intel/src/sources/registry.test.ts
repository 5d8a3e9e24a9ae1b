import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Budget, MemorySource, SallyportError } from "@sallyport/core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Fact } from "../fact.ts";
import type { IntelSource, SkippedRow } from "../source.ts";
import { keysOfFact } from "../store/fact-keys.ts";
import { sources } from "./registry.ts";

type Files = Readonly<Record<string, Uint8Array>>;

const folders = readdirSync(import.meta.dirname, { withFileTypes: true })
  .filter((entry) => entry.isDirectory())
  .map(({ name }) => name);
const SECTIONS = ["## What it decides", "## How", "## What it cannot see", "## Example"];
/** Enough to cut inside of every part of a sample, few enough for all sources. */
const CUTS = 60;
let scratchFolder = "";
beforeAll(() => {
  scratchFolder = mkdtempSync(join(tmpdir(), "sallyport-sources-"));
});
afterAll(() => rmSync(scratchFolder, { recursive: true, force: true }));

it("lists every folder, by the folder's name, and nothing without one", () => {
  expect(sources.map(({ id }) => id).sort()).toEqual(folders.sort());
});

async function sampleOf({ id }: IntelSource): Promise<{ sample: Files; trustedKeys?: readonly string[] }> {
  return import(`./${id}/sample.fixture.ts`);
}

interface Result {
  readonly facts: readonly Fact[];
  readonly skipped: readonly SkippedRow[];
  readonly error?: unknown;
}

async function read(source: IntelSource, files: Files): Promise<Result> {
  const { trustedKeys } = await sampleOf(source);
  const facts: Fact[] = [];
  const skipped: SkippedRow[] = [];
  const limits = { entries: 10_000, bytes: 64 * 1024 * 1024, depth: 12, milliseconds: 60_000 };
  const context = {
    budget: new Budget(limits),
    now: new Date("2026-11-25T12:00:00Z"),
    scratchFolder,
    ...(trustedKeys !== undefined && { trustedKeys }),
    skip: (row: SkippedRow) => skipped.push(row),
  };
  const given = Object.entries(files).map(([name, bytes]) => ({ name, source: new MemorySource(bytes) }));
  try {
    await source.asOf?.(given, context);
    for await (const fact of source.read(given, context)) facts.push(fact);
    return { facts, skipped };
  } catch (error) {
    return { facts, skipped, error };
  }
}

/**
 * Bad input is told, as what it is: a feed that cannot count, one that is larger than it may be, or rows that do not count. A
 * reading without a fact is told by whoever loads it, which nothing may replace.
 */
const isTold = ({ error, skipped, facts }: Result, fewest: number): boolean =>
  error === undefined
    ? skipped.length > 0 || facts.length === 0 || facts.length >= fewest
    : error instanceof SallyportError && /^(?:feed\.|artifact\.over-limit)/.test(error.code);

const withFile = (files: Files, name: string, bytes: Uint8Array): Files => ({ ...files, [name]: bytes });

describe.each(sources.map((source) => [source.id, source] as const))("the source %s", (id, source) => {
  it("says what it is, whose, under which licence and for how long it counts", () => {
    expect(id).toMatch(/^[a-z0-9]+(-[a-z0-9]+)*$/);
    for (const text of [source.title, source.document, source.licence]) expect(text).not.toBe("");
    expect(source.answers.length).toBeGreaterThan(0);
    expect(source.staleAfterDays).toBeGreaterThan(0);
    const ways = [source.downloads, source.choice, source.recognises, source.shipped];
    expect(ways.some((way) => way !== undefined)).toBe(true);
    for (const { url, maxBytes } of source.downloads ?? []) {
      expect(new URL(url).protocol).toBe("https:");
      expect(maxBytes).toBeGreaterThan(0);
    }
  });

  it("has a page with the four sections", () => {
    const page = readFileSync(join(import.meta.dirname, id, "page.md"), "utf8");
    expect(page.split("\n").filter((line) => line.startsWith("## "))).toEqual(SECTIONS);
  });

  it("has tests of its own", () => {
    expect(readdirSync(join(import.meta.dirname, id)).some((name) => name.endsWith(".test.ts"))).toBe(true);
  });

  it("reads its sample, to facts that can be found again", async () => {
    const { sample } = await sampleOf(source);
    const { facts, error } = await read(source, sample);
    expect(error).toBeUndefined();
    expect(facts.length).toBeGreaterThan(0);
    for (const fact of facts)
      if (!["rule", "trust", "witness"].includes(fact.kind))
        expect(keysOfFact(fact), fact.kind).not.toEqual([]);
  });

  it("tells of a file that ends too early, wherever it ends", async () => {
    const { sample } = await sampleOf(source);
    const whole = await read(source, sample);
    for (const [name, bytes] of Object.entries(sample))
      for (let cut = 0; cut < CUTS; cut += 1) {
        const length = Math.floor((bytes.length * cut) / CUTS);
        const result = await read(source, withFile(sample, name, bytes.subarray(0, length)));
        expect(isTold(result, 1), `${name} cut at ${length}: ${String(result.error)}`).toBe(true);
        expect(result.facts.length).toBeLessThanOrEqual(whole.facts.length);
      }
  });

  it("tells of a file that is something else", async () => {
    const { sample } = await sampleOf(source);
    for (const [name, bytes] of Object.entries(sample)) {
      const others: Files = {
        nothing: Buffer.alloc(0),
        zeros: Buffer.alloc(5000),
        noise: Buffer.from(Array.from({ length: 5000 }, (_, at) => (at * at * 31 + 7) % 256)),
        null: Buffer.from("null"),
        list: Buffer.from("[]"),
        object: Buffer.from("{}"),
        prototype: Buffer.from('{"__proto__":{"vulnerabilities":[1]},"constructor":1}'),
        nested: Buffer.from("[".repeat(100_000)),
        page: Buffer.from("<!doctype html><html><body>Sign in to continue</body></html>"),
        "UTF-16": Buffer.from(Buffer.from(bytes).toString("latin1"), "utf16le"),
      };
      for (const [what, other] of Object.entries(others)) {
        const { facts, skipped, error } = await read(source, withFile(sample, name, other));
        const label = `${name} is ${what}: ${String(error)}`;
        expect(isTold({ facts, skipped, error }, Number.POSITIVE_INFINITY), label).toBe(true);
        if (Object.keys(sample).length === 1) expect(facts, label).toEqual([]);
      }
    }
  });
});
