/** Compares two releases, member by member and as wholes, and ranks what it finds. @module */

import { ArtifactError, type Budget } from "@sallyport/core";
import type { ArtifactMember } from "../artifact.ts";
import type { CompareContext, Difference, Pair, Release, Trait } from "../traits/trait.ts";
import type { Comparison, MemberCounts, NotCompared } from "./comparison.ts";
import { pairMembers } from "./pairing.ts";
import type { PortraitFile, StoredPortrait } from "./portrait-file.ts";
import { claimSameProduct } from "./product.ts";
import { type Found, rank } from "./rank.ts";

const MOST_NOT_COMPARED = 200;

/**
 * @param traits - in the order in which differences of one risk are shown
 * @throws {@link ArtifactError} `artifact.over-limit` when comparing takes too long
 */
export function compareReleases(
  releases: { readonly before: PortraitFile; readonly after: PortraitFile; readonly now?: Date },
  traits: readonly Trait[],
  budget: Budget,
): Comparison {
  const { before, after, now } = releases;
  if (!before.isDrawn || !after.isDrawn)
    throw new ArtifactError("artifact.malformed", "nobody looked at what is inside");
  const pairs = pairMembers(before, after, budget);
  const comparing = new Comparing(
    { before, after, pairs, budget, ...(now !== undefined && { now }) },
    traits,
  );
  for (const pair of pairs) {
    budget.checkTime();
    if (!isUnchanged(pair)) comparing.compare(pair);
  }
  comparing.compareWholes();
  return {
    sameProduct: claimSameProduct({ before, after, pairs }),
    counts: countMembers(pairs),
    differences: rank(comparing.found, traits),
    notCompared: comparing.notCompared,
  };
}

/** The same bytes under the same name, with the same rights. */
function isUnchanged({ before, after }: Pair): boolean {
  if (before === undefined || after === undefined || !isSameContent({ before, after })) return false;
  const [a, b] = [before.member, after.member];
  return a.path === b.path && rightsOf(a) === rightsOf(b);
}

const rightsOf = ({ attributes: { unixMode, capabilities } = {} }: ArtifactMember): string =>
  `${unixMode ?? ""} ${capabilities ?? ""}`;

/** The artifact's own hash is not known to the process that wrote about it. */
const isSameContent = ({ before, after }: { before: Release["root"]; after: Release["root"] }): boolean =>
  before.member.path !== "" && before.member.sha256 === after.member.sha256;

class Comparing {
  readonly found: Found[] = [];
  readonly notCompared: NotCompared[] = [];
  readonly #context: CompareContext;
  readonly #traits: readonly Trait[];

  constructor(context: CompareContext, traits: readonly Trait[]) {
    this.#context = context;
    this.#traits = traits;
  }

  compare(pair: Pair): void {
    const { before, after } = pair;
    const path = (after ?? before)?.member.path ?? "";
    const oldPath = before?.member.path === path ? undefined : before?.member.path;
    const blind = this.#noteProblems(pair, path);
    for (const trait of this.#traits) {
      if (trait.compare === undefined || blind.has(trait.id)) continue;
      this.#collect(path, () => {
        for (const difference of trait.compare?.(pair, this.#context) ?? [])
          this.#add(trait, { ...difference, path, ...(oldPath !== undefined && { oldPath }) });
      });
    }
  }

  compareWholes(): void {
    for (const trait of this.#traits)
      this.#collect("", () => {
        for (const difference of trait.compareReleases?.(this.#context) ?? []) this.#add(trait, difference);
      });
  }

  #add(trait: Trait, difference: Difference & { path: string; oldPath?: string }): void {
    this.found.push({ ...difference, trait: trait.id });
  }

  /** A member that could not be looked at, in either release, may have become anything. */
  #noteProblems({ before, after }: Pair, path: string): ReadonlySet<string> {
    const problems = { ...problemsOf(before), ...problemsOf(after) };
    // What went away can do nothing any more.
    if (after !== undefined)
      for (const because of new Set(Object.values(problems))) this.#note(path, because);
    return new Set(Object.keys(problems));
  }

  #collect(path: string, work: () => void): void {
    try {
      work();
    } catch (error) {
      if (!(error instanceof ArtifactError)) throw error;
      this.#context.budget.checkTime();
      this.#note(path, error.message);
    }
  }

  #note(path: string, because: string): void {
    if (this.notCompared.length < MOST_NOT_COMPARED) this.notCompared.push({ path, because });
  }
}

const problemsOf = (portrait: Pair["after"]): Readonly<Record<string, string>> =>
  (portrait as StoredPortrait | undefined)?.problems ?? {};

function countMembers(pairs: readonly Pair[]): MemberCounts {
  const counts = { members: 0, unchanged: 0, changed: 0, added: 0, removed: 0 };
  for (const pair of pairs) {
    if (pair.after !== undefined) counts.members += 1;
    if (pair.after === undefined) counts.removed += 1;
    else if (pair.before === undefined) counts.added += 1;
    else if (isSameContent({ before: pair.before, after: pair.after })) counts.unchanged += 1;
    else counts.changed += 1;
  }
  return counts;
}
