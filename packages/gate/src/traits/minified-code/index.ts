/**
 * JavaScript that began to hide what it does. Minified code cannot be read line by line; what it is made of can be
 * counted.
 * @module
 */

import { readSourceText } from "../../source-code/source-text.ts";
import {
  type CompareContext,
  type Difference,
  defineTrait,
  observed,
  type Pair,
  type Trait,
} from "../trait.ts";
import { type CodeShape, observeCode, type Sighting } from "./observe.ts";
import { compareShapes } from "./shape.ts";
import { SIGNS, type SignId } from "./signs.ts";

export const minifiedCode: Trait<CodeShape> = defineTrait<CodeShape>({
  id: "minified-code",
  title: "Minified and obfuscated code",
  question: "Did JavaScript begin to hide what it does?",
  document: "ECMA-262, clause 12; MITRE ATT&CK T1027, T1140",
  rules: {
    obfuscated: "Code hides what it does in a way that minifiers do not.",
    "obfuscated-elsewhere": "Code hides what it does, as other files of the release before did.",
    "code-from-data": "Code is made while it runs, where there is a long encoded string.",
    "long-line": "A readable file got a long line of code.",
    minified: "A readable file became one that is hard to read.",
    "too-long": "Code is longer than what is looked at.",
    "token-statistics": "What minified code is made of changed.",
  },
  async observe(source, context) {
    const text = await readSourceText(source, context);
    return text?.language === "ecmascript" ? observeCode(text, context.budget) : undefined;
  },
  *compare(pair, context) {
    const after = observed(pair.after, minifiedCode);
    if (after === undefined) return;
    const before = observed(pair.before, minifiedCode);
    yield* compareSigns(before, after, context);
    yield* compareShapes(before, after);
  },
});

const isSeen = (shape: CodeShape | undefined, sign: SignId): boolean =>
  (shape?.signs[sign]?.count ?? 0) >= SIGNS[sign].enough;

function* compareSigns(
  before: CodeShape | undefined,
  after: CodeShape,
  context: CompareContext,
): Generator<Difference> {
  const gained = signIds.filter((sign) => isSeen(after, sign) && !isSeen(before, sign));
  const strong = gained.filter((sign) => SIGNS[sign].isStrong);
  const spread = spreadOf(context);
  // What only moved from one file to another is no gain.
  const isNew = (sign: SignId): boolean => spread.after(sign) > spread.before(sign);
  const decisive = strong.filter(isNew);
  if (decisive.length > 0) {
    const isElsewhere = decisive.every((sign) => spread.before(sign) > 0);
    yield {
      rule: isElsewhere ? "obfuscated-elsewhere" : "obfuscated",
      risk: isElsewhere ? "medium" : "high",
      because: `hides what it does: ${decisive.map((sign) => SIGNS[sign].says).join("; ")}`,
      ...excerptOf(after, decisive),
      facts: { signs: Object.fromEntries(decisive.map((sign) => [sign, after.signs[sign]?.count ?? 0])) },
    };
  }
  const weak = gained.filter((sign) => !SIGNS[sign].isStrong && isNew(sign));
  if (decisive.length === 0 && weak.length > 0 && runsData(after)) {
    const isWhole = weak.length >= 2;
    yield {
      rule: "code-from-data",
      risk: before === undefined ? "info" : isWhole ? "medium" : "low",
      because: `began to hold ${weak.map((sign) => SIGNS[sign].says).join(", and ")}`,
      ...excerptOf(after, weak),
    };
  }
}

const runsData = (shape: CodeShape): boolean => isSeen(shape, "run-code") && isSeen(shape, "encoded-table");

const signIds = Object.keys(SIGNS).filter((id): id is SignId => Object.hasOwn(SIGNS, id));

function excerptOf({ signs }: CodeShape, shown: readonly SignId[]): Pick<Difference, "after"> {
  const sightings = shown.flatMap((sign): Sighting[] => {
    const sighting = signs[sign];
    return sighting === undefined ? [] : [sighting];
  });
  const [first] = sightings;
  if (first === undefined) return {};
  return { after: { offsetBytes: first.offsetBytes, text: sightings.map(({ text }) => text).join("\n") } };
}

interface Spread {
  before(sign: SignId): number;
  after(sign: SignId): number;
}

const spreads = new WeakMap<CompareContext, Spread>();

/** In how many files of each release a sign is seen; counted once. */
function spreadOf(context: CompareContext): Spread {
  const known = spreads.get(context);
  if (known !== undefined) return known;
  const before = new Map<SignId, number>();
  const after = new Map<SignId, number>();
  for (const pair of context.pairs) {
    countSigns(pair, "before", before);
    countSigns(pair, "after", after);
  }
  const spread: Spread = {
    before: (sign) => before.get(sign) ?? 0,
    after: (sign) => after.get(sign) ?? 0,
  };
  spreads.set(context, spread);
  return spread;
}

function countSigns(pair: Pair, side: "before" | "after", counts: Map<SignId, number>): void {
  const shape = observed(pair[side], minifiedCode);
  if (shape === undefined) return;
  for (const sign of signIds) if (isSeen(shape, sign)) counts.set(sign, (counts.get(sign) ?? 0) + 1);
}
