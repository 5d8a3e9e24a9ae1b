import { hash } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { afterEach, beforeEach, expect, it } from "vitest";
import type { Fact } from "../fact.ts";
import { openIntel } from "../intel.ts";
import { keysOf } from "../match/index.ts";
import type { Naming } from "../naming.ts";
import { KEYS_EDITION } from "./keying.ts";

let file = "";
beforeEach(() => {
  file = join(mkdtempSync(join(tmpdir(), "sallyport-intel-")), "intel.db");
});
afterEach(() => rmSync(join(file, ".."), { recursive: true, force: true }));

const open = () => openIntel({ file, clock: { now: () => new Date("2026-11-25T12:00:00Z") }, sources: [] });
const about: Naming = {
  product: "Example Pad",
  vendor: "Example Software",
  identifiers: [],
  scheme: "generic",
  versions: "all",
};
const facts: readonly Fact[] = [
  { kind: "lifecycle", about, lifecycle: { product: "Example Pad", retiredOn: "2024-01-31" } },
  {
    kind: "witness",
    witness: {
      sha256: "ab".repeat(32),
      packageId: "Example.Pad",
      product: "Example Pad",
      vendor: "Example Software",
      version: "1.0",
    },
  },
];

it("makes keys anew that another edition of the program made", async () => {
  const source = {
    ...{ id: "list", title: "A list", licence: "MIT", authority: "public" as const },
    ...{ answers: ["lifecycle", "witness"] as const, staleAfterDays: 30 },
  };
  const first = await open();
  const load = { source, fetchedAt: new Date("2026-11-25"), sha256: "0".repeat(64), files: [] };
  await first.load(load, { facts });
  first.close();
  const raw = new DatabaseSync(file);
  raw.exec("UPDATE fact_key SET key = 'as it was made once ' || key");
  raw.exec("UPDATE witness_package_key SET key = 'as it was made once ' || key");
  raw.exec("UPDATE keying SET edition = edition - 1");
  raw.close();
  const second = await open();
  const claim = { ...about, version: "1.0" };
  expect(await second.answers().lifecycles(claim)).toHaveLength(1);
  expect((await second.answers().witnesses("cd".repeat(32), claim)).disagree).toHaveLength(1);
  second.close();
});

it("is told by this test that the keys changed: raise KEYS_EDITION, and write down what they are now", () => {
  const names: readonly Partial<Naming>[] = [
    { product: "X_TRADER", vendor: "Trading Technologies International, Inc." },
    { product: "Microsoft® Visual C++ 2015-2022 Redistributable (x64)", vendor: "Microsoft Corporation" },
    { product: "7-Zip 24.08 (x64)", productAliases: ["7zip"], fileNames: ["7z2408-x64.exe"] },
    { identifiers: [{ kind: "purl", value: "pkg:deb/debian/curl@7.88.1-10?arch=amd64" }] },
    { identifiers: [{ kind: "cpe", value: "cpe:2.3:a:igor_pavlov:7-zip:24.08:*:*:*:*:*:*:*" }] },
    { identifiers: [{ kind: "bundle-id", value: "com.example.Pad" }] },
  ];
  const keys = names.map((naming) => keysOf({ ...about, ...naming, identifiers: naming.identifiers ?? [] }));
  expect([KEYS_EDITION, hash("sha256", JSON.stringify(keys)).slice(0, 16)]).toEqual([2, "52087226a66783db"]);
});
