/** What several sources say of one weakness, brought together under one name. @module */

import type { Claim, Known } from "@sallyport/core";
import type { StatementFact, VulnerabilityFact } from "../fact.ts";
import { keysOf, match } from "../match/index.ts";
import type { Naming } from "../naming.ts";
import { findFacts, type StoredFact } from "../store.ts";
import type { View } from "./view.ts";

type Match = Pick<Known<unknown>, "match" | "because">;

export type Said<Kind extends "vulnerability" | "exploited" | "statement"> = StoredFact<Kind> & Match;

/** One weakness of one claim. */
export interface Advisory {
  /** CVE, GHSA, …: all that anybody calls it. */
  readonly names: ReadonlySet<string>;
  readonly said: readonly Said<"vulnerability">[];
  readonly exploited: readonly Said<"exploited">[];
  readonly statements: readonly Said<"statement">[];
}

interface Collecting {
  readonly names: Set<string>;
  readonly said: Said<"vulnerability">[];
  readonly exploited: Said<"exploited">[];
  readonly statements: Said<"statement">[];
}

/** Those that may be meant, and none that a source with versions says this version does not have. */
export function advisoriesOf(view: View, claim: Claim): readonly Advisory[] {
  const keys = keysOf(claim);
  const find = <Kind extends "vulnerability" | "exploited" | "statement">(kind: Kind) =>
    findFacts(view.database, view.snapshots, kind, keys);
  const collection = new Collection();
  const cleared = new Set<string>();
  for (const stored of find("vulnerability")) {
    if (stored.fact.withdrawnOn !== undefined) continue;
    const result = match(claim, stored.fact.about);
    const names = namesOfVulnerability(stored.fact);
    if (result.match !== "no")
      collection.at(names).said.push({ ...stored, match: result.match, because: result.because });
    else if (isOnlyTheVersion(claim, stored.fact.about)) for (const name of names) cleared.add(name);
  }
  for (const stored of find("exploited")) {
    const { match: agrees, because } = match(claim, stored.fact.about);
    // A list without versions knows less than one that names them and leaves this one out.
    if (agrees === "no" || (cleared.has(stored.fact.cve) && !collection.has(stored.fact.cve))) continue;
    collection.at([stored.fact.cve]).exploited.push({ ...stored, match: agrees, because });
  }
  for (const stored of find("statement")) collectStatement(claim, stored, collection);
  return collection.all();
}

/** A statement belongs to what is known anyway; one that says `affected` is itself what is known. */
function collectStatement(claim: Claim, stored: StoredFact<"statement">, collection: Collection): void {
  const { vulnerability, statement, about } = stored.fact satisfies StatementFact;
  const { match: agrees, because } = match(claim, about);
  if (agrees === "no") return;
  const isKnown = collection.has(vulnerability);
  if (!isKnown && statement.status !== "affected") return;
  // What frees of suspicion has to be meant for this very version.
  if (agrees === "possible" && (statement.status === "not-affected" || statement.status === "fixed")) return;
  collection.at([vulnerability]).statements.push({ ...stored, match: agrees, because });
}

const namesOfVulnerability = ({ id, aliases }: VulnerabilityFact): readonly string[] => [id, ...aliases];

/** True when it is this product, and its version is one that the source does not mean. */
const isOnlyTheVersion = (claim: Claim, about: Naming): boolean =>
  claim.version !== undefined && match(claim, { ...about, versions: "all" }).match === "certain";

/** Groups by name; what turns out to be one is joined. */
class Collection {
  readonly #byName = new Map<string, Collecting>();

  has(name: string): boolean {
    return this.#byName.has(name.toUpperCase());
  }

  at(names: readonly string[]): Collecting {
    const [first, ...others] = new Set(
      names.map((name) => this.#byName.get(name.toUpperCase())).filter((known) => known !== undefined),
    );
    const target = first ?? { names: new Set(), said: [], exploited: [], statements: [] };
    for (const other of others) this.#join(target, other);
    for (const name of names) {
      target.names.add(name);
      this.#byName.set(name.toUpperCase(), target);
    }
    return target;
  }

  all(): readonly Advisory[] {
    return [...new Set(this.#byName.values())];
  }

  #join(target: Collecting, other: Collecting): void {
    for (const name of other.names) {
      target.names.add(name);
      this.#byName.set(name.toUpperCase(), target);
    }
    target.said.push(...other.said);
    target.exploited.push(...other.exploited);
    target.statements.push(...other.statements);
  }
}
