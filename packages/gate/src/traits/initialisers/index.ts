/**
 * What runs before the program begins, without being called: callbacks for thread-local storage, constructors, functions
 * that choose other functions. Code that is to run unseen is put there.
 * @module
 */

import { isCodeKept, isSameLink, sides } from "../executable/comparing.ts";
import type { ExecutableFacts, Initialiser } from "../executable/facts.ts";
import { type ExecutablePair, executablesOf } from "../executable/index.ts";
import { type Difference, defineTrait, type Excerpt, type Risk, type Trait } from "../trait.ts";

export const initialisers: Trait = defineTrait({
  id: "initialisers",
  title: "What runs first",
  question: "Does something run before the program begins that did not before?",
  document:
    "Microsoft, PE Format, TLS Callback Functions; System V gABI, Initialization and Termination Functions; Apple, mach-o/loader.h",
  rules: {
    "initialiser-outside-code":
      "Something runs first that stands in no section of code, or in a writable one.",
    "initialiser-added-after-linking": "Something more runs first, although nothing was linked anew.",
    "initialiser-list-moved": "Something more runs first, and its list stands in a new section.",
    "initialiser-kind-gained": "Something runs first in a program in which nothing did.",
    "initialiser-added": "More runs first than before.",
  },
  *compare(pair) {
    const executables = executablesOf(pair);
    if (executables === undefined) return;
    yield* compareInitialisers(executables);
  },
});

/** In words, and how many of a kind every program of its tools has: `frame_dummy` is one of GCC's. */
const KINDS: Readonly<Record<string, { readonly words: string; readonly usual: number }>> = {
  "tls-callback": { words: "a callback for thread-local storage", usual: 0 },
  "init-array": { words: "a constructor", usual: 1 },
  "mod-init-func": { words: "an initialiser", usual: 0 },
  "init-offsets": { words: "an initialiser", usual: 0 },
  "preinit-array": { words: "a function before all constructors", usual: 0 },
  ctors: { words: "a constructor", usual: 0 },
  routines: { words: "an initialising routine", usual: 0 },
  ifunc: { words: "a function that chooses another while it is loaded", usual: 0 },
  init: { words: "an initialising function", usual: 1 },
};

function* compareInitialisers(pair: ExecutablePair): Generator<Difference> {
  const { before, after } = pair;
  yield* findOutsideCode(pair);
  // Constructors moved from one kind to the other when the tools changed: what counts is whether there were any.
  const hasMoreConstructors = constructorsOf(after) > constructorsOf(before);
  const hadConstructors = CONSTRUCTORS.some((kind) => countOf(before, kind) > (KINDS[kind]?.usual ?? 0));
  for (const [kind, { words, usual }] of Object.entries(KINDS)) {
    const [old, now] = [countOf(before, kind), countOf(after, kind)];
    if (now <= old || now <= usual || (CONSTRUCTORS.includes(kind) && !hasMoreConstructors)) continue;
    const excerpts = {
      ...sides(show(before, kind), show(after, kind)),
      facts: { kind, before: old, after: now },
    };
    if (isListedInNewRegion(pair, kind))
      yield {
        rule: "initialiser-list-moved",
        risk: "high",
        because: `runs ${words} before anything else that is listed in a new section, as tools do that add one to a finished program`,
        ...excerpts,
      };
    else if (isSameLink(pair) || isCodeKept(pair)) yield { ...addedLater(pair, words), ...excerpts };
    else if (old <= usual && !(CONSTRUCTORS.includes(kind) && hadConstructors))
      yield {
        rule: "initialiser-kind-gained",
        risk: riskOfKind(pair, kind),
        because: `runs ${words} before anything else, which it did not before`,
        ...excerpts,
      };
    else
      yield {
        rule: "initialiser-added",
        risk: kind === "tls-callback" ? "medium" : "low",
        because: `runs more of a kind before anything else than it did: ${words}`,
        ...excerpts,
      };
  }
}

const CONSTRUCTORS: readonly string[] = ["init-array", "mod-init-func", "init-offsets", "ctors"];

const constructorsOf = (facts: ExecutableFacts): number =>
  CONSTRUCTORS.reduce((sum, kind) => sum + countOf(facts, kind), 0);

/** A callback's first use comes with other tools, if at all. */
function riskOfKind({ before, after }: ExecutablePair, kind: string): Risk {
  if (kind === "preinit-array" || kind === "routines") return "high";
  const [old, now] = [before, after].map(({ buildMarks }) => JSON.stringify(buildMarks.linker));
  return kind === "tls-callback" && old === now ? "high" : "medium";
}

function isListedInNewRegion({ before, after }: ExecutablePair, kind: string): boolean {
  const index = after.initialisers.listRegions?.[kind];
  const region = after.regions[index ?? -1];
  return region !== undefined && !before.regions.some(({ name }) => name === region.name);
}

const addedLater = (pair: ExecutablePair, words: string): Pick<Difference, "rule" | "risk" | "because"> => ({
  rule: "initialiser-added-after-linking",
  risk: isSameLink(pair) ? "critical" : "high",
  because: `runs ${words} that it did not, although its code was not linked anew`,
});

const countOf = ({ initialisers: { counts } }: ExecutableFacts, kind: string): number => counts[kind] ?? 0;

function* findOutsideCode({ before, after }: ExecutablePair): Generator<Difference> {
  if (before.initialisers.entries.some((entry) => isOutsideCode(before, entry))) return;
  const odd = after.initialisers.entries.find((entry) => isOutsideCode(after, entry));
  if (odd === undefined) return;
  yield {
    rule: "initialiser-outside-code",
    risk: "high",
    because: `runs ${KINDS[odd.kind]?.words ?? "a function"} first that stands in ${after.regions[odd.region ?? -1]?.name ?? "no section"}, where code should not be`,
    after: { text: `0x${(odd.address ?? 0).toString(16)}` },
    facts: { kind: odd.kind },
  };
}

function isOutsideCode({ regions }: ExecutableFacts, { address, region, kind }: Initialiser): boolean {
  if (address === undefined || address === 0 || region === undefined || kind.startsWith("fini")) return false;
  const access = regions[region]?.access;
  return access === undefined || !access.includes("x") || access.includes("w");
}

const MAX_SHOWN = 64;

function show({ initialisers: { entries }, regions }: ExecutableFacts, kind: string): Excerpt {
  const lines = entries
    .filter((entry) => entry.kind === kind)
    .slice(0, MAX_SHOWN)
    .map(({ address, region }) =>
      address === undefined
        ? "known to the loader only"
        : `0x${address.toString(16)} in ${regions[region ?? -1]?.name ?? "no section"}`,
    );
  return { text: lines.join("\n") };
}
