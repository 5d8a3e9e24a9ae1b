/** A list as it comes with the program. @module */

import type { JsonObject } from "@sallyport/core";

export const row = (given: JsonObject): JsonObject => ({
  id: "example",
  product: "Example",
  vendor: "Example Software",
  versions: "all",
  retiredOn: "2020-04",
  sources: [
    { url: "https://example.invalid/end", title: "The end", says: "It is over.", readOn: "2026-01-01" },
  ],
  ...given,
});

export const list = (...rows: readonly JsonObject[]): JsonObject => ({
  schema: "sallyport.retirements/1",
  asOf: "2026-01-01",
  rows,
});

export const sample: Readonly<Record<string, Uint8Array>> = {
  "retirements.json": Buffer.from(JSON.stringify(list(row({})))),
};
