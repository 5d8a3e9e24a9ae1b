/** Which of several facts counts most. @module */

import type { Authority, Known } from "@sallyport/core";
import type { PlacedSnapshot } from "../store.ts";

const AUTHORITIES: readonly Authority[] = ["organisation", "supplier", "public"];

/** A fact, before it is told. */
export interface Ranked<Fact> extends Known<Fact> {
  readonly authority: Authority;
}

/** @returns the fact with its snapshot and what a rank needs */
export const ranked = <Fact>(
  fact: Fact,
  snapshot: PlacedSnapshot,
  { match, because }: Pick<Known<Fact>, "match" | "because">,
): Ranked<Fact> => ({ fact, snapshot: snapshot.id, match, because, authority: snapshot.authority });

/** The organisation's word first, then the supplier's, then the public's; of each the certain ones first. */
export function inOrder<Fact>(facts: readonly Ranked<Fact>[]): readonly Known<Fact>[] {
  const place = ({ authority, match }: Ranked<Fact>) =>
    AUTHORITIES.indexOf(authority) * 2 + (match === "certain" ? 0 : 1);
  return facts
    .toSorted((a, b) => place(a) - place(b))
    .map(({ fact, snapshot, match, because }) => ({ fact, snapshot, match, because }));
}
