import { generateKeyPairSync } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { type IntelBase, openIntel } from "../intel.ts";
import { indicatorFact, retirementFact, supplierFact, trustedKeyFact } from "./entry-facts.ts";

let folder = "";
let intel: IntelBase;
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), "sallyport-intel-"));
  const clock = { now: () => new Date("2026-11-25T12:00:00Z") };
  intel = await openIntel({ file: join(folder, "intel.db"), clock, sources: [] });
});
afterEach(() => {
  intel.close();
  rmSync(folder, { recursive: true, force: true });
});

const by = { owner: "it@example.invalid", reason: "we no longer use it" };
const padInput = { product: "Example Pad", vendor: "Example Software", retiredOn: "2024-01-31" };
const pad = { product: "Example Pad", vendor: "Example Software", version: "1.0", identifiers: [] };

it("counts what is entered, until it is taken back, and keeps both on record", async () => {
  expect(intel.answers().snapshotsOn("lifecycle")).toEqual([]);
  const entry = intel.organisation.add({ fact: retirementFact(padInput), ...by });
  const answers = intel.answers();
  expect(answers.snapshotsOn("lifecycle")).toMatchObject([
    { source: "organisation", authority: "organisation" },
  ]);
  expect(answers.snapshotsOn("supplier")).toEqual([]);
  expect(await answers.lifecycles(pad)).toMatchObject([
    { match: "certain", fact: { retiredOn: "2024-01-31" } },
  ]);
  intel.organisation.remove(entry.id, { owner: "it@example.invalid", reason: "it was another product" });
  expect(await intel.answers().lifecycles(pad)).toEqual([]);
  expect(intel.answers().snapshotsOn("lifecycle")).toEqual([]);
  expect(intel.organisation.list()).toMatchObject([
    { id: entry.id, ...by, removed: { because: "it was another product" } },
  ]);
});

it("adds to what was entered before, and refuses the same twice", async () => {
  intel.organisation.add({ fact: retirementFact(padInput), ...by });
  const supplier = supplierFact({
    name: "Example Software Ltd.",
    domains: ["Downloads.Example."],
    coolingOffDays: 7,
  });
  intel.organisation.add({ fact: supplier, ...by });
  expect(() => intel.organisation.add({ fact: supplier, ...by })).toThrow(/stands there already/);
  const answers = intel.answers();
  expect(await answers.lifecycles(pad)).toHaveLength(1);
  expect(await answers.supplier("Example Software, Ltd")).toMatchObject({
    fact: { coolingOffDays: 7, domains: ["downloads.example"] },
  });
  expect(await answers.supplier("Example Softwares")).toBeUndefined();
});

it("holds together what is entered of one supplier: every domain, and the longest time of waiting", async () => {
  const enter = (given: { domains: string[]; coolingOffDays?: number }, owner: string) =>
    intel.organisation.add({ fact: supplierFact({ name: "Example Software", ...given }), ...by, owner });
  enter({ domains: ["a.example"] }, "it@example.invalid");
  expect((await intel.answers().supplier("Example Software"))?.fact.coolingOffDays).toBeUndefined();
  enter({ domains: [], coolingOffDays: 2 }, "it@example.invalid");
  enter({ domains: ["b.example"], coolingOffDays: 30 }, "audit@example.invalid");
  enter({ domains: [], coolingOffDays: 0 }, "sales@example.invalid");
  expect(await intel.answers().supplier("Example Software")).toMatchObject({
    fact: { coolingOffDays: 30, domains: ["a.example", "b.example"] },
  });
});

it("finds an indicator however it is written, and a trusted key", async () => {
  const value = "AB:".repeat(32).slice(0, -1).replace("AB", "CD");
  intel.organisation.add({ fact: indicatorFact({ kind: "sha256", value, title: "Seen here" }), ...by });
  const text = generateKeyPairSync("ed25519").publicKey.export({ type: "spki", format: "pem" }).toString();
  intel.organisation.add({
    fact: trustedKeyFact({ name: "releases", text, purposes: ["releases"] }),
    ...by,
  });
  const found = await intel
    .answers()
    .indicators([{ kind: "sha256", value: value.replaceAll(":", "").toLowerCase() }]);
  expect(found).toHaveLength(1);
  expect([...intel.every("trust")]).toMatchObject([{ fact: { name: "releases", form: "public-key" } }]);
});

describe("refuses", () => {
  const privateKey = () =>
    generateKeyPairSync("ed25519").privateKey.export({ type: "pkcs8", format: "pem" }).toString();
  it.each<[string, () => unknown, RegExp]>([
    [
      "a product without its maker",
      () => retirementFact({ product: "Pad", retiredOn: "2024-01-01" }),
      /vendor/,
    ],
    ["a retirement without a day", () => retirementFact({ product: "Pad", vendor: "Example" }), /since when/],
    ["a package URL that is none", () => withIdentifier("purl", "pkg:npm"), /no package URL/],
    ["a CPE name that is none", () => withIdentifier("cpe", "/a:example:pad"), /no CPE name/],
    ["a day that there is not", () => retirementFact({ ...padInput, retiredOn: "2024-02-30" }), /no day/],
    ["half a day", () => retirementFact({ ...padInput, retiredOn: "2024-02" }), /no day/],
    ["an empty name", () => supplierFact({ name: " ", domains: ["a.example"] }), /name needs/],
    ["a supplier of whom nothing is said", () => supplierFact({ name: "A", domains: [] }), /what is to hold/],
    ["a name that is no domain", () => supplierFact({ name: "A", domains: ["no domain"] }), /no domain/],
    ["half days", () => supplierFact({ name: "A", domains: [], coolingOffDays: 1.5 }), /whole number/],
    ["a hash that is none", () => indicatorFact({ kind: "sha256", value: "xyz", title: "A" }), /digest/],
    ["a private key", () => trustedKeyFact({ name: "A", text: privateKey(), purposes: [] }), /private/],
    [
      "a text that is no key",
      () => trustedKeyFact({ name: "A", text: "key", purposes: [] }),
      /no certificate/,
    ],
    ["an entry without an owner", () => add({ ...by, owner: " " }), /owner/],
    ["an entry without a reason", () => add({ ...by, reason: "" }), /reason/],
    ["to remove what is not there", () => intel.organisation.remove("abcd", by), /no entry/],
  ])("%s", (_, act, message) => {
    expect(act).toThrow(message);
  });
  const withIdentifier = (kind: "purl" | "cpe", value: string) =>
    retirementFact({ ...padInput, identifiers: [{ kind, value }] });
  const add = (who: typeof by) => intel.organisation.add({ fact: retirementFact(padInput), ...who });
});
