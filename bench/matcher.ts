/** Claims of an inventory held against what sources name, beside the lookups alone. @module */

import { readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { runOnce } from "./measure.ts";
import type { Figure, Stage } from "./stage.ts";

const ROWS = 100_000;
const MOST_SECONDS = 10;
const SCRIPT = resolve(import.meta.dirname, "matcher-run.ts");

export async function measureMatcher({ folder }: Stage): Promise<readonly Figure[]> {
  const run = async (way: string): Promise<number> => {
    const result = join(folder, `matcher-${way}.json`);
    await runOnce({ program: process.execPath, args: [SCRIPT, way, String(ROWS), result] });
    return JSON.parse(readFileSync(result, "utf8")).seconds;
  };
  const plain = await run("plain");
  const ours = await run("product");
  return [
    {
      what: "matcher: 100,000 rows of an inventory against 10,000 named products",
      ours: `${ours.toFixed(1)} s`,
      beside: `${plain.toFixed(1)} s, one lookup a row in plain SQLite`,
      result: `${ours.toFixed(1)} s`,
      aim: "≤ 10 s",
      holds: ours <= MOST_SECONDS,
    },
  ];
}
