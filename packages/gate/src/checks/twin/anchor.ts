/**
 * Which memories can be relied on. Whoever sends a file in can make it remembered, but not make it an anchor: that
 * takes an admission and the member's own proven signature, or two suppliers that have nothing to do with each other.
 * @module
 */

import type { KnownFile } from "./memory.ts";

/** @param files - all that are the same thing: the same bytes, the same signed content, the same code of one link */
export function isAnchored(files: readonly KnownFile[]): boolean {
  const suppliers = new Set<string>();
  for (const { sightings, signatures } of files) {
    const isSigned = signatures.some((signature) => signature.isProven);
    for (const { standing, supplier } of sightings) {
      if (standing === "refused") continue;
      if (standing === "admitted" && isSigned) return true;
      if (supplier !== undefined) suppliers.add(supplier);
    }
  }
  return suppliers.size >= INDEPENDENT_SUPPLIERS;
}

const INDEPENDENT_SUPPLIERS = 2;

/** More of one thing tell nothing more, and everybody may name a thousand files alike. */
const MOST_KEPT = 50;

const mostRelied = (group: readonly KnownFile[]): readonly KnownFile[] =>
  group.length <= MOST_KEPT
    ? group
    : [...new Set([...group.filter((file) => isAnchored([file])), ...group])].slice(0, MOST_KEPT);

/** The groups that can be relied on, by what `keyOf` calls each file; files without a key are left out. */
export function anchoredGroups(
  files: readonly KnownFile[],
  keyOf: (file: KnownFile) => readonly string[],
): ReadonlyMap<string, readonly KnownFile[]> {
  const groups = new Map<string, KnownFile[]>();
  for (const file of files)
    for (const key of new Set(keyOf(file))) {
      const group = groups.get(key);
      if (group === undefined) groups.set(key, [file]);
      else group.push(file);
    }
  const anchored = [...groups].filter(([, group]) => isAnchored(group));
  return new Map(anchored.map(([key, group]) => [key, mostRelied(group)]));
}

/** Where it is known from, for people: `app-1.0.msi and 2 others`. */
export function whereKnown(files: readonly KnownFile[]): string {
  const labels = new Set(
    files.flatMap(({ sightings }) =>
      sightings.filter(({ standing }) => standing !== "refused").map(({ label }) => label),
    ),
  );
  const [first = "an artifact", ...others] = labels;
  if (others.length === 0) return first;
  return others.length === 1 ? `${first} and ${others[0]}` : `${first} and ${others.length} others`;
}
