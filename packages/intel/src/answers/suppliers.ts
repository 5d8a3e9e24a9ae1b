/** What the organisation set for a company. @module */

import type { Known, Supplier } from "@sallyport/core";
import { supplierKey } from "../store/fact-keys.ts";
import { findFacts } from "../store.ts";
import { inOrder, ranked } from "./rank.ts";
import type { View } from "./view.ts";

export function supplierOf({ database, snapshots }: View, name: string): Known<Supplier> | undefined {
  const found = findFacts(database, snapshots, "supplier", [supplierKey(name)]);
  const because = (supplier: Supplier) => `${name} is ${supplier.name}`;
  return inOrder(
    found.map(({ fact, snapshot }) =>
      ranked(fact.supplier, snapshot, { match: "certain", because: because(fact.supplier) }),
    ),
  )[0];
}
