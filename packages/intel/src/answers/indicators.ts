/** Whether something was seen before where it should not be. @module */

import type { Authority, Indicator, Known, Observable, ObservableKind } from "@sallyport/core";
import { observableKey } from "../store/fact-keys.ts";
import { factAt, findFacts, keysBeginning, keysOfKind, type StoredFact } from "../store.ts";
import { inOrder, ranked } from "./rank.ts";
import type { View } from "./view.ts";

/** Names have at most 127 labels: RFC 1035 §3.1 allows 255 octets. */
const MAX_LABELS = 127;

export const indicatorsOf = (view: View, observables: readonly Observable[]): readonly Known<Indicator>[] =>
  inOrder(
    storedIndicators(view, observables).map(({ fact, snapshot, because }) =>
      ranked(fact.indicator, snapshot, { match: "certain", because }),
    ),
  );

export type SaidOfObservable = StoredFact<"indicator"> & { readonly because: string };

/** In the order of what was asked. */
export function storedIndicators(
  view: View,
  observables: readonly Observable[],
): readonly SaidOfObservable[] {
  const { database, snapshots } = view;
  const few = keysIfFewer(view, observables.length);
  return observables.flatMap((observable) =>
    widen(observable).flatMap((wider) => {
      const key = observableKey(wider);
      if (few?.has(key) === false) return [];
      return findFacts(database, snapshots, "indicator", [key])
        .filter(({ fact }) => fact.indicator.value === wider.value)
        .map((stored) => ({ ...stored, because: explain(observable, wider) }));
    }),
  );
}

/** A package of thousands of files asks about each: where less is known than is asked, one look tells of most that nobody knows them. */
function keysIfFewer({ database, snapshots }: View, asked: number): ReadonlySet<string> | undefined {
  const asking = snapshots.filter(({ kinds }) => kinds.includes("indicator"));
  const rows = asking.reduce((sum, snapshot) => sum + snapshot.rows, 0);
  return rows < asked ? keysOfKind(database, asking, "indicator") : undefined;
}

/** An indicator for a domain is one for every name below it. */
function widen(observable: Observable): readonly Observable[] {
  if (observable.kind !== "domain") return [observable];
  const labels = observable.value.split(".").slice(-MAX_LABELS);
  return labels
    .slice(0, Math.max(1, labels.length - 1))
    .map((_, start) => ({ kind: "domain", value: labels.slice(start).join(".") }));
}

const explain = (asked: Observable, found: Observable): string =>
  asked.value === found.value
    ? `the ${asked.kind} is ${found.value}`
    : `${asked.value} is a name below ${found.value}`;

/** Longer keys are cut: then the value is read from the fact. */
const MAX_KEY_CHARACTERS = 200;

const RANK: Readonly<Record<Authority, number>> = { organisation: 0, supplier: 1, public: 2 };

/** @returns without doubles; those that count most first */
export function indicatorValuesOf(view: View, kind: ObservableKind): readonly string[] {
  const { database, snapshots } = view;
  const prefix = observableKey({ kind, value: "" });
  const values = new Set<string>();
  // Who asks may take only so many: the organisation's own first, and a long list last.
  const inTurn = [...snapshots].sort(
    (one, other) => RANK[one.authority] - RANK[other.authority] || one.rows - other.rows,
  );
  for (const { key, fact } of keysBeginning(database, inTurn, "indicator", prefix))
    values.add(
      key.length < MAX_KEY_CHARACTERS
        ? key.slice(prefix.length)
        : factAt<"indicator">(database, fact).indicator.value,
    );
  return [...values];
}

export function hasIndicators({ database, snapshots }: View, kind: ObservableKind): boolean {
  const [first] = keysBeginning(database, snapshots, "indicator", observableKey({ kind, value: "" })).take(1);
  return first !== undefined;
}
