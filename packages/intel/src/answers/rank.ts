/** Which of several facts counts most. @module */

import type { Authority, Known } from "@sallyport/core";
import type { PlacedSnapshot } from "../store.ts";

const AUTHORITIES: readonly Authority[] = ["organisation", "supplier", "public"];

type Match = Pick<Known<unknown>, "match" | "because">;

/** A fact, before it is told. */
export interface Ranked<Fact> extends Known<Fact> {
  readonly authority: Authority;
}

/** @returns the fact with its snapshot and what a rank needs */
export const ranked = <Fact>(
  fact: Fact,
  snapshot: PlacedSnapshot,
  { match, because }: Match,
): Ranked<Fact> => ({ fact, snapshot: snapshot.id, match, because, authority: snapshot.authority });

/** The organisation's word first, then the supplier's, then the public's; of each the certain ones first. */
export const inOrder = <Fact>(facts: readonly Ranked<Fact>[]): readonly Known<Fact>[] =>
  facts
    .toSorted((a, b) => rankOf(a) - rankOf(b))
    .map(({ fact, snapshot, match, because }) => ({ fact, snapshot, match, because }));

/** Certain ones first, because a doubt of the organisation's frees nobody; then by whose word it is. */
export function firstByRank<Said extends Match & { readonly snapshot: PlacedSnapshot }>(
  facts: readonly Said[],
): Said | undefined {
  const place = ({ match, snapshot }: Said) =>
    (match === "certain" ? 0 : AUTHORITIES.length) + AUTHORITIES.indexOf(snapshot.authority);
  return facts.toSorted((a, b) => place(a) - place(b))[0];
}

const rankOf = ({ authority, match }: Pick<Ranked<unknown>, "authority" | "match">): number =>
  AUTHORITIES.indexOf(authority) * 2 + (match === "certain" ? 0 : 1);
