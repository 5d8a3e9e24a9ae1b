import type { Intel, Snapshot } from "@sallyport/core";
import { expect, it } from "vitest";
import { contextWith, lookWith, rootWith } from "../check.fixture.ts";
import { knowledgeAge } from "./index.ts";

const snapshot = (source: string, isStale: boolean): Snapshot => ({
  id: `${source}:1`,
  source,
  title: source.toUpperCase(),
  authority: "public",
  licence: "CC0-1.0",
  asOf: "2025-12-01T10:00:00.000Z",
  fetchedAt: "2025-12-02T10:00:00.000Z",
  isStale,
});

const look = (...snapshots: Snapshot[]) =>
  lookWith(knowledgeAge, {
    artifact: rootWith({}),
    context: contextWith({ intel: { snapshots } as unknown as Intel }),
  });

it("names every source that is too old, how old it is, and what to do", async () => {
  expect(await look(snapshot("kev", true), snapshot("epss", false), snapshot("osv", true))).toEqual([
    {
      outcome: "fail",
      because: "KEV is of 2025-12-01, older than it should be; run: sallyport intel sync kev",
      facts: { source: "kev", snapshot: "kev:1", ageDays: 31 },
    },
    expect.objectContaining({ facts: { source: "osv", snapshot: "osv:1", ageDays: 31 } }),
  ]);
});

it("passes while all are fresh", async () => {
  expect(await look(snapshot("kev", false))).toMatchObject({ outcome: "pass", facts: {} });
});

it("is not checked where nothing was read", async () => {
  expect(await look()).toEqual({ notChecked: "nothing that the world knows was read here" });
  expect(await lookWith(knowledgeAge, { artifact: rootWith({}), context: contextWith({}) })).toHaveProperty(
    "notChecked",
  );
});
