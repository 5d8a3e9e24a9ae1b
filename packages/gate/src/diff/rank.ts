/** Puts the differences a reviewer must look at first, and says the same thing once. @module */

import type { Difference, Excerpt, Risk, Trait } from "../traits/trait.ts";
import { type FoundDifference, MOST_PATHS } from "./comparison.ts";

export type Found = Difference & {
  readonly trait: string;
  readonly path: string;
  readonly oldPath?: string;
};

/** The worst first. */
export const RISKS: readonly Risk[] = ["critical", "high", "medium", "low", "info"];
/** The least grave are left out first; counting goes on. */
const MOST_DIFFERENCES = 5000;
const MOST_SENTENCE_CHARACTERS = 600;
const MOST_EXCERPT_CHARACTERS = 4000;

/** @returns the worst first; of one risk in the order of the traits, then of the paths */
export function rank(found: readonly Found[], traits: readonly Trait[]): readonly FoundDifference[] {
  const places = new Map(traits.map(({ id }, index) => [id, index]));
  const order = (difference: FoundDifference) => places.get(difference.trait) ?? places.size;
  return collapse(found)
    .sort(
      (a, b) =>
        RISKS.indexOf(a.risk) - RISKS.indexOf(b.risk) || order(a) - order(b) || (a.path < b.path ? -1 : 1),
    )
    .slice(0, MOST_DIFFERENCES);
}

/**
 * Equal sentences of one rule are one difference with all its paths. What is ordinary is told apart by what there is to
 * see: each text has lines of its own.
 */
function collapse(found: readonly Found[]): FoundDifference[] {
  const groups = new Map<string, { first: Found; paths: string[]; count: number }>();
  for (const difference of found) {
    const { trait, rule, risk, because } = difference;
    const shown = risk === "info" ? [difference.before, difference.after] : [];
    const key = JSON.stringify([trait, rule, risk, because, ...shown]);
    const group = groups.get(key) ?? { first: difference, paths: [], count: 0 };
    groups.set(key, group);
    group.count += 1;
    if (group.paths.length < MOST_PATHS) group.paths.push(difference.path);
  }
  return [...groups.values()].map(({ first, paths, count }) => ({
    ...first,
    because: cut(first.because, MOST_SENTENCE_CHARACTERS),
    ...(first.before !== undefined && { before: cutExcerpt(first.before) }),
    ...(first.after !== undefined && { after: cutExcerpt(first.after) }),
    ...(count > 1 && { paths }),
    memberCount: count,
  }));
}

const cutExcerpt = ({ text, ...rest }: Excerpt): Excerpt =>
  text === undefined ? rest : { ...rest, text: cut(text, MOST_EXCERPT_CHARACTERS) };

const cut = (text: string, characters: number): string =>
  text.length <= characters ? text : `${text.slice(0, characters - 1)}…`;
