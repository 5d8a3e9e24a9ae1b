/** Weighs what a script gained by how unusual it is for the release. @module */

import { type CompareContext, type Difference, observed, type Risk } from "../trait.ts";
import { ALONE } from "./alone.ts";
import { COMBINATIONS } from "./combinations.ts";
import { SCRIPT_SIGNS } from "./find.ts";
import { type Behaviour, DOES_NOTHING, type SeenCombination, type SeenSign } from "./observe.ts";

/** In a file that is no longer than this, everything is close together. */
const SMALL_FILE_CHARACTERS = 48 * 1024;
/** In a longer one, what belongs together stands within this. */
const NEAR_CHARACTERS = 8 * 1024;

/** Gained alone, and not as part of a combination. */
const HABITS: Readonly<Record<string, Risk>> = {
  "browser-profiles": "medium",
  wallets: "medium",
  keychain: "medium",
  messengers: "medium",
  persists: "medium",
  "removes-itself": "medium",
  "starts-download": "medium",
  "drives-assistant": "medium",
  "secret-scanner": "medium",
  "workflow-secrets": "medium",
  "private-keys": "low",
  "registry-credentials": "low",
  "cloud-credentials": "low",
  "repository-credentials": "low",
  environment: "info",
  "encoded-script": "high",
  "hiding-encoding": "high",
};

const READINGS: ReadonlySet<string> = new Set(["browser-profiles", "wallets", "keychain", "messengers"]);
const DOES: ReadonlyMap<string, string> = new Map([
  ...SCRIPT_SIGNS.map(({ id, does }) => [id, does] as const),
  ["hiding-encoding", "is written in an encoding in which it cannot be read"],
  ["encoded-script", "keeps an encoded script that starts programs"],
]);

export function* compareBehaviours(
  before: Behaviour | undefined,
  after: Behaviour,
  context: CompareContext,
): Generator<Difference> {
  const spread = spreadOf(context);
  const told = new Set<string>();
  for (const { id, does } of ALONE) {
    const seen = after.signs[id];
    if (seen === undefined || seen.count <= (before?.signs[id]?.count ?? 0)) continue;
    told.add(id);
    const risk = weigh("high", id, spread);
    if (risk !== undefined)
      yield { rule: "gained-alone", risk, because: sentenceOf(does, before), ...excerptOf(seen) };
  }
  for (const { id, does, risk: most } of COMBINATIONS) {
    const seen = after.combinations[id];
    if (seen === undefined || !isGained(seen, id, before, after)) continue;
    const isTold = seen.signs.every((sign) => told.has(sign));
    for (const sign of seen.signs) told.add(sign);
    const risk = weigh(most, id, spread);
    if (isTold || risk === undefined) continue;
    yield {
      rule: "gained-together",
      risk,
      because: sentenceOf(does, before),
      ...excerptOf(seen),
      facts: { signs: seen.signs, spanCharacters: seen.spanCharacters },
    };
  }
  yield* compareHabits(before, after, told, spread);
  yield* compareFirsts(before, after, told, spread);
}

const sentenceOf = (does: string, before: Behaviour | undefined): string =>
  before === undefined ? `is new and ${does}` : `${does}, which it did not before`;

/** What a script that was there before began to do, in a release of which no script did it. */
const FIRSTS: Readonly<Record<string, Risk>> = { runs: "medium", sends: "low", fetches: "low" };

/** Languages that are there to start programs. */
const COMMANDS: ReadonlySet<string> = new Set(["shell", "other", "batch", "powershell", "vbscript"]);

function* compareFirsts(
  before: Behaviour | undefined,
  after: Behaviour,
  told: ReadonlySet<string>,
  spread: Spread,
): Generator<Difference> {
  if (before === undefined || told.size > 0 || COMMANDS.has(after.language)) return;
  for (const [id, risk] of Object.entries(FIRSTS)) {
    const seen = after.signs[id];
    if (seen === undefined || told.has(id) || (spread.before.get(id) ?? 0) > 0) continue;
    yield {
      rule: "first-of-its-kind",
      risk,
      because: `${DOES.get(id) ?? id}, which no script of the release did before`,
      ...excerptOf(seen),
    };
  }
}

function* compareHabits(
  before: Behaviour | undefined,
  after: Behaviour,
  told: ReadonlySet<string>,
  spread: Spread,
): Generator<Difference> {
  for (const [id, most] of Object.entries(HABITS)) {
    const seen = after.signs[id];
    if (seen === undefined || told.has(id) || before?.signs[id] !== undefined) continue;
    const risk = weigh(most, id, spread);
    if (risk === undefined) continue;
    const rule = READINGS.has(id) ? "gained-reading" : "gained-habit";
    yield { rule, risk, because: sentenceOf(DOES.get(id) ?? id, before), ...excerptOf(seen) };
  }
}

/**
 * A file that had none of the signs gained them wherever they stand. In one that had some already, and in a long new
 * one, they must stand close together: long files do many things.
 */
function isGained(
  seen: SeenCombination,
  id: string,
  before: Behaviour | undefined,
  after: Behaviour,
): boolean {
  if (isClose(before?.combinations[id], before)) return false;
  const news = seen.signs.filter((sign) => before?.signs[sign] === undefined);
  if (news.length === 0) return false;
  const wasThere = before !== undefined;
  return (wasThere && news.length === seen.signs.length) || isClose(seen, after);
}

const isClose = (seen: SeenCombination | undefined, { codeCharacters }: Behaviour = DOES_NOTHING): boolean =>
  seen !== undefined && (codeCharacters <= SMALL_FILE_CHARACTERS || seen.spanCharacters <= NEAR_CHARACTERS);

const LESS: Readonly<Record<Risk, Risk>> = {
  critical: "high",
  high: "medium",
  medium: "low",
  low: "info",
  info: "info",
};

/** @returns undefined when as many files did it before: then it only moved */
function weigh(most: Risk, id: string, spread: Spread): Risk | undefined {
  const before = spread.before.get(id) ?? 0;
  const after = spread.after.get(id) ?? 0;
  if (before === 0) return most;
  return after > before ? LESS[most] : undefined;
}

const excerptOf = ({ offsetBytes, text }: SeenSign | SeenCombination): Pick<Difference, "after"> => ({
  after: { offsetBytes, text },
});

interface Spread {
  /** In how many files a sign or a combination is seen. */
  readonly before: ReadonlyMap<string, number>;
  readonly after: ReadonlyMap<string, number>;
}

const spreads = new WeakMap<CompareContext, Spread>();

function spreadOf(context: CompareContext): Spread {
  const known = spreads.get(context);
  if (known !== undefined) return known;
  const spread: Spread = { before: countFiles(context, "before"), after: countFiles(context, "after") };
  spreads.set(context, spread);
  return spread;
}

function countFiles({ pairs }: CompareContext, side: "before" | "after"): Map<string, number> {
  const counts = new Map<string, number>();
  for (const pair of pairs) {
    const seen = observed<Behaviour>(pair[side], { id: "script-behaviour" });
    if (seen === undefined) continue;
    const close = Object.entries(seen.combinations).filter(([, combination]) => isClose(combination, seen));
    for (const id of [...Object.keys(seen.signs), ...close.map(([id]) => id)])
      counts.set(id, (counts.get(id) ?? 0) + 1);
  }
  return counts;
}
