/** A list of one fix. @module */

import type { JsonObject } from "@sallyport/core";

export const check = (given: JsonObject = {}): JsonObject => ({
  path: "HKEY_LOCAL_MACHINE\\SOFTWARE\\Example",
  name: "EnableExample",
  types: ["REG_DWORD"],
  operator: "eq",
  value: "1",
  ...given,
});

export const row = (given: JsonObject = {}): JsonObject => ({
  id: "example",
  title: "Example",
  cves: ["CVE-2020-0001"],
  role: "any",
  status: "opt-in",
  kind: "registry",
  require: "all",
  checks: [check()],
  evidence: "ms-text",
  sources: [{ source: "https://example.invalid/", readOn: "2026-01-01" }],
  ...given,
});

export const list = (...rows: readonly JsonObject[]): JsonObject => ({
  schema: "sallyport.opt-in-fixes/1",
  asOf: "2026-01-01",
  rows,
});

export const sample: Readonly<Record<string, Uint8Array>> = {
  "opt-in-fixes.json": Buffer.from(JSON.stringify(list(row()))),
};
