import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Authority, ObservableKind } from "@sallyport/core";
import { afterEach, beforeEach, expect, it } from "vitest";
import type { Fact } from "../fact.ts";
import { type IntelBase, openIntel } from "../intel.ts";

let folder = "";
let intel: IntelBase;
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), "indicator-values-"));
  const clock = { now: () => new Date("2026-11-25T12:00:00Z") };
  intel = await openIntel({ file: join(folder, "intel.db"), clock, sources: [] });
});
afterEach(() => {
  intel.close();
  rmSync(folder, { recursive: true, force: true });
});

const fact = (kind: ObservableKind, value: string): Fact => ({
  kind: "indicator",
  indicator: { kind, value, title: "Example attack", references: [] },
});

async function load(id: string, authority: Authority, facts: readonly Fact[]): Promise<void> {
  const source = {
    id,
    title: id,
    licence: "CC0-1.0",
    authority,
    answers: ["indicator"],
    staleAfterDays: 9,
  } as const;
  const rest = { fetchedAt: new Date("2026-11-25T12:00:00Z"), sha256: "ab".repeat(32), files: [] };
  await intel.load({ source, ...rest }, { facts });
}

it("hands out what counts most first, and a long list last", async () => {
  const many = Array.from({ length: 50 }, (_, index) => fact("domain", `a${index}.example`));
  await load("long-list", "public", many);
  await load("short-list", "public", [fact("domain", "z.example"), fact("text", "domain:a text")]);
  await load("our-own", "organisation", [fact("domain", "zz.example")]);
  const values = await intel.answers().indicatorValues("domain");
  expect(values.slice(0, 3)).toEqual(["zz.example", "z.example", "a0.example"]);
  expect(values).toHaveLength(52);
  expect(await intel.answers().indicatorValues("text")).toEqual(["domain:a text"]);
});

it("hands out values whole that are longer than their keys, and each once", async () => {
  const long = `https://example.com/${"a".repeat(300)}`;
  await load("one", "public", [fact("url", long), fact("url", `${long}b`)]);
  await load("two", "public", [fact("url", long)]);
  expect([...(await intel.answers().indicatorValues("url"))].sort()).toEqual([long, `${long}b`]);
  expect(await intel.answers().indicators([{ kind: "url", value: `${long}b` }])).toHaveLength(1);
});

it("tells which kinds there are", async () => {
  await load("one", "public", [fact("md5", "ab".repeat(16))]);
  const answers = intel.answers();
  expect(await answers.hasIndicators("md5")).toBe(true);
  expect(await answers.hasIndicators("sha1")).toBe(false);
});

it("answers of very many as of each, whether less is known than is asked or more", async () => {
  const long = `https://example.com/${"a".repeat(300)}`;
  await load("one", "public", [
    fact("domain", "bad.example"),
    fact("url", long),
    fact("md5", "ab".repeat(16)),
  ]);
  const asked = [
    ...Array.from({ length: 500 }, (_, at) => ({ kind: "sha256", value: `${at}` }) as const),
    { kind: "domain", value: "cdn.bad.example" },
    { kind: "url", value: long },
    { kind: "url", value: `${long}b` },
    { kind: "md5", value: "ab".repeat(16) },
  ] as const;
  const answers = intel.answers();
  const each = await Promise.all(asked.map((one) => answers.indicators([one])));
  const together = await answers.indicators(asked);
  expect(together).toEqual(each.flat());
  expect(together.map(({ fact: { kind } }) => kind)).toEqual(["domain", "url", "md5"]);
});
