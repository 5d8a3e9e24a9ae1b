/** Turns known indicators into observations: one for each indicator, with the members it was seen in. @module */

import type { Indicator, JsonObject, Known, ObservableKind, Snapshot } from "@sallyport/core";
import type { Observation } from "../check.ts";
import type { Seen } from "./asked.ts";

export interface Knowledge {
  readonly known: readonly Known<Indicator>[];
  readonly snapshots: readonly Snapshot[];
  readonly now: Date;
}

/** Beyond, more of them say nothing new. */
const MOST_OBSERVATIONS = 200;
const MOST_PATHS = 20;
const MOST_TITLE_CHARACTERS = 300;
/** A member that names so many different domains is a list of them: a filter, a hosts file, a report. */
const LIST_VALUES = 40;

/** @returns failures for what counts; passes for what ran out or is only possible, which is shown */
export function observe(seen: readonly Seen[], knowledge: Knowledge): readonly Observation[] {
  if (knowledge.known.length === 0) return [];
  const bySeen = Map.groupBy(seen, ({ observable }) => keyOf(observable.kind, observable.value));
  const hosts = seen.filter(({ path, observable }) => path === undefined && observable.kind === "domain");
  const lists = listsAmong(seen);
  const byIndicator = Map.groupBy(knowledge.known, ({ fact }) => keyOf(fact.kind, fact.value));
  const observations = [...byIndicator.values()].flatMap((same) =>
    describe(same, placesOf(same, bySeen, hosts), { lists, knowledge }),
  );
  const [shown, more] = [observations.slice(0, MOST_OBSERVATIONS), observations.slice(MOST_OBSERVATIONS)];
  const failing = more.filter(({ outcome }) => outcome === "fail");
  const worst = failing.find(({ facts }) => facts.strong === true) ?? failing[0] ?? more[0];
  return worst === undefined
    ? shown
    : [...shown, { ...worst, because: `${more.length} more indicators, such as: ${worst.because}` }];
}

const keyOf = (kind: ObservableKind, value: string): string => `${kind} ${value}`;

/**
 * What was found in bytes is the indicator's own name; the host it came from is known by itself or by a domain above it.
 * @param hosts - where it came from
 */
function placesOf(
  same: readonly Known<Indicator>[],
  bySeen: ReadonlyMap<string, readonly Seen[]>,
  hosts: readonly Seen[],
): readonly (string | undefined)[] {
  const [first] = same;
  if (first === undefined) return [];
  const { kind, value } = first.fact;
  const exact = bySeen.get(keyOf(kind, value)) ?? [];
  const below =
    kind === "domain" ? hosts.filter(({ observable }) => observable.value.endsWith(`.${value}`)) : [];
  return [...new Set([...exact, ...below].map(({ path }) => path))];
}

function listsAmong(seen: readonly Seen[]): ReadonlySet<string> {
  const counts = new Map<string, number>();
  for (const { path, observable } of seen)
    if (path !== undefined && SEARCHED.has(observable.kind)) counts.set(path, (counts.get(path) ?? 0) + 1);
  return new Set([...counts].filter(([, many]) => many >= LIST_VALUES).map(([path]) => path));
}

const SEARCHED: ReadonlySet<ObservableKind> = new Set(["domain", "url", "text"]);

function describe(
  same: readonly Known<Indicator>[],
  places: readonly (string | undefined)[],
  { lists, knowledge }: { readonly lists: ReadonlySet<string>; readonly knowledge: Knowledge },
): Observation[] {
  const counting = same.filter((known) => standing(known, knowledge.now) === undefined);
  const [first] = counting.length > 0 ? counting : same;
  if (first === undefined) return [];
  const { kind, value } = first.fact;
  const title = first.fact.title.slice(0, MOST_TITLE_CHARACTERS);
  const isList = SEARCHED.has(kind) && places.every((path) => path !== undefined && lists.has(path));
  const why = counting.length > 0 ? undefined : standing(first, knowledge.now);
  const [path] = places;
  const facts: JsonObject = {
    kind,
    value,
    title,
    strong: !isList,
    references: [...new Set(same.flatMap(({ fact }) => fact.references))].slice(0, 10),
    sources: same.map(({ snapshot }) => sourceOf(snapshot, knowledge.snapshots)),
    ...(first.fact.validUntil !== undefined && { validUntil: first.fact.validUntil }),
    ...(places.length > 1 && { memberCount: places.length, members: shown(places) }),
  };
  const list = isList ? "; the file names so many that it may be a list of them" : "";
  const said = `${SENTENCES[kind](value)} is known: ${title}${list}`;
  return [
    {
      outcome: why === undefined ? "fail" : "pass",
      because: why === undefined ? said : `${said}; it does not count: ${why}`,
      facts,
      ...(path !== undefined && { path }),
    },
  ];
}

/** @returns why it does not count; undefined when it does */
function standing({ fact, match, because }: Known<Indicator>, now: Date): string | undefined {
  if (fact.validUntil !== undefined && Date.parse(fact.validUntil) < now.getTime())
    return `its source let it run out on ${fact.validUntil.slice(0, 10)}`;
  return match === "possible" ? because : undefined;
}

const shown = (places: readonly (string | undefined)[]): string[] =>
  places.slice(0, MOST_PATHS).map((path) => path ?? "(origin)");

function sourceOf(id: string, snapshots: readonly Snapshot[]): JsonObject {
  const snapshot = snapshots.find((one) => one.id === id);
  if (snapshot === undefined) return { snapshot: id };
  const { source, asOf, licence, isStale } = snapshot;
  return { snapshot: id, source, asOf, licence, ...(isStale && { isStale }) };
}

const SENTENCES: Readonly<Record<ObservableKind, (value: string) => string>> = {
  sha256: () => "its SHA-256",
  sha1: () => "its SHA-1",
  md5: () => "its MD5",
  "signed-content": () => "what its signature covers",
  "certificate-serial": (value) => `a certificate of its signature, serial number ${value},`,
  "certificate-sha256": () => "a certificate of its signature",
  domain: (value) => `the domain ${value}`,
  url: (value) => `the address ${value}`,
  "ip-address": (value) => `the address ${value}`,
  text: (value) => `the text ${JSON.stringify(value)}`,
};
