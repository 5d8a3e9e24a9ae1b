/** Everything that is known of a hash, a CVE, a package, a domain or a name: for people who want to know, not for policies. @module */

import type { Claim, Topic } from "@sallyport/core";
import { storedIndicators } from "../answers/indicators.ts";
import type { View } from "../answers/view.ts";
import type { Fact, FactKind } from "../fact.ts";
import { keysOf, match } from "../match/index.ts";
import type { Naming } from "../naming.ts";
import { cveKey, supplierKey } from "../store/fact-keys.ts";
import { findByHash, findPackages, type WitnessPackage } from "../store/witness-find.ts";
import { everyFact, findFacts, type StoredSnapshot } from "../store.ts";
import { indicatorsTitled, suppliersNamed } from "./by-words.ts";
import { describeFact } from "./describe.ts";
import { type Query, understand } from "./query.ts";

export interface Lookup {
  readonly query: string;
  /** For people: what the query was taken for. */
  readonly understoodAs: string;
  readonly found: readonly Found[];
  /** How many more there are. */
  readonly more: number;
  /** Topics that no source here answers: of them nothing is known either way. */
  readonly unanswered: readonly Topic[];
}

export interface Found {
  readonly kind: FactKind;
  /** One line. */
  readonly text: string;
  /** Why it is told: what agreed with what; absent where the query is the very value. */
  readonly because?: string;
  /** Absent for a package that is listed: its files are found by their hashes. */
  readonly fact?: Fact;
  readonly snapshot: StoredSnapshot;
}

const MAX_FOUND = 200;
const TOPICS: readonly Topic[] = [
  "lifecycle",
  "vulnerability",
  "indicator",
  "witness",
  "supplier",
  "trust",
  "fix",
];

export function lookUp(view: View, text: string): Lookup {
  const query = understand(text);
  const titled = byTitle(view, query);
  const found = [
    ...byObservable(view, query),
    ...byHash(view, query),
    ...byId(view, query),
    ...byName(view, query),
    ...bySupplier(view, query),
    ...titled.found,
  ];
  const answered = new Set(view.snapshots.flatMap(({ answers }) => answers));
  return {
    query: text,
    understoodAs: query.understoodAs,
    found: found.slice(0, MAX_FOUND),
    more: Math.max(0, found.length - MAX_FOUND) + titled.more,
    unanswered: TOPICS.filter((topic) => !answered.has(topic)),
  };
}

const tell = (fact: Fact, snapshot: StoredSnapshot, because?: string): Found => ({
  kind: fact.kind,
  text: describeFact(fact),
  ...(because !== undefined && { because }),
  fact,
  snapshot,
});

const byObservable = (view: View, { observables }: Query): readonly Found[] =>
  storedIndicators(view, observables).map(({ fact, snapshot, because }) => tell(fact, snapshot, because));

function byHash({ database, snapshots }: View, { sha256 }: Query): readonly Found[] {
  if (sha256 === undefined) return [];
  return findByHash(database, snapshots, sha256).map(({ witness, snapshot, goneAt }) => {
    const stands = `there since ${witness.since.slice(0, 10)}`;
    const because = goneAt === undefined ? stands : `${stands}, and gone since ${goneAt.slice(0, 10)}`;
    return tell({ kind: "witness", witness }, snapshot, because);
  });
}

const ABOUT_ID = [
  "vulnerability",
  "exploited",
  "probability",
  "decision-points",
  "statement",
  "fix",
] as const;

const byId = ({ database, snapshots }: View, { ids }: Query): readonly Found[] =>
  ABOUT_ID.flatMap((kind) =>
    findFacts(database, snapshots, kind, ids.map(cveKey)).map(({ fact, snapshot }) => tell(fact, snapshot)),
  );

const ABOUT_NAME = ["lifecycle", "exploited", "vulnerability", "statement"] as const;

function byName(view: View, { claims }: Query): readonly Found[] {
  const { database, snapshots } = view;
  const found = new Map<string, Found>();
  for (const claim of claims) {
    const keys = keysOf(claim);
    for (const kind of ABOUT_NAME)
      for (const { fact, snapshot } of findFacts(database, snapshots, kind, keys)) {
        const because = whyNamed(claim, fact.about);
        if (because !== undefined)
          found.set(`${snapshot.id}\n${JSON.stringify(fact)}`, tell(fact, snapshot, because));
      }
    for (const named of findPackages(database, snapshots, keys)) {
      const text = describePackage(named);
      found.set(`${named.snapshot.id}\n${text}`, { kind: "witness", text, snapshot: named.snapshot });
    }
  }
  return [...found.values()];
}

function describePackage({ row }: WitnessPackage): string {
  const named = [row.vendor, row.product].filter((part) => typeof part === "string" && part !== "");
  return `${String(row.package_id)}${named.length === 0 ? "" : ` (${named.join(", ")})`}: files of it are listed`;
}

/** Somebody who looks wants to see what has the name, whoever's it is; but a maker that was named has to be the maker. */
function whyNamed(claim: Claim, about: Naming): string | undefined {
  if (claim.vendor === undefined && claim.identifiers.length === 0) return "the name of the product agrees";
  const result = match(claim, about);
  return result.match === "no" ? undefined : result.because;
}

/** An indicator is told by its value; who knows only of what, finds it by its title. */
function byTitle(
  view: View,
  { name, observables }: Query,
): { readonly found: readonly Found[]; readonly more: number } {
  const found: Found[] = [];
  let more = 0;
  for (const { fact, snapshot } of name === undefined ? [] : indicatorsTitled(view, name))
    if (observables.some(({ kind, value }) => kind === fact.indicator.kind && value === fact.indicator.value))
      continue;
    else if (found.length < MAX_FOUND) found.push(tell(fact, snapshot, "its title has the name"));
    else more += 1;
  return { found, more };
}

/** By its name or a part of it, or by a domain that it publishes from. */
function bySupplier(view: View, { name, observables }: Query): readonly Found[] {
  const { database, snapshots } = view;
  const same = name === undefined ? [] : findFacts(database, snapshots, "supplier", [supplierKey(name)]);
  const named = same.length > 0 || name === undefined ? same : suppliersNamed(view, name);
  const domains = observables.filter(({ kind }) => kind === "domain").map(({ value }) => value);
  const publishing =
    domains.length === 0
      ? []
      : [...everyFact(database, snapshots, "supplier")].filter(({ fact }) =>
          domains.some((domain) => fact.supplier.domains.some((own) => isWithin(domain, own))),
        );
  return [...named, ...publishing].map(({ fact, snapshot }) => tell(fact, snapshot));
}

const isWithin = (domain: string, own: string): boolean => domain === own || domain.endsWith(`.${own}`);
