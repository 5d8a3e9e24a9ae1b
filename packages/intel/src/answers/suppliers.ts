/** What the organisation set for a company. @module */

import type { Known, Supplier } from "@sallyport/core";
import { supplierKey } from "../store/fact-keys.ts";
import { findFacts } from "../store.ts";
import { inOrder, ranked } from "./rank.ts";
import type { View } from "./view.ts";

/** Of several entries the word that counts most; what people of one rank entered one after the other holds together. */
export function supplierOf({ database, snapshots }: View, name: string): Known<Supplier> | undefined {
  const found = findFacts(database, snapshots, "supplier", [supplierKey(name)]);
  const because = (supplier: Supplier) => `${name} is ${supplier.name}`;
  const [first, ...others] = inOrder(
    found.map(({ fact, snapshot }) =>
      ranked(fact.supplier, snapshot, { match: "certain", because: because(fact.supplier) }),
    ),
  );
  if (first === undefined) return undefined;
  const same = others.filter(({ snapshot }) => snapshot === first.snapshot);
  return {
    ...first,
    fact: together(
      [first, ...same].map(({ fact }) => fact),
      first.fact,
    ),
  };
}

/** Every domain that somebody named, and the longest time of waiting that somebody set. */
function together(entries: readonly Supplier[], first: Supplier): Supplier {
  const days = entries.flatMap(({ coolingOffDays }) => coolingOffDays ?? []);
  return {
    ...first,
    domains: [...new Set(entries.flatMap(({ domains }) => domains))].sort(),
    ...(days.length > 0 && { coolingOffDays: Math.max(...days) }),
  };
}
