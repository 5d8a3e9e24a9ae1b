/** Programs that a member carries, and did not carry before. @module */

import type { MemberKind } from "../member-kind.ts";
import type { Difference, Excerpt, Risk } from "../trait.ts";
import type { Carried } from "./observe.ts";
import type { CarriedProgram } from "./search.ts";

const HOW: Readonly<Record<CarriedProgram["writing"], string>> = {
  plain: "",
  xor: " under an XOR key",
  reversed: " written backwards",
  base64: " in base64",
  hex: " in hexadecimal digits",
};

/** One difference for each kind of program and writing. */
export function* comparePrograms(
  was: Carried | undefined,
  now: Carried,
  kind: MemberKind,
): Generator<Difference> {
  const groups = Map.groupBy(now.programs ?? [], groupOf);
  for (const [group, programs] of groups) {
    const [first] = programs;
    const had = (was?.programs ?? []).filter((program) => groupOf(program) === group);
    if (first === undefined || had.length >= programs.length) continue;
    const more = programs.length - had.length;
    const { kind: program, writing, key } = first;
    const what = more === 1 ? articled(program) : `${more} ${program}s`;
    const how = key === undefined ? HOW[writing] : ` under the XOR key 0x${key.toString(16)}`;
    const isNew = had.length === 0;
    yield {
      rule: writing !== "plain" ? "hidden-program" : isNew ? "carried-program" : "more-programs",
      risk: riskOf(first, { kind, isNew, isAdded: was === undefined }),
      because: `carries ${what}${isNew ? "" : " more"}${how}`,
      after: show(first, programs),
    };
  }
  if (now.isFlooded === true && was?.isFlooded !== true)
    yield {
      rule: "too-many-marks",
      risk: "medium",
      because: "holds so many marks of programs that not all could be looked at",
    };
  else if ((now.programCount ?? 0) > MOST_COMPARED && now.programCount !== was?.programCount)
    yield { rule: "more-programs", risk: "low", because: `carries ${now.programCount ?? 0} programs in all` };
}

/** As many are told apart. */
const MOST_COMPARED = 64;

const groupOf = ({ kind, writing }: CarriedProgram): string =>
  `${kind} ${writing === "xor" ? "xor" : writing}`;

function riskOf(
  { writing, kind: program }: CarriedProgram,
  { kind, isNew, isAdded }: { readonly kind: MemberKind; readonly isNew: boolean; readonly isAdded: boolean },
): Risk {
  // Tools that trace a system bring programs for its kernel along.
  if (program === "BPF program") return "low";
  if (writing !== "plain") return isNew ? "high" : "medium";
  if (!isNew) return "low";
  if (!isAdded) return "high";
  // Of a new member nothing is known: programs, archives and databases that are one file hold others.
  return kind === "native" || kind === "data" ? "medium" : "high";
}

const articled = (noun: string): string => `${/^[AEIOU]/.test(noun) ? "an" : "a"} ${noun}`;

const show = (first: CarriedProgram, programs: readonly CarriedProgram[]): Excerpt => ({
  offsetBytes: first.offsetBytes,
  hex: first.hex,
  text: programs
    .slice(0, 16)
    .map(({ kind, offsetBytes }) => `${kind} at ${offsetBytes}`)
    .join("\n"),
});
