/** The answer of the API, as its description says it. @module */

import type { JsonObject } from "@sallyport/core";

export const release = (given: JsonObject): JsonObject => ({
  name: "1",
  codename: null,
  label: "1",
  releaseDate: "2020-01-01",
  isLts: false,
  ltsFrom: null,
  isEol: false,
  eolFrom: null,
  isMaintained: true,
  latest: null,
  ...given,
});

export const product = (given: JsonObject): JsonObject => ({
  name: "example",
  label: "Example",
  aliases: [],
  category: "app",
  tags: ["app"],
  identifiers: [{ type: "cpe", id: "cpe:2.3:a:example_software:example" }],
  labels: { eol: "Security Support" },
  links: { html: "https://endoflife.date/example" },
  releases: [release({})],
  ...given,
});

export const answer = (...result: readonly JsonObject[]): JsonObject => ({
  schema_version: "1.2.0",
  generated_at: "2026-01-01T03:04:05+00:00",
  total: result.length,
  result,
});

export const sample: Readonly<Record<string, Uint8Array>> = {
  "endoflife-products.json": Buffer.from(JSON.stringify(answer(product({})))),
};
