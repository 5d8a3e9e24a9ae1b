/** Whether two names are one person's: two people are needed where one cannot decide alone. @module */

import { skeletonOf } from "../origin/look-alike.ts";

/**
 * Equal for names that differ in case, spaces, marks, punctuation, the order of their words, or in letters that only look alike.
 * @returns `""` for what is nobody's name
 */
export const personKey = (owner: string): string =>
  skeletonOf(owner.normalize("NFKD").replace(/[\p{Mn}\p{Cf}]/gu, ""))
    .split(/[^\p{L}\p{N}]+/u)
    .filter((word) => word !== "")
    .sort()
    .join("");

/** @returns each person once, as they wrote their name first; what is no name is left out */
export const distinctPeople = (owners: readonly string[]): readonly string[] =>
  [...Map.groupBy(owners, personKey)].flatMap(([key, [first]]) =>
    key === "" || first === undefined ? [] : [first],
  );
