/**
 * Code that changed although nothing was linked anew. A linker names each of its runs (PDB GUID, GNU build id, LC_UUID):
 * other code under the same name was patched in afterwards. Signing, stripping and tools for resources do not touch code.
 * @module
 */

import {
  type CodeChange,
  changedCode,
  isDataKept,
  isMovable,
  isSameLink,
  mayBeSameLink,
  pairRegions,
} from "../executable/comparing.ts";
import { type ExecutablePair, executablesOf } from "../executable/index.ts";
import { type Difference, defineTrait, type Trait } from "../trait.ts";
import { comparePadding } from "./padding.ts";

export const code: Trait = defineTrait({
  id: "code",
  title: "Code changed after linking",
  question: "Was code changed without being linked anew?",
  document: "Microsoft, PE Format; GNU ld, --build-id; Apple, mach-o/loader.h, LC_UUID",
  rules: {
    "patched-after-linking": "The linker's id is the same, the code is not.",
    "link-id-reused": "Another program under the linker's id of the old one.",
    "patched-in-place": "A few places in the code changed, and nothing else says that it was linked anew.",
    "code-in-padding": "Bytes stand in the padding behind the code, where none were.",
    "code-changed": "The code is not the same.",
  },
  *compare(pair) {
    const executables = executablesOf(pair);
    if (executables === undefined) return;
    yield* comparePadding(executables);
    const difference = compareCode(executables);
    if (difference !== undefined) yield difference;
  },
});

/** Where at least this share of the blocks is the same, nothing was linked anew: that moves almost everything. */
const KEPT_SHARE = 0.5;
/** A patch is small; a rebuild that happens to keep most of its code is told by its other sections. */
const PATCHED_SHARE = 0.05;
const LEAST_BLOCKS = 8;

function compareCode(pair: ExecutablePair): Difference | undefined {
  const regions = pairRegions(pair);
  const isChanged = regions.pairs.some(([before, after]) => before.isCode && before.sha256 !== after.sha256);
  if (!isChanged) return undefined;
  const changes = changedCode(pair);
  const [total, changed] = [sum(changes, "blocks"), sum(changes, "changedBlocks")];
  const where = { ...placesOf(changes), facts: { changedBlocks: changed, blocks: total } };
  if (isSameLink(pair)) return judgeSameLink(pair, { total, changed, where });
  const isOneTime = mayBeSameLink(pair) || hasSameTime(pair);
  const isSmall = changed <= Math.max(1, total * PATCHED_SHARE) && isLaidOutAlike(pair);
  if (isOneTime && isSmall && changed > 0 && (total >= LEAST_BLOCKS || isDataKept(pair)))
    return {
      rule: "patched-in-place",
      risk: mayBeSameLink(pair) && (isDataKept(pair) || hasSameTime(pair)) ? "high" : "medium",
      because: "has other instructions in a few places of the same code, and no sign that it was linked anew",
      ...where,
    };
  return { rule: "code-changed", risk: "info", because: "has other code", ...where };
}

interface Extent {
  readonly total: number;
  readonly changed: number;
  readonly where: Pick<Difference, "after" | "facts">;
}

function judgeSameLink(pair: ExecutablePair, { total, changed, where }: Extent): Difference {
  const isPatched = total > 0 && changed <= Math.max(1, total * (1 - KEPT_SHARE));
  if (isPatched || (isAtSameAddresses(pair) && isDataKept(pair)))
    return {
      rule: "patched-after-linking",
      risk: "critical",
      because: "has the id of the same run of the linker, but other code: it was patched after it was linked",
      ...where,
    };
  return {
    rule: "link-id-reused",
    risk: isLaidOutAlike(pair) ? "high" : pair.after.isManaged ? "info" : "low",
    because: "has other code under the linker's id of the release before",
    ...where,
  };
}

/** Every section that was linked stands where it stood and is as long as it was. */
const isLaidOutAlike = (pair: ExecutablePair): boolean =>
  pairRegions(pair).pairs.every(
    ([before, after]) =>
      !before.isCode || (before.address === after.address && before.memoryBytes === after.memoryBytes),
  );

/** The same, but for what a patch at the end of a section adds to its length. */
const isAtSameAddresses = (pair: ExecutablePair): boolean =>
  pairRegions(pair).pairs.every(([before, after]) => before.address === after.address || isMovable(before));

/** Borland's linkers write this one time into everything. */
const FIXED_TIME = 0x2a42_5e19;
const hasSameTime = ({ before, after }: ExecutablePair): boolean =>
  before.linkedAt !== undefined && before.linkedAt !== FIXED_TIME && before.linkedAt === after.linkedAt;

const sum = (changes: readonly CodeChange[], key: "blocks" | "changedBlocks"): number =>
  changes.reduce((total, change) => total + change[key], 0);

function placesOf(changes: readonly CodeChange[]): Pick<Difference, "after"> {
  const [first] = changes;
  if (first === undefined) return {};
  const { changedBlocks, blocks, blockBytes, region, beforeOffsetBytes } = first;
  const text = `${changedBlocks} of ${blocks} blocks of ${blockBytes} bytes in ${region} are others; the first one here, at ${beforeOffsetBytes} in the old file`;
  return { after: { offsetBytes: first.afterOffsetBytes, text } };
}
