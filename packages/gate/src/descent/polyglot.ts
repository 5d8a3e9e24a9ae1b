/** Two formats that both claim a file: each reader would see something else. Source: CVE-2020-1464. @module */

import type { Finding } from "../finding.ts";
import type { Format } from "../formats/format.ts";

/** Programs that carry an archive behind them, as self-extracting installers do. */
const CARRIERS: ReadonlySet<string> = new Set(["pe", "elf", "mach-o"]);

/**
 * @param recognised - in the registry's order, the first was opened
 * @param memberCount - what opening it yielded: an archive behind a program is one of its members
 */
export function judgePolyglot(recognised: readonly Format[], memberCount: number): Finding | undefined {
  const [first, ...others] = recognised;
  if (first === undefined || others.length === 0) return undefined;
  const explained = CARRIERS.has(first.id) && memberCount > 0 && others.every(({ id }) => id === "zip");
  if (explained) return undefined;
  const names = recognised.map(({ id }) => id);
  return {
    check: "structure",
    outcome: "fail",
    because: `is ${names.join(" and ")} at once: two readers would see different content`,
    facts: { formats: names },
  };
}
