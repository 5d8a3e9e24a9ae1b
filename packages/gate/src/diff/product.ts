/** Do two artifacts claim to be releases of one product? @module */

import type { Pair, Release } from "../traits/trait.ts";

/** So much in common, and other names are a renaming; so little, and two nameless files are not releases of one thing. */
const SHARED_BY_RENAMED = 0.5;
const SHARED_BY_NAMELESS = 0.2;

const EXECUTABLES: ReadonlySet<string> = new Set(["pe", "elf", "mach-o"]);

export interface Releases {
  readonly before: Release;
  readonly after: Release;
  readonly pairs: readonly Pair[];
}

/** @returns undefined when neither says what it is, and neither kind nor content can tell */
export function claimSameProduct({ before, after, pairs }: Releases): boolean | undefined {
  const [old, fresh] = [nameOf(before), nameOf(after)];
  const shared = sharedPart(pairs);
  if (old !== undefined && fresh !== undefined)
    return old === fresh || (shared !== undefined && shared >= SHARED_BY_RENAMED);
  if (shared !== undefined) return shared >= SHARED_BY_NAMELESS;
  return isOfAnotherKind(before, after) ? false : undefined;
}

/** A text that became an installer, or the other way round: nothing speaks for its being the next release. */
const isOfAnotherKind = (before: Release, after: Release): boolean =>
  before.root.member.format !== after.root.member.format && [before, after].some(isMoreThanText);

const isMoreThanText = ({ root, members }: Release): boolean =>
  members.length > 1 || EXECUTABLES.has(root.member.format);

/** Without version and case: an installer's product may carry its version in its name. */
function nameOf({ root }: Release): string | undefined {
  const { product, originalName } = root.member.identity ?? {};
  const name = (product ?? originalName)
    ?.toLowerCase()
    .replace(/[\d.\s()_-]+/g, " ")
    .trim();
  return name === "" ? undefined : name;
}

/** How much of the old release is found again in the new one; undefined when nothing is inside. */
function sharedPart(pairs: readonly Pair[]): number | undefined {
  const inside = pairs.filter(({ before }) => before !== undefined && before.member.path !== "");
  if (inside.length === 0) return undefined;
  return inside.filter(({ after }) => after !== undefined).length / inside.length;
}
