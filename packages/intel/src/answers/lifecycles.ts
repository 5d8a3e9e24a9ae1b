/** Whether what something claims to be is over, or will be. @module */

import type { Claim, Known, Lifecycle } from "@sallyport/core";
import { keysOf, match } from "../match/index.ts";
import { findFacts } from "../store.ts";
import { inOrder, ranked } from "./rank.ts";
import type { View } from "./view.ts";

export function lifecyclesOf({ database, snapshots }: View, claim: Claim): readonly Known<Lifecycle>[] {
  const found = findFacts(database, snapshots, "lifecycle", keysOf(claim));
  return inOrder(
    found.flatMap(({ fact, snapshot }) => {
      const { match: agrees, because } = match(claim, fact.about);
      return agrees === "no" ? [] : [ranked(fact.lifecycle, snapshot, { match: agrees, because })];
    }),
  );
}
