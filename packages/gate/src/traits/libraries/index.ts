/**
 * Needed libraries and search paths: what the loader brings in beside a program, and where it looks. Whoever adds a
 * library to a finished program runs with it, without a changed instruction.
 * @module
 */

import { gained, inWords, isCodeKept, isSameLink, listed, mayBeSameLink } from "../executable/comparing.ts";
import type { ExecutableFacts } from "../executable/facts.ts";
import { type ExecutablePair, executablesOf } from "../executable/index.ts";
import { type Difference, defineTrait, type Risk, type Trait } from "../trait.ts";
import { stemOf } from "./names.ts";
import { isHiddenPlace, isSystemLoader, type Place, placeOf } from "./places.ts";

export const libraries: Trait = defineTrait({
  id: "libraries",
  title: "Needed libraries",
  question: "Does the loader bring in other libraries, or look for them elsewhere?",
  document:
    "System V gABI, Dynamic Section; ld.so(8); Apple, mach-o/loader.h and dyld(1); Microsoft, PE Format",
  rules: {
    "library-added-after-linking": "It needs one more library, although its code is the same.",
    "library-in-open-place": "It loads a library from a place where others can write.",
    "library-in-hidden-place": "It loads a library from a hidden folder, or one with a hidden name.",
    "loader-hooked": "It asks the loader to run a library that watches or replaces others.",
    "loader-changed": "It is loaded by another program than the system's own loader.",
    "search-path-opened": "It looks for libraries where others can write.",
    "search-path-hidden": "It looks for libraries in a hidden folder.",
    "search-path-added": "It looks for libraries in a place in which it did not.",
    "libraries-beyond-view": "It needs more libraries than are compared by name, and others than before.",
    "libraries-added": "It needs libraries that it did not need before.",
  },
  *compare(pair) {
    const executables = executablesOf(pair);
    if (executables === undefined) return;
    yield* compareLibraries(executables);
    yield* compareSearchPaths(executables);
    yield* compareLoaders(executables);
  },
});

/** As the reader of ELF files marks libraries of DT_AUDIT and DT_DEPAUDIT. */
const HOOK = " (audit)";

function* compareLibraries(pair: ExecutablePair): Generator<Difference> {
  const { before, after } = pair;
  const added = gained(before.libraries, after.libraries);
  const hooks = added.filter((name) => name.endsWith(HOOK));
  if (hooks.length > 0)
    yield {
      rule: "loader-hooked",
      risk: "high",
      because: `asks the loader to run ${inWords(hooks.map((name) => name.slice(0, -HOOK.length)))} as an auditor of all libraries`,
      after: listed(hooks),
    };
  yield* findOpenPlaces(before, added);
  yield* findHiddenPlaces(before, added);
  const known = new Set(before.libraries.names.map(stemOf));
  const fresh = added.filter((name) => !known.has(stemOf(name)) && !name.endsWith(HOOK));
  const risk = before.libraries.sha256 === undefined ? riskOfLinking(pair) : undefined;
  if (fresh.length > 0 && risk !== undefined)
    yield {
      rule: "library-added-after-linking",
      risk,
      because: `needs ${inWords(fresh)}, which it did not, although its code is the same`,
      before: listed(before.libraries.names),
      after: listed(after.libraries.names),
    };
  else if (added.length > 0)
    yield {
      rule: "libraries-added",
      risk: "info",
      because: `needs ${inWords(added)}, which it did not before`,
      after: listed(added),
      facts: { count: added.length },
    };
  if (after.libraries.sha256 !== undefined && after.libraries.sha256 !== before.libraries.sha256)
    yield {
      rule: "libraries-beyond-view",
      risk: "low",
      because: "needs more libraries than are compared by name, and others than before",
      facts: { before: before.libraries.count, after: after.libraries.count },
    };
}

/**
 * Of one more library in a file that was linked once. A small library may be linked anew without a changed instruction;
 * managed code names its libraries elsewhere.
 */
