import { readFileSync } from "node:fs";
import { dataFile, NO_CORPUS } from "@sallyport/testkit";
import { describe, expect, it } from "vitest";
import { readAll } from "../../witnesses/read.fixture.ts";
import { ssvc } from "./index.ts";
import { mapping, sample, tableCsv, tableJson } from "./sample.fixture.ts";

const ROWS = [
  { kind: "decision", table: "timeline", when: { automatable: "no" }, outcome: "later" },
  { kind: "decision", table: "timeline", when: { automatable: "yes" }, outcome: "soon" },
];

describe("ssvc", () => {
  it("reads the same rows from both forms", async () => {
    expect(await readAll(ssvc, sample)).toEqual({ facts: ROWS, skipped: [] });
    expect(await readAll(ssvc, { "table.csv": tableCsv })).toEqual({ facts: ROWS, skipped: [] });
  });

  it("is fetched by the table's place", () => {
    expect(ssvc.choice?.downloads("cisa/cisa_bod_26_04_1_0_0")).toMatchObject([
      {
        name: "cisa-cisa_bod_26_04_1_0_0.json",
        url: expect.stringMatching(/data\/json\/cisa\/cisa_bod_26_04_1_0_0\.json$/),
      },
    ]);
    expect(() => ssvc.choice?.downloads("../../x")).toThrow(/named by its place/);
  });

  it("recognises both by what stands in them", () => {
    expect(ssvc.recognises?.("x.json", sample["table_1_0_0.json"] ?? new Uint8Array())).toBe(true);
    expect(ssvc.recognises?.("x.csv", Buffer.from(tableCsv))).toBe(true);
    expect(ssvc.recognises?.("x.csv", Buffer.from("cveID,product\n"))).toBe(false);
  });

  const TABLES = [
    ["cisa/cisa_bod_26_04_1_0_0", 16],
    ["cisa/cisa_coordinator_2_0_3", 36],
    ["ssvc/coordinator_triage_1_0_0", 192],
    ["ssvc/coordinator_publish_decision_table_1_0_0", 27],
    ["ssvc/deployer_patch_application_priority_1_0_0", 72],
  ] as const;
  const hasData = dataFile("ssvc/csv") !== undefined;
  it.skipIf(!hasData).each(TABLES)(
    `reads %s, %i rows, the same from both forms (${NO_CORPUS} otherwise)`,
    async (name, count) => {
      const rowsOf = async (form: string) => {
        const content = readFileSync(dataFile(`ssvc/${form}/${name}.${form}`) ?? "");
        const { facts } = await readAll(ssvc, { [`table.${form}`]: content });
        return facts.map((fact) => JSON.stringify(fact, Object.keys(fact).sort())).sort();
      };
      const rows = await rowsOf("json");
      expect(rows).toHaveLength(count);
      expect(await rowsOf("csv")).toEqual(rows);
    },
  );
});

describe("ssvc, with hostile tables", () => {
  const json = (rows: readonly unknown[], changed = {}) =>
    readAll(ssvc, { "table.json": JSON.stringify(tableJson(rows, changed)) });

  it.each<[string, readonly unknown[], object, string]>([
    [
      "a missing row",
      mapping.slice(1).concat({ ...mapping[1], "example:A:1.0.0": "Y" } as never),
      {},
      "a second time",
    ],
    ["no rows", [], {}, "holds 0 rows"],
    [
      "a value nobody named",
      [{ ...mapping[0], "example:A:1.0.0": "X" }],
      {},
      "no value that the table names",
    ],
    [
      "a point nobody named",
      [{ ...mapping[0], "example:X:1.0.0": "X" }],
      {},
      "a point that the table does not have",
    ],
    ["a row that is none", [7], {}, '"mapping" holds no object'],
    ["an outcome that is none", mapping, { outcome: "__proto__" }, '"outcome" is no point'],
    ["points that are none", mapping, { decision_points: [] }, '"decision_points" is no object'],
  ])("refuses one with %s", async (_, rows, changed, message) => {
    await expect(json(rows, changed)).rejects.toThrow(message);
  });

  it.each([
    ["another header", "a,b,c\n0,1,2\n", "is no header of a decision table"],
    ["a short row", `${tableCsv}2,no\n`, "table.csv:4: is no row of this table"],
    [
      "a combination that is missing",
      `${tableCsv}2,perhaps,never\n3,never,never\n4,never,soon\n`,
      "a second time",
    ],
    ["nothing", "", "is no header"],
  ])("refuses comma-separated values with %s", async (_, text, message) => {
    await expect(readAll(ssvc, { "table.csv": text })).rejects.toThrow(message);
  });

  it("refuses one wherever it is cut off", async () => {
    const [whole = new Uint8Array()] = Object.values(sample);
    for (let length = 0; length < whole.length; length += 11)
      await expect(readAll(ssvc, { "table.json": whole.subarray(0, length) })).rejects.toMatchObject({
        code: "feed.truncated",
      });
  });
});
