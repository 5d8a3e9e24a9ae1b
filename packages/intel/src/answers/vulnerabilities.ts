/** What is known to be weak in what something claims to be. @module */

import type { Claim, Known, Vulnerability } from "@sallyport/core";
import { keysOf, match } from "../match/index.ts";
import { findFacts } from "../store.ts";
import { inOrder, ranked } from "./rank.ts";
import type { View } from "./view.ts";

export function vulnerabilitiesOf(
  { database, snapshots }: View,
  claim: Claim,
): readonly Known<Vulnerability>[] {
  const found = findFacts(database, snapshots, "vulnerability", keysOf(claim));
  return inOrder(
    found.flatMap(({ fact, snapshot }) => {
      const { match: agrees, because } = match(claim, fact.about);
      if (agrees === "no" || fact.withdrawnOn !== undefined) return [];
      const { id, aliases, summary } = fact;
      return [ranked({ id, aliases, summary, fixedIn: [] }, snapshot, { match: agrees, because })];
    }),
  );
}
