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
  const { refused, stopped } = await tryAll(trial);
  const refusals = [...refused.values(), ...(stopped === undefined ? [] : [stopped.because])];
  if (refusals.length > 0) throw new UsageError("usage.rules", refusals.join("\n"));
}

export interface SortedRules {
  readonly usable: readonly RulePack[];
  readonly refused: readonly { readonly pack: RulePack; readonly because: string }[];
}

/** A pack that ends the trial is refused, and the trial begins again behind it; so often at most. */
const MOST_TRIALS = 20;

/** Tells the packs that can be asked from those that cannot, and why. */
export async function sortRulePacks(trial: RuleTrial): Promise<SortedRules> {
  const usable: RulePack[] = [];
  const refused: { pack: RulePack; because: string }[] = [];
  let rest = trial.packs;
  for (let times = 0; rest.length > 0; times += 1) {
    if (times === MOST_TRIALS) {
      refused.push(
        ...rest.map((pack) => ({ pack, because: `${pack.name}: was not tried: too many failed before` })),
      );
      break;
    }
    const tried = await tryAll({ ...trial, packs: rest });
    const end = tried.stopped?.index ?? rest.length;
    for (const [index, pack] of rest.slice(0, end + 1).entries()) {
      const because = index === end ? tried.stopped?.because : tried.refused.get(index);
      if (because === undefined) usable.push(pack);
      else refused.push({ pack, because });
    }
    rest = rest.slice(end + 1);
  }
  return { usable, refused };
}

interface Tried {
  /** By the index of the pack. */
  readonly refused: ReadonlyMap<number, string>;
  /** The pack at which the process was ended. */
  readonly stopped: { readonly index: number; readonly because: string } | undefined;
}

async function tryAll(trial: RuleTrial): Promise<Tried> {
  const { packs, scratchRoot, maxMemoryBytes } = trial;
  const { milliseconds = TRIAL_MILLISECONDS + packs.length * MILLISECONDS_PER_PACK } = trial;
  const refused = new Map<number, string>();
  if (packs.length === 0) return { refused, stopped: undefined };
  using files = new DisposableStack();
  const scratch = files.adopt(createScratch(scratchRoot), ({ remove }) => remove());
  let at = 0;
  const stop = await runGateProcess({
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
      if (message.type === "refused") refused.set(at, message.because);
      return message.type === "end";
    },
  });
  if (stop === undefined) return { refused, stopped: undefined };
  const index = Math.min(Math.max(0, at), packs.length - 1);
  const because = `${packs[index]?.name ?? "the rules"}: trying the rules ${explainStop(stop)}`;
  return { refused, stopped: { index, because } };
}
