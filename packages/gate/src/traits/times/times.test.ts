import { describe, expect, it } from "vitest";
import { contextOf, portraitOf } from "../trait.fixture.ts";
import type { Pair } from "../trait.ts";
import { times } from "./index.ts";

const NOW = new Date("2026-03-01T00:00:00Z");
const COMMON = "1985-10-26T08:15:00.000Z";
type Dates = Readonly<Record<string, string>>;

async function compare(before: Dates, after: Dates, now: Date | undefined = NOW): Promise<string[]> {
  const draw = (path: string, modifiedAt: string | undefined) =>
    modifiedAt === undefined
      ? undefined
      : portraitOf([], { path, attributes: { modifiedAt }, bytes: Buffer.from(path) });
  const pairs: Pair[] = [];
  for (const path of new Set([...Object.keys(before), ...Object.keys(after)]))
    pairs.push({ before: await draw(path, before[path]), after: await draw(path, after[path]), how: "path" });
  const found = times.compareReleases?.({ ...contextOf(pairs), ...(now && { now }) }) ?? [];
  return [...found].map(({ rule, risk, path }) => `${risk} ${rule} ${path}`.trim());
}
const many = (date: string, from = 0): Dates =>
  Object.fromEntries(Array.from({ length: 20 }, (_, at) => [`f${at + from}`, date]));

describe("dates to come", () => {
  it("holds a file from the future, and not one of tomorrow, for clocks are wrong", async () => {
    expect(await compare({ a: "2026-01-01T00:00:00Z" }, { a: "2027-01-01T00:00:00Z" })).toEqual([
      "high future a",
    ]);
    expect(await compare({ a: "2026-01-01T00:00:00Z" }, { a: "2026-03-02T00:00:00Z" })).toEqual([]);
  });

  it("says nothing where it was so before, or nobody says what day it is", async () => {
    expect(await compare({ a: "2031-01-01T00:00:00Z" }, { a: "2032-01-01T00:00:00Z" })).toEqual([]);
    expect(
      await compare({ a: "2026-01-01T00:00:00Z" }, { a: "2032-01-01T00:00:00Z" }, new Date(8.64e15)),
    ).toEqual([]);
  });
});

describe("one date for all", () => {
  it("shows the one file that has another", async () => {
    const after = { ...many(COMMON), extra: "2026-02-28T10:00:00.000Z" };
    expect(await compare(many(COMMON), after)).toEqual(["medium out-of-line extra"]);
    expect(await compare(many(COMMON), { ...after, extra: "2027-01-01T00:00:00Z" })).toEqual([
      "high future extra",
    ]);
  });

  it("leaves a file alone that is older than the date later ones were brought down to", async () => {
    const built = many("2026-02-28T10:00:00.000Z");
    const after = { ...many("2026-02-28T10:00:00.000Z"), extra: "2025-12-31T10:33:04.000Z" };
    expect(await compare(built, after)).toEqual(["info out-of-line extra"]);
  });

  it("says nothing when all have another, many have, or there was no one date before", async () => {
    const date = "2026-02-28T10:00:00.000Z";
    expect(await compare(many(COMMON), many(date))).toEqual([]);
    expect(await compare(many(COMMON), { ...many(COMMON), ...many(date, 20) })).toEqual([]);
    expect(
      await compare({ ...many(COMMON), x: date }, { ...many(COMMON), x: "2026-02-28T11:00:00.000Z" }),
    ).toEqual([]);
  });
});

it("shows a release that is older than the one it replaces", async () => {
  expect(await compare({ a: "2026-01-01T00:00:00Z" }, { a: "2025-06-01T00:00:00Z" })).toEqual(["low older"]);
  expect(await compare({ a: "2026-01-20T00:00:00Z" }, { a: "2026-01-01T00:00:00Z" })).toEqual(["info older"]);
  expect(await compare({ a: "2026-01-20T00:00:00Z" }, { a: COMMON })).toEqual([]);
});
