/**
 * Our own list of commercial and desktop software that its maker took back or ended, because public lists lack it. Every
 * row cites a page that was read. How to add one: README.md beside this file.
 * @module
 */

import { ownList } from "../../own-list.ts";
import type { IntelSource } from "../../source.ts";
import { readRetirement } from "./row.ts";

export const retirements: IntelSource = ownList({
  id: "retirements",
  title: "Sallyport's list of retired software",
  answers: ["lifecycle"],
  // What was retired stays retired: an old list lacks rows, and says nothing wrong.
  staleAfterDays: 730,
  rows: "rows",
  data: async () => (await import("./data.json", { with: { type: "json" } })).default,
  begin: () => {
    const ids = new Set<string>();
    return (row) => readRetirement(row, ids);
  },
});
