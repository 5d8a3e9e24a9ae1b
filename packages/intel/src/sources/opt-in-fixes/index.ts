/**
 * Our own list of fixes for Windows that an update alone does not switch on. CISA's catalogue says "apply updates" of them, and a
 * machine with every update still has the hole. How to add one: README.md beside this file.
 * @module
 */

import { ownList } from "../../own-list.ts";
import type { IntelSource } from "../../source.ts";
import { readFix } from "./fix.ts";

export const optInFixes: IntelSource = ownList({
  id: "opt-in-fixes",
  title: "Sallyport's list of opt-in fixes",
  answers: ["fix"],
  staleAfterDays: 365,
  rows: "rows",
  data: async () => (await import("./data.json", { with: { type: "json" } })).default,
  begin: () => {
    const ids = new Set<string>();
    return (row) => readFix(row, ids);
  },
});
