/** Whether a claim is one that a source means: vendor and product, or an identifier, and then the version. @module */

import type { Claim } from "@sallyport/core";
import type { Naming } from "../naming.ts";
import { keysOf } from "./keys.ts";

export interface MatchResult {
  /** `no`: not meant. The others as `Known.match` says them. */
  readonly match: "certain" | "possible" | "no";
  /** One sentence: what agreed with what, or what did not. */
  readonly because: string;
}

/** Cheap enough for every pair that shares a key. */
export function match(claim: Claim, naming: Naming): MatchResult {
  const keys = new Set(keysOf(naming));
  const shared = keysOf(claim).find((key) => keys.has(key));
  if (shared === undefined) return { match: "no", because: "nothing that names it agrees" };
  return { match: "possible", because: `${shared} agrees` };
}
