/**
 * The one look at an executable that the comparing traits share: `code`, `imports`, `sections` and the others read
 * what is kept here. It compares nothing itself.
 * @module
 */

import { defineTrait, observed, type Pair, type Portrait, type Trait } from "../trait.ts";
import type { ExecutableFacts } from "./facts.ts";
import { compareKinds } from "./kind-change.ts";
import { factsReaders } from "./readers.ts";

export const executable: Trait<ExecutableFacts> = defineTrait<ExecutableFacts>({
  id: "executable",
  title: "Shape of executables",
  question: "What does an executable consist of, what does it ask for, and what runs first?",
  document: "Microsoft, PE Format; System V gABI; Apple, mach-o/loader.h",
  formats: ["pe", "elf", "mach-o"],
  rules: {
    "became-program": "Something that was no program is one now.",
    "other-system": "A program for another system stands in its place.",
    "other-processor": "A program for another processor stands in its place.",
  },
  observe: async (source, { budget, format }) => factsReaders[format]?.(source, budget),
  compare: (pair) => compareKinds(pair, { before: factsOf(pair.before), after: factsOf(pair.after) }),
});

/** What was kept of an executable; undefined for every other member. */
export const factsOf = (portrait: Portrait | undefined): ExecutableFacts | undefined =>
  observed(portrait, executable);

/** Both sides of a pair of executables of one format and one architecture. */
export interface ExecutablePair {
  readonly before: ExecutableFacts;
  readonly after: ExecutableFacts;
}

/** @returns undefined when one side is missing or is no executable of the other's kind */
export function executablesOf({ before, after }: Pair): ExecutablePair | undefined {
  const [old, now] = [factsOf(before), factsOf(after)];
  if (old === undefined || now === undefined) return undefined;
  return old.kind === now.kind && old.architecture === now.architecture
    ? { before: old, after: now }
    : undefined;
}
