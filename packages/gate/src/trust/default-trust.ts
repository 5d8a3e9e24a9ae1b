/**
 * The anchors that ship with the product: one reviewed, versioned table of facts. `decisions.json` says which
 * certificates are in it and why, `tools/collect-anchors.ts` reads the facts, `sources.md` tells the story.
 * @module
 */

import table from "./anchors.json" with { type: "json" };
import missing from "./missing-families.json" with { type: "json" };
import { createTrustStore, type Purpose, readAnchor, type TrustStore } from "./trust-store.ts";

let store: TrustStore | undefined;

/** The shipped table as a store. The same object every time, so that what was derived from it is kept. */
export function defaultTrust(): TrustStore {
  store ??= createTrustStore(
    table.anchors.map((anchor) => readAnchor({ ...anchor, purposes: anchor.purposes.filter(isPurpose) })),
  );
  return store;
}

export interface MissingFamily {
  readonly family: string;
  readonly root: string;
  /** What that means for files that end there. */
  readonly because: string;
}

/** Authorities that sign code and are not in the table, for `trust list`. */
export const missingFamilies: readonly MissingFamily[] = missing;

const PURPOSES: ReadonlySet<string> = new Set<Purpose>([
  "code-signing",
  "timestamping",
  "apple-code-signing",
  "apple-package-signing",
]);
const isPurpose = (text: string): text is Purpose => PURPOSES.has(text);
