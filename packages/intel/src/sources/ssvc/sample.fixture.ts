/** A small decision table, in both of SSVC's forms. @module */

const point = (namespace: string, key: string, name: string, values: readonly string[]) => ({
  namespace,
  key,
  version: "1.0.0",
  name,
  schemaVersion: "2.0.0",
  values: values.map((value) => ({ key: value.charAt(0).toUpperCase(), name: value, definition: "" })),
});

export const tableJson = (mapping: readonly unknown[], changed: object = {}) => ({
  namespace: "example",
  key: "DT",
  version: "1.0.0",
  name: "Example",
  definition: "An example.",
  schemaVersion: "2.0.0",
  decision_points: {
    "example:A:1.0.0": point("example", "A", "Automatable", ["No", "Yes"]),
    "example:T:1.0.0": point("example", "T", "Timeline", ["Later", "Soon"]),
  },
  outcome: "example:T:1.0.0",
  mapping,
  ...changed,
});

export const mapping = [
  { "example:A:1.0.0": "N", "example:T:1.0.0": "L" },
  { "example:A:1.0.0": "Y", "example:T:1.0.0": "S" },
];

export const tableCsv = "row,Automatable v1.0.0,Timeline v1.0.0 (example)\n0,no,later\n1,yes,soon\n";

export const sample: Readonly<Record<string, Uint8Array>> = {
  "table_1_0_0.json": Buffer.from(JSON.stringify(tableJson(mapping))),
};