function riskOfLinking(pair: ExecutablePair): Risk | undefined {
  if (pair.after.isManaged === true) return undefined;
  if (isSameLink(pair)) return "critical";
  if (!isCodeKept(pair)) return undefined;
  return mayBeSameLink(pair) ? "high" : "medium";
}

function* findOpenPlaces(before: ExecutableFacts, added: readonly string[]): Generator<Difference> {
  const hadOpen = before.libraries.names.some((name) => hasPath(name) && placeOf(name) === "open");
  const open = added.filter((name) => hasPath(name) && placeOf(name) === "open");
  if (open.length === 0 || hadOpen) return;
  yield {
    rule: "library-in-open-place",
    risk: "high",
    because: `loads ${inWords(open)}, from a place where others can write`,
    after: listed(open),
  };
}

function* findHiddenPlaces(before: ExecutableFacts, added: readonly string[]): Generator<Difference> {
  const hidden = added.filter(isHiddenPlace);
  if (hidden.length === 0 || before.libraries.names.some(isHiddenPlace)) return;
  yield {
    rule: "library-in-hidden-place",
    risk: "high",
    because: `loads ${inWords(hidden)}, which is hidden from who lists the folder`,
    after: listed(hidden),
  };
}

/** A bare name is looked for in the search paths. */
const hasPath = (name: string): boolean => name.includes("/");

function* compareSearchPaths({ before, after }: ExecutablePair): Generator<Difference> {
  const [old, now] = [pathsOf(before), pathsOf(after)];
  const places = new Set(old.map(placeOf));
  const known = new Set(old);
  const added = now.filter((path) => !known.has(path));
  const hidden = added.filter(isHiddenPlace);
  if (hidden.length > 0 && !old.some(isHiddenPlace))
    yield {
      rule: "search-path-hidden",
      risk: "high",
      because: `looks for libraries in ${inWords(hidden)}, a hidden folder`,
      before: listed(old),
      after: listed(now),
    };
  for (const place of ["open", "private", "system", "own"] as const) {
    const paths = added.filter((path) => placeOf(path) === place);
    if (paths.length === 0) continue;
    const isNew = !places.has(place);
    yield {
      rule: place === "open" ? "search-path-opened" : "search-path-added",
      risk: isNew ? PATH_RISK[place] : "info",
      because: describePaths(place, paths),
      before: listed(old),
      after: listed(now),
    };
  }
}

/** Forgotten folders of build machines are in honest releases; folders that everybody may write to as well, at times. */
const PATH_RISK: Readonly<Record<Place, Risk>> = {
  open: "medium",
  private: "low",
  system: "info",
  own: "info",
};

const describePaths = (place: Place, paths: readonly string[]): string => {
  const shown = inWords(paths.map((path) => (path === "" ? "the current folder" : path)));
  if (place === "open") return `looks for libraries in ${shown}, where others can write`;
  if (place === "private") return `looks for libraries in ${shown}, a folder of whoever built it`;
  return `looks for libraries in ${shown}, where it did not before`;
};

/** One entry of an ELF file holds several, parted by colons; an empty one is the current folder. */
function pathsOf({ kind, searchPaths }: ExecutableFacts): string[] {
  const paths = kind === "elf" ? searchPaths.names.flatMap((path) => path.split(":")) : searchPaths.names;
  return [...new Set(paths)].sort();
}

function* compareLoaders({ before, after }: ExecutablePair): Generator<Difference> {
  const [old, now] = [loaderOf(before), loaderOf(after)];
  if (now === undefined || now === old) return;
  if (isSystemLoader(now) || (old !== undefined && !isSystemLoader(old) && placeOf(old) === placeOf(now)))
    return;
  yield {
    rule: "loader-changed",
    risk: "high",
    because: `is loaded by ${now}, which is not the system's own loader`,
    ...(old !== undefined && { before: { text: old } }),
    after: { text: now },
  };
}

const LOADER = "loader ";

const loaderOf = ({ buildMarks }: ExecutableFacts): string | undefined =>
  buildMarks.platform?.find((mark) => mark.startsWith(LOADER))?.slice(LOADER.length);
