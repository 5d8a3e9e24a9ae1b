import { describe, expect, it } from "vitest";
import { readAll } from "../../witnesses/read.fixture.ts";
import { buildTar } from "../../witnesses/tar.fixture.ts";
import { vulnrichment } from "./index.ts";
import { cveRecord, sample, viewer } from "./sample.fixture.ts";

const good = JSON.stringify(cveRecord([viewer([{ version: "1", status: "affected" }])]));
const among = (text: string | Uint8Array) =>
  readAll(vulnrichment, {
    "v.tar": buildTar({ "v/CVE-2024-0002.json": text, "v/CVE-2024-0003.json": good }),
  });
const alone = (record: unknown) => readAll(vulnrichment, { "CVE-2024-0001.json": JSON.stringify(record) });
const affected = (entry: unknown) => alone(cveRecord([entry]));

describe("vulnrichment, with hostile records", () => {
  it.each<[string, string | Uint8Array, string]>([
    ["an empty file", "", "is empty"],
    ["one that ends early", '{"cveMetadata": {', "ends in the middle"],
    ["UTF-16", Buffer.from(`\ufeff${good}`, "utf16le"), "is UTF-16"],
    ["a list", "[]", '"record" is no object'],
    ["no metadata", "{}", '"cveMetadata" is missing'],
    ["no CVE", good.replaceAll("CVE-2024-0001", "CVE-x"), '"cveId" is no CVE'],
    ["no containers", '{"cveMetadata": {"cveId": "CVE-2024-0001"}}', '"containers" is missing'],
    [
      "an object for a list",
      good.replace('"affected":[', '"affected":{"a":[').replace('],"metrics"', ']},"metrics"'),
      "is no list",
    ],
  ])("tells of %s, and reads the others", async (_, text, because) => {
    const { facts, skipped } = await among(text);
    expect(facts).toHaveLength(2);
    expect(skipped).toEqual([
      { file: "v.tar/v/CVE-2024-0002.json", because: expect.stringContaining(because) },
    ]);
  });

  it.each<[string, unknown, string]>([
    ["no object", "x", '"affected" holds no object'],
    ["a number for a version", viewer([{ version: 7, status: "affected" }]), '"version" is no text'],
    ["versions that are none", viewer([7]), '"versions" holds no object'],
    ["a maker without end", { vendor: "x".repeat(5000), product: "y" }, '"vendor" is longer than'],
    ["CPEs that are none", viewer([], { cpes: [7] }), '"cpes" is no text'],
  ])("tells of an entry with %s", async (_, entry, because) => {
    const { skipped } = await affected(entry);
    expect(skipped).toMatchObject([{ row: "cna.affected[0]", because: expect.stringContaining(because) }]);
  });

  it("reads versions without end in no time, and makes nothing of them", async () => {
    const texts = ["1".repeat(900), `< ${"1.".repeat(400)}`, `${"1".repeat(190)} - `, "a".repeat(1000)];
    const { facts } = await affected(viewer(texts.map((version) => ({ version, status: "affected" }))));
    expect(facts[1]).toMatchObject({ about: { versions: { ranges: [], exact: [] } } });
  });

  it("takes prototype's names for names", async () => {
    const text = good.replace('{"vendor"', '{"__proto__": {"vendor": 7}, "constructor": 1, "vendor"');
    expect((await readAll(vulnrichment, { "CVE-2024-0001.json": text })).facts).toHaveLength(2);
  });

  it("throws where an archive is cut off", async () => {
    const whole = sample["vulnrichment.tar.gz"] ?? new Uint8Array();
    for (let length = 0; length < whole.length; length += 5)
      await expect(
        readAll(vulnrichment, { "vulnrichment.tar.gz": whole.subarray(0, length) }),
      ).rejects.toMatchObject({
        code: expect.stringMatching(/^feed\./),
      });
  });
});
