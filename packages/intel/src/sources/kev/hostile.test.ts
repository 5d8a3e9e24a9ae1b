import { describe, expect, it } from "vitest";
import { readAll } from "../../witnesses/read.fixture.ts";
import { kev } from "./index.ts";
import { catalogueOf, entryWith, sample } from "./sample.fixture.ts";

const NAME = "known_exploited_vulnerabilities.json";
const CSV = "known_exploited_vulnerabilities.csv";
const read = (content: string | Uint8Array, name = NAME) => readAll(kev, { [name]: content });

describe("kev, with hostile catalogues", () => {
  it.each<[string, unknown, string]>([
    ["no CVE", entryWith({ cveID: "CVE-1" }), '"cveID" is no CVE'],
    ["a number for a maker", entryWith({ vendorProject: 7 }), '"vendorProject" is no text'],
    ["no product", entryWith({ product: "" }), '"product" is missing'],
    ["a day the calendar lacks", entryWith({ dateAdded: "2024-02-30" }), '"dateAdded" is no date'],
    [
      "a product without end",
      entryWith({ product: "x".repeat(5000) }),
      '"product" is longer than 200 characters',
    ],
    ["NUL in a name", entryWith({ product: "a\0b" }), '"product" holds a NUL character'],
    ["a list", [], '"vulnerabilities" holds no object'],
    ["nothing", null, '"vulnerabilities" holds no object'],
    [
      "a CVE that stood there",
      entryWith({ cveID: "CVE-2024-0009" }),
      '"cveID" names CVE-2024-0009 a second time',
    ],
  ])("tells of an entry with %s, and reads the others", async (_, entry, because) => {
    const { facts, skipped } = await read(catalogueOf([entryWith({ cveID: "CVE-2024-0009" }), entry]));
    expect(facts).toMatchObject([{ cve: "CVE-2024-0009" }]);
    expect(skipped).toMatchObject([{ file: NAME, because }]);
  });

  it.each<[string, string | Uint8Array, string]>([
    [
      "fewer entries than it counts",
      catalogueOf([entryWith()], { count: 2 }),
      "says that it holds 2 entries, and holds 1",
    ],
    ["no date", catalogueOf([], { dateReleased: "soon" }), '"dateReleased" is no date and time'],
    ["no list", catalogueOf([], { vulnerabilities: {} }), '"vulnerabilities" is no list'],
    ["another root", "[]", '"dateReleased" is missing'],
    ["UTF-16", Buffer.from(`\ufeff${catalogueOf([])}`, "utf16le"), "is UTF-16, and must be UTF-8"],
    ["broken UTF-8", Buffer.from([0x7b, 0x22, 0xff, 0x22]), "is not UTF-8"],
    ["nothing in it", "", "is empty"],
  ])("refuses one with %s", async (_, content, message) => {
    await expect(read(content)).rejects.toThrow(message);
  });

  it("says on which line it is no JSON", async () => {
    await expect(read('{\n"title": "x",\n"count": oops\n}')).rejects.toThrow(`${NAME}:3: is not JSON`);
  });

  it("takes a byte order mark for none", async () => {
    expect((await read(`\ufeff${catalogueOf([entryWith()])}`)).facts).toHaveLength(1);
  });

  it("takes prototype's names for names", async () => {
    const entry = JSON.stringify(entryWith()).replace(
      "{",
      '{"__proto__": {"product": "x"}, "constructor": 1,',
    );
    const text = catalogueOf([])
      .replace('"vulnerabilities":[]', `"vulnerabilities":[${entry}]`)
      .replace('"count":0', '"count":1');
    expect((await read(text)).facts).toMatchObject([{ about: { product: "Example Viewer" } }]);
  });

  it("survives deep nesting", async () => {
    const deep = "[".repeat(200_000) + "]".repeat(200_000);
    await expect(read(`{"dateReleased": "2024-01-01T00:00:00Z", "count": ${deep}}`)).rejects.toMatchObject({
      code: expect.stringMatching(/^feed\./),
    });
  });

  it("throws wherever it is cut off", async () => {
    const whole = sample[NAME] ?? new Uint8Array();
    for (let length = 0; length < whole.length; length += 7)
      await expect(read(whole.subarray(0, length))).rejects.toMatchObject({ code: "feed.truncated" });
  });

  it.each<[string, string, string]>([
    ["without its columns", "a,b,c\n1,2,3\n", "has no column cveID, vendorProject, product, dateAdded"],
    [
      "with a quote that is never closed",
      `cveID,vendorProject,product,dateAdded\n"CVE`,
      "a quote is never closed",
    ],
    [
      "with text behind a quote",
      `cveID,vendorProject,product,dateAdded\n"a"b,c,d,e\n`,
      "something follows a closed quote",
    ],
  ])("refuses a comma-separated file %s", async (_, content, message) => {
    await expect(read(content, CSV)).rejects.toThrow(message);
  });

  it("tells of a row with other columns, by its line", async () => {
    const rows = "cveID,vendorProject,product,dateAdded\nCVE-2024-0001,a\nCVE-2024-0002,a,b,2024-01-01\n";
    const { facts, skipped } = await read(rows, CSV);
    expect(facts).toMatchObject([{ cve: "CVE-2024-0002" }]);
    expect(skipped).toEqual([{ file: CSV, line: 2, because: '"row" has 2 columns instead of 4' }]);
  });
});
