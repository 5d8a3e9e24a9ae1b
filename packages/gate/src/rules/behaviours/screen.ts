/**
 * Many small members in one scan. A scan has a price of its own, whatever the size of what is scanned, and most scripts
 * do nothing that any rule speaks of: here they lie side by side, and every rule says `any of them` instead of its
 * condition. Who shows no pattern cannot satisfy a condition, because each of ours needs one.
 * @module
 */

import { compileRules, type RuleSet } from "../rule-set.ts";
import { behaviourSources } from "./compile.ts";

/** So many hits of one pattern, and everybody is suspected. */
const MOST_HITS = 20_000;
/** Nothing may seem to stand at the end of one member and at the start of the next. */
const GAP_BYTES = 512;

let compiled: Promise<RuleSet> | undefined;

/** @returns by the order of the members, whether any pattern of any rule stands in each */
export async function screenForBehaviours(members: readonly Uint8Array[]): Promise<readonly boolean[]> {
  compiled ??= compileRules(
    behaviourSources().map(({ namespace, text }) => ({ namespace, text: withAnyPattern(text) })),
    { mostHits: MOST_HITS, mayAskExternals: false },
  );
  const rules = await compiled;
  const starts: number[] = [];
  let sizeBytes = 0;
  for (const { length } of members) {
    starts.push(sizeBytes);
    sizeBytes += length + GAP_BYTES;
  }
  const beside = Buffer.alloc(sizeBytes);
  for (const [index, bytes] of members.entries()) beside.set(bytes, starts[index]);
  const places = rules.locate(beside);
  const isSuspected = new Array<boolean>(members.length).fill(places === undefined);
  for (const offset of places ?? []) isSuspected[indexOf(starts, offset)] = true;
  return isSuspected;
}

/** @returns the rules with conditions that any of their patterns satisfies */
export const withAnyPattern = (text: string): string =>
  text.replaceAll(/^ *condition:[^}]*^}/gm, "  condition:\n    any of them\n}");

/** The last that starts at or before the offset. */
function indexOf(starts: readonly number[], offset: number): number {
  let [low, high] = [0, starts.length - 1];
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    if ((starts[middle] ?? 0) <= offset) low = middle;
    else high = middle - 1;
  }
  return low;
}
