import { describe, expect, it } from "vitest";
import { zipOf } from "../../reading/zip.fixture.ts";
import { readAll } from "../../witnesses/read.fixture.ts";
import { buildTar } from "../../witnesses/tar.fixture.ts";
import { osv } from "./index.ts";
import { recordWith, sample } from "./sample.fixture.ts";

const good = JSON.stringify(recordWith({ id: "GHSA-good-good-good" }));
const among = (text: string | Uint8Array) =>
  readAll(osv, { "all.zip": zipOf({ "bad.json": text, "good.json": good }) });
const alone = (record: unknown) => readAll(osv, { "one.json": JSON.stringify(record) });
const affecting = (affected: unknown) => alone(recordWith({ affected: [affected] }));
const npm = { ecosystem: "npm", name: "a" };
const semver = (events: unknown) => ({ package: npm, ranges: [{ type: "SEMVER", events }] });

describe("osv, with hostile records", () => {
  it.each<[string, string | Uint8Array, string]>([
    ["an empty file", "", "is empty"],
    ["one that ends early", '{"id": "GHSA-1", "affected": [', "ends in the middle"],
    ["UTF-16", Buffer.from(`\ufeff${good}`, "utf16le"), "is UTF-16, and must be UTF-8"],
    ["a list", "[]", '"record" is no object'],
    ["no id", "{}", '"id" is missing'],
    ["an id that is none", JSON.stringify(recordWith({ id: "<script>" })), '"id" is no identifier'],
    ["no time", JSON.stringify(recordWith({ modified: undefined })), '"modified" is missing'],
    [
      "a time that is none",
      JSON.stringify(recordWith({ modified: "yesterday" })),
      '"modified" is no date and time',
    ],
    ["aliases that are none", JSON.stringify(recordWith({ aliases: [7] })), '"aliases" is no text'],
    [
      "more of everything than there can be",
      JSON.stringify(
        recordWith({
          upstream: Array.from({ length: 150 }, (_, index) => `CVE-2024-${1000 + index}`),
          affected: Array(2000).fill({ package: npm }),
        }),
      ),
      "more than 200000 packages and vulnerabilities",
    ],
    ["an object for a list", JSON.stringify(recordWith({ affected: {} })), '"affected" is no list'],
  ])("tells of %s, and reads the others", async (_, text, because) => {
    const { facts, skipped } = await among(text);
    expect(facts).toMatchObject([{ id: "GHSA-good-good-good" }]);
    expect(skipped).toEqual([{ file: "all.zip/bad.json", because: expect.stringContaining(because) }]);
  });

  it.each<[string, unknown, string]>([
    ["no object", 7, '"affected" holds no object'],
    ["no name", { package: { ecosystem: "npm" } }, '"name" is missing'],
    ["an event that is none", semver([{ introduced: "0" }, 7]), '"events" holds what is no event'],
    ["an empty event", semver([{}]), '"events" holds an empty event'],
    ["an end before a start", semver([{ fixed: "1" }]), '"events" closes a range that was not opened'],
    [
      "versions that nobody can order",
      semver([{ introduced: "1" }, { introduced: "x y" }, { fixed: "2" }]),
      "order cannot be told",
    ],
    [
      "a version without end",
      semver([{ introduced: "1".repeat(5000) }]),
      '"introduced" is longer than 300 characters',
    ],
    ["versions that are none", { package: npm, versions: [null, {}] }, '"versions" is no text'],
    [
      "versions without end",
      {
        package: npm,
        versions: Array(30_000)
          .fill(0)
          .map((_, i) => `1.${i}`),
      },
      "more than 20000",
    ],
    [
      "a package URL that is none",
      { package: { ecosystem: "Mars", name: "a", purl: "http://x" } },
      '"purl" is no package URL',
    ],
  ])("tells of an entry with %s", async (_, affected, because) => {
    const { facts, skipped } = await affecting(affected);
    expect(facts).toEqual([]);
    expect(skipped).toMatchObject([{ row: "affected[0]", because: expect.stringContaining(because) }]);
  });

  it("takes no name out of a package's name for a path or a query", async () => {
    const { facts } = await affecting({ package: { ecosystem: "npm", name: "../../a?distro=x#y@1" } });
    expect(facts).toEqual([]);
    const odd = await affecting({ package: { ecosystem: "npm", name: "a?distro=x#y@1" } });
    expect(odd.facts).toMatchObject([
      { about: { identifiers: [{ value: "pkg:npm/a%3Fdistro%3Dx%23y%401" }] } },
    ]);
  });

  it("takes prototype's names for ecosystems nobody knows", async () => {
    for (const ecosystem of ["__proto__", "constructor", "toString"])
      expect((await affecting({ package: { ecosystem, name: "a" } })).facts).toEqual([]);
  });
});

describe("osv, with hostile archives", () => {
  it("throws where one is cut off", async () => {
    const whole = sample["npm-all.zip"] ?? new Uint8Array();
    for (let length = 0; length < whole.length; length += 5)
      await expect(readAll(osv, { "npm-all.zip": whole.subarray(0, length) })).rejects.toMatchObject({
        code: expect.stringMatching(/^feed\./),
        message: expect.stringContaining("npm-all.zip"),
      });
  });

  it("throws or tells whatever byte is flipped, and never crashes", async () => {
    const whole = Buffer.from(sample["npm-all.zip"] ?? []);
    for (let at = 0; at < whole.length; at += 3) {
      const flipped = Buffer.from(whole);
      flipped[at] = (flipped[at] ?? 0) ^ 0xff;
      await readAll(osv, { "npm-all.zip": flipped }).catch((error: unknown) =>
        expect(error).toMatchObject({ code: expect.stringMatching(/^(feed|artifact)\./) }),
      );
    }
  });

  it("believes no size: a bomb is stopped where its archive says it ends", async () => {
    const bomb = zipOf({ "a.json": "0".repeat(50 * 1024 * 1024) });
    await expect(readAll(osv, { "all.zip": bomb })).rejects.toMatchObject({ code: "feed.over-limit" });
    const lying = Buffer.from(zipOf({ "a.json": "0".repeat(1_000_000) }));
    const directory = lying.indexOf("PK\x01\x02", 0, "latin1");
    lying.writeUInt32LE(10, directory + 24);
    await expect(readAll(osv, { "all.zip": lying })).rejects.toMatchObject({ code: "feed.malformed" });
  });

  it("reads tar as well, and passes over what is no record", async () => {
    const tar = buildTar({ "README.md": "# OSV", "a/good.json": good });
    expect((await readAll(osv, { "records.tar": tar })).facts).toHaveLength(1);
  });
});
