/** Compares the commands that npm runs by themselves. @module */

import { listShortly } from "../small-text.ts";
import type { Difference } from "../trait.ts";
import { conductOf, gainedWords, riskOfGain } from "./conduct.ts";
import { filesRunBy, isIdle, LIFECYCLE, type Lifecycle } from "./lifecycle.ts";

/** @param wasThere - the package was in the release before; one that came new brings its commands with it */
export function* compareLifecycle(
  before: Lifecycle = {},
  after: Lifecycle = {},
  wasThere: boolean,
): Generator<Difference> {
  for (const name of LIFECYCLE) {
    const [was, now] = [before[name], after[name]];
    if (now === undefined || now === was) continue;
    const excerpts = { ...(was === undefined ? {} : { before: { text: was } }), after: { text: now } };
    if (was === undefined)
      yield {
        rule: "command-added",
        risk: isIdle(now) ? "low" : wasThere ? "high" : "medium",
        because: `has npm run ${name} while it is installed: ${shown(now)}`,
        ...excerpts,
      };
    else
      yield {
        rule: "command-changed",
        risk: riskOfChange(was, now),
        because: `has npm run another ${name} than before: ${shown(now)}`,
        ...excerpts,
      };
  }
}

function riskOfChange(was: string, now: string): Difference["risk"] {
  if (isIdle(now)) return "info";
  const [before, after] = [conductOf(was), conductOf(now)];
  if (isIdle(was) || gainedWords(before, after).length > 0) {
    const risk = riskOfGain(before, after);
    return isIdle(was) || risk === "medium" ? "high" : risk;
  }
  const files = new Set(filesRunBy(was).map(withoutEnding));
  return filesRunBy(now).some((file) => !files.has(withoutEnding(file))) ? "medium" : "low";
}

const withoutEnding = (file: string): string => file.replace(/\.[cm]?js$/, "");
const shown = (command: string): string => listShortly([command.replace(/\s+/g, " ").trim()]);
