/** What is said of the parts inside: whole runtimes that are over one by one, all else in one line. @module */

import type { Observation } from "../check.ts";
import type { Part } from "./asked.ts";
import { isOver, type Life } from "./life.ts";
import { broughtBy, isRuntime } from "./runtimes.ts";
import { factsOf, nameOf, tell } from "./sentence.ts";

interface PartLife {
  readonly part: Part;
  readonly life: Life;
}

/** More of them are counted only. */
const MAX_SHOWN = 20;
const MAX_NAMED = 5;
const MAX_LISTED = 100;

/** What fails asks for a person; what passes is shown. */
export function tellParts(parts: readonly PartLife[], now: Date): readonly Observation[] {
  const isBrought = broughtBy(parts.map(({ part }) => part));
  const own = once(parts.filter(({ part }) => !isBrought(part)));
  const over = own.filter(({ life }) => isOver(life));
  const grave = over.filter(isGrave);
  const shown = [...over.filter((one) => !isGrave(one)), ...own.filter(({ life }) => life.phase === "near")];
  return [
    ...grave.slice(0, MAX_SHOWN).map((one) => observe(one, now)),
    ...together(grave.slice(MAX_SHOWN), now, "fail"),
    ...together(shown, now, "pass"),
  ];
}

/**
 * A runtime without fixes, a whole program that its maker took back, or a system that all else in an image runs on. What a
 * system's package keeps is mended there for as long as the system is: the maker's own end does not tell.
 */
function isGrave({ part, life }: PartLife): boolean {
  if (part.isSystem) return false;
  if (part.kind === "system") return life.phase !== "no-security-fixes";
  return isRuntime(part.claim, life.known.fact) || (part.kind === "program" && life.phase === "retired");
}

/** What a file says of itself and what a mark in it tells are one thing, and so is its end. */
function once(parts: readonly PartLife[]): readonly PartLife[] {
  const ends = new Map<string, PartLife>();
  for (const one of parts) {
    const { product, release } = one.life.known.fact;
    const key = JSON.stringify([one.part.path, product, release, one.part.isSystem]);
    if (!ends.has(key)) ends.set(key, one);
  }
  return [...ends.values()];
}

const observe = ({ part, life }: PartLife, now: Date): Observation => ({
  outcome: "fail",
  path: part.path,
  because: tell(nameOf(part.claim), life, now) + (part.count > 1 ? `, and ${part.count - 1} more of it` : ""),
  facts: { ...factsOf(life), product: nameOf(part.claim), productIsOver: false, partIsOver: true },
});

const tellOne = ({ part, life }: PartLife, now: Date): string =>
  tell(nameOf(part.claim), life, now) +
  (part.isSystem ? ", which counts for its maker's own: this one is its distribution's to mend" : "");

function together(parts: readonly PartLife[], now: Date, outcome: "pass" | "fail"): readonly Observation[] {
  const [first] = parts;
  if (first === undefined) return [];
  const told = parts.slice(0, MAX_NAMED).map((one) => tellOne(one, now));
  const more = parts.length > MAX_NAMED ? [`and ${parts.length - MAX_NAMED} more parts`] : [];
  return [
    {
      outcome,
      because: `inside: ${[...told, ...more].join("; ")}`,
      facts: {
        phase: first.life.phase,
        product: nameOf(first.part.claim),
        productIsOver: false,
        partIsOver: outcome === "fail",
        partCount: parts.length,
        parts: parts.slice(0, MAX_LISTED).map(({ part, life }) => ({
          product: nameOf(part.claim),
          path: part.path,
          ...(part.isSystem && { isSystem: true }),
          ...factsOf(life),
        })),
        ...(outcome === "pass" && { notable: true }),
      },
    },
  ];
}
