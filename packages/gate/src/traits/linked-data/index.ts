/**
 * Data that changed although nothing was linked anew: pointers to what runs first, relocations, constants. Whoever cannot
 * touch the code without being seen lets what is there already lead elsewhere.
 * @module
 */

import { inWords, isCodeKept, isSameLink, mayBeSameLink, pairRegions } from "../executable/comparing.ts";
import type { ExecutableFacts, Region } from "../executable/facts.ts";
import { type ExecutablePair, executablesOf } from "../executable/index.ts";
import { type Difference, defineTrait, type Excerpt, type Trait } from "../trait.ts";

export const linkedData: Trait = defineTrait({
  id: "linked-data",
  title: "Data changed after linking",
  question: "Was data that the linker made changed without being linked anew?",
  document:
    "GNU ld, --build-id; System V gABI, Relocation; Apple, mach-o/loader.h, LC_UUID; Microsoft, PE Format",
  rules: {
    "initialiser-redirected": "What runs first leads elsewhere, and nothing was linked anew.",
    "relocations-changed-after-linking":
      "What the loader writes into memory is other, and nothing was linked anew.",
    "constants-changed-after-linking": "Constants are others, and nothing was linked anew.",
    "data-changed-after-linking":
      "Data that is written while it runs begins as other, and nothing was linked anew.",
  },
  *compare(pair) {
    const executables = executablesOf(pair);
    if (executables === undefined || executables.after.isManaged === true) return;
    if (!isCodeKept(executables) || !mayBeSameLink(executables)) return;
    yield* compareInitialisers(executables);
    if (isSameLink(executables)) yield* compareData(executables);
  },
});

/** One more is told by `initialisers`; here as many lead elsewhere. */
function* compareInitialisers(pair: ExecutablePair): Generator<Difference> {
  const [old, now] = [leadsOf(pair.before), leadsOf(pair.after)];
  if (old.length !== now.length || old.length === 0) return;
  const changed = now.filter((lead, index) => lead !== old[index]);
  if (changed.length === 0) return;
  yield {
    rule: "initialiser-redirected",
    risk: isSameLink(pair) ? "critical" : "high",
    because: "lets what runs first lead elsewhere in code that is the same",
    before: listed(old.filter((lead) => !now.includes(lead))),
    after: listed(changed),
  };
}

/** Ends run last, and only the loader knows what chained pointers lead to. */
const leadsOf = ({ initialisers: { entries } }: ExecutableFacts): string[] =>
  entries
    .filter(({ kind, address }) => !kind.startsWith("fini") && address !== undefined)
    .map(({ kind, address }) => `${kind} 0x${(address ?? 0).toString(16)}`)
    .sort();

const listed = (leads: readonly string[]): Excerpt => ({ text: leads.slice(0, 40).join("\n") });

/** What tools rewrite that repair search paths, names and resources, sign, strip, or link in advance. */
const REWRITTEN =
  /^(?:\.dynamic|\.dynstr|\.dynsym|\.interp|\.hash|\.gnu\..*|\.note.*|\.got.*|\.plt.*|\.eh_frame.*|\.rsrc|\.reloc|\.edata|__LINKEDIT.*|rest of segment.*|segment .*|\(.*)$/;
const RELOCATIONS = /^\.rela?(?:\.|$)/;

function* compareData(pair: ExecutablePair): Generator<Difference> {
  const changed = pairRegions(pair).pairs.filter(([before, after]) => isChangedInPlace(before, after));
  const groups = [
    {
      rule: "relocations-changed-after-linking",
      risk: "high",
      what: "relocations",
      has: ({ name }: Region) => RELOCATIONS.test(name),
    },
    {
      rule: "constants-changed-after-linking",
      risk: "medium",
      what: "constants",
      has: ({ name, access }: Region) => !RELOCATIONS.test(name) && !access.includes("w"),
    },
    {
      rule: "data-changed-after-linking",
      risk: "low",
      what: "data",
      has: ({ name, access }: Region) => !RELOCATIONS.test(name) && access.includes("w"),
    },
  ] as const;
  for (const { rule, risk, what, has } of groups) {
    const regions = changed.filter(([, after]) => has(after));
    const [first] = regions;
    if (first === undefined) continue;
    const names = regions.map(([, after]) => after.name);
    yield {
      rule,
      risk,
      because: `has the id of the same run of the linker, but other ${what}: ${inWords(names)}`,
      before: { offsetBytes: first[0].offsetBytes },
      after: { offsetBytes: first[1].offsetBytes },
    };
  }
}

const isChangedInPlace = (before: Region, after: Region): boolean =>
  !before.isCode &&
  !after.isCode &&
  before.access !== "---" &&
  !REWRITTEN.test(after.name) &&
  before.address === after.address &&
  before.memoryBytes === after.memoryBytes &&
  before.sha256 !== after.sha256;
