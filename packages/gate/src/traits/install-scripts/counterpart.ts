/** Finds a script that moved: an update packs its parts differently, and paths with versions in them change. @module */

import type { CompareContext, Portrait, Release } from "../trait.ts";
import { type Place, placeOf } from "./places.ts";

const known = new WeakMap<Release, ReadonlyMap<string, readonly Portrait[]>>();

/** @returns the script that ran in the same role before and stands nowhere any more */
export function counterpartOf(
  after: Portrait,
  place: Place,
  { before, after: release }: CompareContext,
): Portrait | undefined {
  const gone = byRole(before).get(place.role) ?? [];
  return gone.find(
    ({ member }) => member.path !== after.member.path && release.byPath(member.path) === undefined,
  );
}

function byRole(release: Release): ReadonlyMap<string, readonly Portrait[]> {
  const found = known.get(release);
  if (found !== undefined) return found;
  const roles = new Map<string, Portrait[]>();
  for (const portrait of release.members) {
    const role = placeOf(portrait.member.path)?.role;
    if (role === undefined) continue;
    const list = roles.get(role);
    if (list === undefined) roles.set(role, [portrait]);
    else if (list.length < 100) list.push(portrait);
  }
  known.set(release, roles);
  return roles;
}
