/**
 * Runs all tests and ends with one line that counts them. A run that tested nothing has failed.
 * Arguments are handed to Vitest: `npm test -- packages/core`.
 * @module
 */

import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import type { Totals } from "./totals-reporter.ts";

const root = resolve(import.meta.dirname, "..");
const folder = mkdtempSync(join(tmpdir(), "sallyport-test-"));
const totalsFile = join(folder, "totals.json");

const vitest = spawnSync(
  process.execPath,
  [
    join(root, "node_modules/vitest/vitest.mjs"),
    "run",
    "--reporter=default",
    `--reporter=${join(root, "tools/totals-reporter.ts")}`,
    ...process.argv.slice(2),
  ],
  { cwd: root, stdio: "inherit", env: { ...process.env, SALLYPORT_TEST_TOTALS: totalsFile } },
);

const totals = readTotals();
rmSync(folder, { recursive: true, force: true });
for (const { reason, count } of totals.skips) console.log(`skipped ${count}: ${reason}`);
const skipped = totals.skipped > 0 ? `, ${totals.skipped} skipped` : "";
console.log(`${totals.passed} passed, ${totals.failed} failed${skipped}`);
process.exitCode = vitest.status === 0 && totals.failed === 0 && totals.passed > 0 ? 0 : 1;

function readTotals(): Totals {
  try {
    return JSON.parse(readFileSync(totalsFile, "utf8")) as Totals;
  } catch {
    return { passed: 0, failed: 1, skipped: 0, skips: [] };
  }
}
