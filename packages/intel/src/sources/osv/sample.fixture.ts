/** A record of a package, as OSV exports its ecosystems. @module */

import { zipOf } from "../../reading/zip.fixture.ts";

/** One record, with what a test changes in it. */
export const recordWith = (changed: Readonly<Record<string, unknown>> = {}) => ({
  schema_version: "1.7.0",
  id: "GHSA-2222-3333-4444",
  modified: "2024-05-06T07:08:09Z",
  aliases: ["CVE-2024-0001"],
  summary: "example-parser runs what it reads",
  details: "It does.",
  severity: [{ type: "CVSS_V3", score: "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H" }],
  affected: [
    {
      package: { ecosystem: "npm", name: "@example/parser", purl: "pkg:npm/%40example/parser" },
      ranges: [{ type: "SEMVER", events: [{ introduced: "1.0.0" }, { fixed: "1.4.2" }] }],
    },
  ],
  ...changed,
});

export const sample: Readonly<Record<string, Uint8Array>> = {
  "npm-all.zip": zipOf({ "GHSA-2222-3333-4444.json": JSON.stringify(recordWith()) }),
};
