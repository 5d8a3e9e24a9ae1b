/** Has brought rules compiled and tried, caged, before anything is opened. @module */

import { createScratch, explainStop } from "@sallyport/cage";
import { UsageError } from "@sallyport/core";
import { runGateProcess } from "../parser/caged.ts";
import type { RulePack } from "./rule-pack.ts";
import { readTrialMessage } from "./trial-message.ts";

const isSource = import.meta.url.endsWith(".ts");
const trialEntry = new URL(isSource ? "./main.ts" : "./rules.js", import.meta.url);

export interface RuleTrial {
  readonly packs: readonly RulePack[];
  /** Where scratch folders are made; private to this user. */
  readonly scratchRoot: string;
  readonly maxMemoryBytes: number;
  /** For all of them; half a minute and a second for each file when left out. */
  readonly milliseconds?: number;
}

const TRIAL_MILLISECONDS = 30_000;
const MILLISECONDS_PER_PACK = 1000;

/** @throws UsageError `usage.rules`, naming the file, the place and what is wrong with it */
export async function checkRulePacks(trial: RuleTrial): Promise<void> {
  const { packs, scratchRoot, maxMemoryBytes } = trial;
  const { milliseconds = TRIAL_MILLISECONDS + packs.length * MILLISECONDS_PER_PACK } = trial;
  if (packs.length === 0) return;
  using files = new DisposableStack();
  const scratch = files.adopt(createScratch(scratchRoot), ({ remove }) => remove());
  const refusals: string[] = [];
  let at = 0;
  const stopped = await runGateProcess({
    entry: trialEntry,
    isPacked: false,
    request: JSON.stringify(packs),
    descriptors: [],
    scratchFolder: scratch.folder,
    milliseconds,
    maxMemoryBytes,
    hear: (line) => {
      const message = readTrialMessage(line);
      if (message.type === "at") at = message.index;
      if (message.type === "refused") refusals.push(message.because);
      return message.type === "end";
    },
  });
  if (stopped !== undefined)
    refusals.push(`${packs[at]?.name ?? "the rules"}: trying the rules ${explainStop(stopped)}`);
  if (refusals.length > 0) throw new UsageError("usage.rules", refusals.join("\n"));
}
