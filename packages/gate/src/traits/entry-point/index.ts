/**
 * Where a program begins. Who puts code into a finished program must get it run: the entry point is moved there, or the
 * first instructions jump there. A rebuilt program begins in the same kind of place as before.
 * @module
 */

import { toolsOf } from "../build-marks/tools.ts";
import {
  changedCode,
  entryExcerpt,
  isCodeKept,
  isSameLink,
  mayBeSameLink,
  pairRegions,
} from "../executable/comparing.ts";
import type { EntryPoint, ExecutableFacts, Region } from "../executable/facts.ts";
import { type ExecutablePair, executablesOf } from "../executable/index.ts";
import { type Difference, defineTrait, type Risk, type Trait } from "../trait.ts";

export const entryPoint: Trait = defineTrait({
  id: "entry-point",
  title: "Entry point",
  question: "Does the program begin in another kind of place?",
  document:
    "Microsoft, PE Format, AddressOfEntryPoint; System V gABI, e_entry; Apple, mach-o/loader.h, LC_MAIN",
  rules: {
    "entry-moved": "The program begins in another section.",
    "entry-moved-in-old-code": "The program begins elsewhere in code that was not changed.",
    "entry-leaves": "The first instructions lead out of the section, which they did not before.",
    "entry-overwritten": "The first instructions were replaced, and hardly anything else.",
    "entry-begins-otherwise": "The first instructions are of another kind than the tools put there before.",
    "entry-gained": "A library that ran nothing when it is loaded now does.",
    "entry-outside": "The program begins where no section is.",
  },
  *compare(pair) {
    const executables = executablesOf(pair);
    const [before, after] = [executables?.before.entry, executables?.after.entry];
    if (executables === undefined || after === undefined) return;
    for (const found of judge(executables, before, after))
      yield { ...found, before: entryExcerpt(executables.before), after: entryExcerpt(executables.after) };
  },
});

type Found = Pick<Difference, "rule" | "risk" | "because">;

function* judge(pair: ExecutablePair, before: EntryPoint | undefined, after: EntryPoint): Generator<Found> {
  const [old, now] = [regionOf(pair.before, before), regionOf(pair.after, after)];
  if (now === undefined) {
    if (old !== undefined || before === undefined)
      yield { rule: "entry-outside", risk: "high", because: "begins at an address that no section holds" };
    return;
  }
  if (before === undefined || old === undefined) return yield* judgeGained(pair, before);
  const isElsewhere = isSameCode(pair, now) && before.address !== after.address;
  if (old.name !== now.name) yield entryMoved(pair, old, now);
  else if (isElsewhere)
    yield {
      rule: "entry-moved-in-old-code",
      risk: isSameLink(pair) ? "critical" : "high",
      because: "begins elsewhere in code that was not changed",
    };
  if (after.leadsTo !== undefined && before.leadsTo === undefined) yield entryLeaves(pair, after.leadsTo);
  else if (before.hex !== after.hex && isOverwritten(pair, now))
    yield {
      rule: "entry-overwritten",
      risk: "high",
      because: "begins with other instructions, while hardly anything else in its code changed",
    };
  else if (old.name === now.name && !isElsewhere && beginsOtherwise(pair, before, after))
    yield {
      rule: "entry-begins-otherwise",
      risk: isJump(after.hex) ? "high" : "medium",
      because: "begins with instructions of another kind, although the same tools made it",
    };
}

/** A library that had nothing to do when it is loaded, and now has. In .NET the runtime alone is entered. */
function* judgeGained(pair: ExecutablePair, before: EntryPoint | undefined): Generator<Found> {
  if (before !== undefined || pair.before.role !== "library" || pair.after.role !== "library") return;
  if (pair.after.isManaged === true || pair.before.isManaged === true) return;
  yield {
    rule: "entry-gained",
    risk: isSameLink(pair) || isCodeKept(pair) ? "critical" : "medium",
    because: "runs code when it is loaded, and did not before",
  };
}

const regionOf = (facts: ExecutableFacts, entry: EntryPoint | undefined): Region | undefined =>
  facts.regions[entry?.region ?? -1];

