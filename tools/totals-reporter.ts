/** Counts tests for `tools/test.ts`, and keeps why tests were skipped. @module */

import { writeFileSync } from "node:fs";
import type { Reporter, TestModule } from "vitest/node";

export interface Totals {
  readonly passed: number;
  /** Tests that failed, and files that could not be run. */
  readonly failed: number;
  readonly skipped: number;
  readonly skips: readonly { readonly reason: string; readonly count: number }[];
}

/** What tests are skipped for, when they do not say it one by one. */
const NEEDS = "the folder that SALLYPORT_CORPUS names, Debian's packages, root, or another platform";

/** Vitest wants the default export of a reporter's module. */
export default class TotalsReporter implements Reporter {
  onTestRunEnd(modules: readonly TestModule[], errors: readonly unknown[]): void {
    const file = process.env.SALLYPORT_TEST_TOTALS;
    if (file !== undefined) writeFileSync(file, JSON.stringify(count(modules, errors.length)));
  }
}

function count(modules: readonly TestModule[], strayErrors: number): Totals {
  const states = { passed: 0, failed: strayErrors, skipped: 0, pending: 0 };
  const reasons = new Map<string, number>();
  for (const module of modules) {
    if (module.errors().length > 0) states.failed += 1;
    for (const test of module.children.allTests()) {
      const result = test.result();
      states[result.state] += 1;
      if (result.state !== "skipped") continue;
      const reason = result.note ?? `${module.relativeModuleId} needs what this run lacks: ${NEEDS}`;
      reasons.set(reason, (reasons.get(reason) ?? 0) + 1);
    }
  }
  const skips = [...reasons].map(([reason, times]) => ({ reason, count: times }));
  return { passed: states.passed, failed: states.failed + states.pending, skipped: states.skipped, skips };
}
