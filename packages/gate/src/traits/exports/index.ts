/**
 * Exported functions: what a library offers. A library that stands in for another one hands the calls on to it; a new
 * release answers them itself.
 * @module
 */

import { gained, inWords, listed, sides } from "../executable/comparing.ts";
import { type ExecutablePair, executablesOf } from "../executable/index.ts";
import { type Difference, defineTrait, type Trait } from "../trait.ts";

export const exports: Trait = defineTrait({
  id: "exports",
  title: "Exported functions",
  question: "Does a library still answer itself what it answered before?",
  document: "Microsoft, PE Format, The .edata Section; System V gABI, Symbol Table; Apple, mach-o/loader.h",
  rules: {
    "exports-handed-on": "Functions that the library answered itself are handed on to another library.",
    "exports-vanished": "Most of what the library offered is gone.",
    "exports-changed": "The library offers other functions.",
  },
  *compare(pair) {
    const executables = executablesOf(pair);
    if (executables === undefined) return;
    yield* compareForwards(executables);
    yield* compareNames(executables);
  },
});

interface Forward {
  readonly name: string;
  readonly library: string;
}

/** `name → library.function`; the library may have points in its own name. */
function parseForward(text: string): Forward {
  const [name = "", target = ""] = text.split(" → ", 2);
  return { name, library: target.slice(0, Math.max(0, target.lastIndexOf("."))).toLowerCase() };
}

/** Names that Windows maps to whatever library holds them now. Source: Microsoft, Windows API sets. */
const isApiSet = (library: string): boolean => /^(api|ext)-ms-/.test(library);
/** Windows' own libraries hand calls on to each other. */
const SYSTEM: ReadonlySet<string> = new Set(["ntdll", "kernelbase", "kernel32", "ucrtbase", "msvcrt"]);

function* compareForwards({ before, after }: ExecutablePair): Generator<Difference> {
  const handedOn = new Set(before.forwards.names.map((text) => parseForward(text).name));
  const offered = new Set(before.exports.names);
  const fresh = after.forwards.names
    .map(parseForward)
    .filter(({ name, library }) => !handedOn.has(name) && !isApiSet(library) && !SYSTEM.has(library));
  const taken = fresh.filter(({ name }) => offered.has(name));
  if (taken.length === 0) return;
  const libraries = [...new Set(taken.map(({ library }) => library))].sort();
  const isMost = taken.length * 2 >= Math.min(before.exports.count, before.exports.names.length);
  yield {
    rule: "exports-handed-on",
    risk: isMost && handedOn.size === 0 ? "high" : "medium",
    because: `hands calls that it answered itself on to ${inWords(libraries)}`,
    after: listed(taken.map(({ name, library }) => `${name} → ${library}`)),
    facts: { count: taken.length, exports: before.exports.count },
  };
}

const MANY = 8;

function* compareNames({ before, after }: ExecutablePair): Generator<Difference> {
  const [added, gone] = [gained(before.exports, after.exports), gained(after.exports, before.exports)];
  const excerpts = sides(listed(gone), listed(added));
  if (before.exports.count >= MANY && after.exports.count * 4 <= before.exports.count)
    yield {
      rule: "exports-vanished",
      risk: "low",
      because: "offers hardly any of the functions that it offered",
      ...excerpts,
      facts: { before: before.exports.count, after: after.exports.count },
    };
  else if (added.length > 0 || gone.length > 0 || before.exports.sha256 !== after.exports.sha256)
    yield { rule: "exports-changed", risk: "info", because: "offers other functions", ...excerpts };
}