function entryMoved(pair: ExecutablePair, old: Region, now: Region): Found {
  const isNew = !pair.before.regions.some(({ name }) => name === now.name);
  const isWritable = now.access.includes("w");
  const isLast = pair.after.regions.at(-1) === now;
  const kind = [isNew && "new", isWritable && "writable"].filter((word) => word !== false).join(" and ");
  return {
    rule: "entry-moved",
    risk: riskOfMove(isCodeKept(pair) || isSameLink(pair), isNew || isWritable || isLast),
    because: `begins in ${kind === "" ? "" : `the ${kind} section `}${now.name}, not in ${old.name} as before`,
  };
}

/** Packers move it as well, and then change all code. */
function riskOfMove(isOtherwiseKept: boolean, isOddPlace: boolean): Risk {
  if (isOtherwiseKept) return "critical";
  return isOddPlace ? "high" : "medium";
}

function entryLeaves(pair: ExecutablePair, leadsTo: number): Found {
  const target = pair.after.regions[leadsTo];
  const isOdd = target === undefined || target.access.includes("w") || mayBeSameLink(pair);
  return {
    rule: "entry-leaves",
    risk: isOdd ? "high" : "medium",
    because: `jumps at once from its entry point to ${target?.name ?? "where no section is"}, which it did not before`,
  };
}

const isSameCode = (pair: ExecutablePair, now: Region): boolean =>
  pairRegions(pair).pairs.some(
    ([before, after]) => after === now && before.sha256 !== undefined && before.sha256 === after.sha256,
  );

/**
 * What runs first comes from the tools' own start-up code, which stays the same from build to build but for where it
 * leads. Measured on 300 pairs of real programs for Intel's processors: the first instruction is the same in all.
 */
function beginsOtherwise(pair: ExecutablePair, before: EntryPoint, after: EntryPoint): boolean {
  const { architecture, role } = pair.after;
  if (architecture !== "x64" && architecture !== "x86") return false;
  if (pair.after.isManaged === true || role !== pair.before.role || !hasSameTools(pair)) return false;
  return startOf(before) !== startOf(after);
}

/** What left no marks in either release may have been made by anything. */
function hasSameTools({ before, after }: ExecutablePair): boolean {
  const tools = toolsOf(before);
  return tools.length > 0 && tools.join() === toolsOf(after).join();
}

const JUMPS: ReadonlySet<string> = new Set(["e8", "e9", "eb"]);
const isJump = (hex: string): boolean => JUMPS.has(hex.slice(0, 2));

/** Instructions of one byte behind which an address or a number follows: CALL, JMP, PUSH, MOV. */
const ONE_BYTE = /^(?:e[89b]|68|6a|a1|b[89a-f]|ff[12]5)/;
/**
 * PUSH of a register that the caller wants back: which of them a function saves first follows from how many it needs.
 * Sources: System V ABI for x86-64, and Microsoft, x64 calling convention.
 */
const SAVED_REGISTER = /^(?:5[3567]|415[4-7])/;
/** No operand of another instruction begins before its third byte. */
const COMPARED_DIGITS = 6;

function kindOf(hex: string): string {
  if (SAVED_REGISTER.test(hex)) return "saves a register";
  return ONE_BYTE.exec(hex)?.[0] ?? hex.slice(0, COMPARED_DIGITS);
}

/** What the first instruction is, without what it is about; of a jump, the one that it leads to. */
const startOf = ({ hex, landing }: EntryPoint): string =>
  landing === undefined ? kindOf(hex) : `jump ${kindOf(landing)}`;

const FEW_BLOCKS = 2;
const LEAST_BLOCKS = 8;

/** One or two blocks of many are other ones, and no linker says that it made them. */
function isOverwritten(pair: ExecutablePair, now: Region): boolean {
  if (!mayBeSameLink(pair)) return false;
  const change = changedCode(pair).find(({ region }) => region === now.name);
  return change !== undefined && change.changedBlocks <= FEW_BLOCKS && change.blocks >= LEAST_BLOCKS;
}
