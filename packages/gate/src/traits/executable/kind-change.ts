/** A member that became another kind of thing: a picture that is a program now, a program for another processor. @module */

import type { Difference, Pair } from "../trait.ts";
import type { ExecutableFacts } from "./facts.ts";
import { MACHINE_CODE } from "./readers.ts";

interface Facts {
  readonly before: ExecutableFacts | undefined;
  readonly after: ExecutableFacts | undefined;
}

/** Programs and what starts them do take turns: a script that started a program gives way to the program. */
const STARTERS: ReadonlySet<string> = new Set([
  "script",
  "shell",
  "batch",
  "python",
  "perl",
  "ruby",
  "javascript",
]);

export function* compareKinds(pair: Pair, { before, after }: Facts): Generator<Difference> {
  if (pair.before === undefined || after === undefined) return;
  const format = pair.before.member.format;
  if (!MACHINE_CODE.has(format))
    yield {
      rule: "became-program",
      risk: STARTERS.has(format) ? "medium" : "high",
      because: `is a program now (${after.kind}), and was none before (${format})`,
      facts: { before: format, after: after.kind },
    };
  else if (before !== undefined && before.kind !== after.kind)
    yield {
      rule: "other-system",
      risk: "medium",
      because: `is a program for another system now: ${after.kind}, not ${before.kind}`,
    };
  else if (before !== undefined && before.architecture !== after.architecture)
    yield {
      rule: "other-processor",
      risk: "low",
      because: `is for another processor now: ${after.architecture}, not ${before.architecture}`,
    };
}
