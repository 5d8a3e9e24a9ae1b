/**
 * Sections: places of an executable with rights of their own. Ordinary builds keep what is run and what is written
 * apart, and get new sections from a new linker, not after it.
 * @module
 */

import { isCodeKept, isMovable, isSameLink, pairRegions, regionExcerpt } from "../executable/comparing.ts";
import type { Region } from "../executable/facts.ts";
import { type ExecutablePair, executablesOf } from "../executable/index.ts";
import { type Difference, defineTrait, type Trait } from "../trait.ts";

export const sections: Trait = defineTrait({
  id: "sections",
  title: "Sections",
  question: "Did places appear that can be run, or both written and run?",
  document:
    "Microsoft, PE Format, Section Flags; System V gABI, Section Attribute Flags; Apple, mach-o/loader.h",
  rules: {
    "writable-code-added": "A new section can be written and run.",
    "code-section-added": "A new section can be run.",
    "section-added-after-linking": "A section appeared although nothing was linked anew.",
    "rights-gained": "A section can be run, or written, that could not before.",
    "code-turned-dense": "Code that looked like code looks packed or encrypted.",
    "section-added": "A new section, of data.",
  },
  *compare(pair) {
    const executables = executablesOf(pair);
    if (executables === undefined) return;
    const { pairs, added } = pairRegions(executables);
    for (const region of added) yield* judgeAdded(executables, region);
    for (const [before, after] of pairs) yield* judgeChanged(before, after);
  },
});

const isRun = ({ access }: Region): boolean => access.includes("x");
const isWritten = ({ access }: Region): boolean => access.includes("w");
const isMapped = ({ access }: Region): boolean => access !== "---";

/** From here on bytes are packed or encrypted; machine code has 5.5 to 6.8. */
const DENSE_BITS = 7.2;
const CODE_BITS = 6.9;
/** Of fewer bytes entropy says nothing. */
const LEAST_DENSE_BYTES = 4096;

const isDense = ({ entropy = 0, fileBytes }: Region): boolean =>
  entropy >= DENSE_BITS && fileBytes >= LEAST_DENSE_BYTES;

function* judgeAdded(pair: ExecutablePair, region: Region): Generator<Difference> {
  const after = regionExcerpt(region);
  // The rest of the program stayed as it was: this was not built, it was added.
  const isAddedLater = isMapped(region) && !isMovable(region) && (isSameLink(pair) || isCodeKept(pair));
  if (isRun(region) && isWritten(region))
    yield {
      rule: "writable-code-added",
      risk: isAddedLater ? "critical" : "high",
      because: `has a new section ${region.name} that can be both written and run`,
      after,
    };
  else if (isAddedLater && isSameLink(pair))
    yield {
      rule: "section-added-after-linking",
      risk: isRun(region) ? "critical" : "medium",
      because: `has a section ${region.name} that was added after it was linked`,
      after,
    };
  else if (isRun(region))
    yield {
      rule: "code-section-added",
      risk: isDense(region) || isBehindAll(pair, region) ? "high" : isAddedLater ? "medium" : "low",
      because: `has a new section ${region.name} that can be run${oddity(pair, region)}`,
      after,
    };
  else yield { rule: "section-added", risk: "info", because: `has a new section ${region.name}`, after };
}

/** Linkers of Windows write code first and relocations last: what stands behind them was put there by something else. */
const isBehindAll = ({ before, after }: ExecutablePair, region: Region): boolean =>
  after.kind === "pe" &&
  after.regions.at(-1) === region &&
  !(before.regions.at(-1)?.access ?? "x").includes("x");

function oddity(pair: ExecutablePair, region: Region): string {
  if (isDense(region)) return ", and looks packed or encrypted";
  return isBehindAll(pair, region) ? ", behind all others" : "";
}

function* judgeChanged(before: Region, after: Region): Generator<Difference> {
  const excerpts = { before: regionExcerpt(before), after: regionExcerpt(after) };
  const gainsRun = isRun(after) && !isRun(before);
  const gainsWrite = isWritten(after) && !isWritten(before) && isRun(after);
  if (gainsRun || gainsWrite)
    yield {
      rule: "rights-gained",
      risk: "high",
      because: `can ${gainsRun ? "run" : "write to"} its section ${after.name}, which it could not before`,
      ...excerpts,
    };
  if (
    after.isCode &&
    isDense(after) &&
    before.isCode &&
    (before.entropy ?? 0) < CODE_BITS &&
    before.fileBytes > 0
  )
    yield {
      rule: "code-turned-dense",
      risk: "high",
      because: `has code in ${after.name} that looks packed or encrypted, and did not before`,
      ...excerpts,
      facts: { bitsPerByteBefore: before.entropy ?? 0, bitsPerByteAfter: after.entropy ?? 0 },
    };
}
