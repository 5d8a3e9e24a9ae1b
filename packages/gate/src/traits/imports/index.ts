/**
 * Imported functions: what a program asks the system for. A new release asks for a few more; what counts is power of a
 * kind that it had none of, and several of them at once.
 * @module
 */

import { gained, inWords, listed } from "../executable/comparing.ts";
import { type ExecutablePair, executablesOf } from "../executable/index.ts";
import { type Difference, defineTrait, type Risk, type Trait } from "../trait.ts";
import { combinations, type Group, type GroupId, groups, isLibrary } from "./groups.ts";
import { powersOf } from "./powers.ts";

export const imports: Trait = defineTrait({
  id: "imports",
  title: "Imported functions",
  question: "Does it ask the system for a kind of power that it did not have?",
  document:
    "Microsoft, PE Format, The .idata Section; System V gABI, Dynamic Linking; Apple, mach-o/loader.h",
  rules: {
    "powers-combined": "It gained kinds of power that together bring in and run a payload.",
    "power-gained": "It gained a kind of power that it had none of.",
    "imports-vanished": "It asks for almost nothing any more, as packed programs do.",
    "imports-beyond-view":
      "It asks for more functions than are compared by name, and for others than before.",
    "imports-added": "It asks for functions that it did not ask for before.",
  },
  *compare(pair) {
    const executables = executablesOf(pair);
    if (executables === undefined) return;
    const added = gained(executables.before.imports, executables.after.imports);
    yield* comparePowers(executables);
    yield* compareCounts(executables);
    if (added.length > 0)
      yield {
        rule: "imports-added",
        risk: "info",
        because: "asks for functions that it did not ask for before",
        after: listed(added),
        facts: { count: added.length },
      };
  },
});

interface Gain {
  readonly group: Group;
  readonly functions: readonly string[];
  /** It had one function of the group. */
  readonly isMore: boolean;
}

function* comparePowers({ before, after }: ExecutablePair): Generator<Difference> {
  const had = powersOf(before.imports.names);
  const gains: Gain[] = [];
  for (const [id, functions] of powersOf(after.imports.names)) {
    const group = groups.find((one) => one.id === id);
    if (group === undefined) continue;
    const known = new Set(had.get(id));
    const fresh = functions.filter((name) => !known.has(name));
    // One function of the group may have been there by chance: runtimes stop threads, and set where they go on.
    if (known.size === 0 || (id === IN_WAYS && known.size === 1 && fresh.length >= MANY_FRESH))
      gains.push({ group, functions: fresh, isMore: known.size > 0 });
  }
  const combined = combinations.find((ids) => ids.every((id) => gains.some(({ group }) => group.id === id)));
  if (combined !== undefined) {
    const parts = gains.filter(({ group }) => combined.includes(group.id));
    yield describeCombination(parts, isLibrary(after.role));
  }
  for (const gain of gains)
    if (combined?.includes(gain.group.id) !== true) yield describeGain(gain, isLibrary(after.role));
}

/** A program that learns to fetch and start its own updates gains just these. */
const UPDATING: ReadonlySet<GroupId> = new Set<GroupId>(["network", "execution"]);

const describeCombination = (gains: readonly Gain[], library: boolean): Difference => ({
  rule: "powers-combined",
  risk: library || !gains.every(({ group }) => UPDATING.has(group.id)) ? "high" : "medium",
  because: `can now ${inWords(gains.map(({ group }) => group.power))}, and could do none of it before: calls ${inWords(gains.flatMap(({ functions }) => functions.slice(0, 2)))}`,
  after: listed(gains.flatMap(({ functions }) => functions)),
  facts: { powers: gains.map(({ group }) => group.id) },
});

const describeGain = ({ group, functions, isMore }: Gain, library: boolean): Difference => ({
  rule: "power-gained",
  risk: riskOf(group, functions, library),
  because: isMore
    ? `can ${group.power} in more ways than before: calls ${inWords(functions)}`
    : `can now ${group.power}, which it could not before: calls ${inWords(functions)}`,
  after: listed(functions),
  facts: { power: group.id },
});

/** One function may have crept in; several of these together are a way to do it. */
function riskOf(group: Group, functions: readonly string[], library: boolean): Risk {
  const isWhole = group.id === IN_WAYS && new Set(functions).size >= 2;
  return isWhole ? "high" : group.gain[library ? "library" : "program"];
}

/** The group of which single functions are in honest runtimes, and several are not. */
const IN_WAYS: GroupId = "injection";
const MANY_FRESH = 3;

const MANY = 12;
const FEW = 6;

function* compareCounts({ before, after }: ExecutablePair): Generator<Difference> {
  if (before.isManaged !== after.isManaged) return;
  if (before.imports.count >= MANY && after.imports.count <= FEW && after.imports.count > 0)
    yield {
      rule: "imports-vanished",
      risk: "medium",
      because: "asks the system for almost nothing any more, as packed programs do",
      before: listed(before.imports.names),
      after: listed(after.imports.names),
    };
  if (after.imports.sha256 !== undefined && after.imports.sha256 !== before.imports.sha256)
    yield {
      rule: "imports-beyond-view",
      risk: "low",
      because: "asks for more functions than are compared by name, and for others than before",
      facts: { before: before.imports.count, after: after.imports.count },
    };
}
