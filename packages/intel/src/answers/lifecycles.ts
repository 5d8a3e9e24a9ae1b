/** Whether what something claims to be is over, or will be. @module */

import type { Claim, Known, Lifecycle } from "@sallyport/core";
import { keysOf } from "../match/keys.ts";
import { findFacts } from "../store.ts";
import { inOrder, ranked } from "./rank.ts";
import type { View } from "./view.ts";

export async function lifecyclesOf(
  { database, snapshots }: View,
  claim: Claim,
): Promise<readonly Known<Lifecycle>[]> {
  const found = findFacts(database, snapshots, "lifecycle", keysOf(claim));
  if (found.length === 0) return [];
  // Every file is asked about, and few have a name like one that is known.
  const { match } = await import("../match/match.ts");
  return inOrder(
    found.flatMap(({ fact, snapshot }) => {
      const { match: agrees, because } = match(claim, fact.about);
      return agrees === "no" ? [] : [ranked(fact.lifecycle, snapshot, { match: agrees, because })];
    }),
  );
}
