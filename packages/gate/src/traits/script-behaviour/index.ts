/**
 * What scripts began to do. Single signs are ordinary; what counts is what one file gained together, and whether any
 * file of the release before did the same.
 * @module
 */

import { isMaskedScript } from "../../source-code/language.ts";
import { readSourceText } from "../../source-code/source-text.ts";
import { type Difference, defineTrait, observed, type Pair, type Trait } from "../trait.ts";
import { compareBehaviours } from "./gains.ts";
import { type Behaviour, DOES_NOTHING, observeBehaviour } from "./observe.ts";

export const scriptBehaviour: Trait<Behaviour> = defineTrait<Behaviour>({
  id: "script-behaviour",
  title: "Behaviour of scripts",
  question: "What did scripts begin to do?",
  document: "MITRE ATT&CK T1059, T1105, T1552, T1555, T1041, T1543, T1562",
  rules: {
    "gained-alone": "A script does what no ordinary program has a reason to do.",
    "gained-together": "A script gained things that are an attack together.",
    "gained-reading": "A script reads what opens other doors.",
    "first-of-its-kind": "A script does what no script of the release did before.",
    masked: "What is run as a script is of a format that is not read as one.",
    "gained-habit": "A script gained something worth a look.",
  },
  async observe(source, context) {
    const text = await readSourceText(source, context);
    return text === undefined ? undefined : observeBehaviour(text, context.budget);
  },
  *compare(pair, context) {
    yield* compareFormats(pair);
    const after = observed(pair.after, scriptBehaviour);
    if (after === undefined) return;
    const before = pair.before && (observed(pair.before, scriptBehaviour) ?? DOES_NOTHING);
    yield* compareBehaviours(before, after, context);
  },
});

/** An interpreter begins at the first byte, an archiver looks for its mark: one file can be both. */
function* compareFormats({ before, after }: Pair): Generator<Difference> {
  if (after === undefined || !isMaskedScript(after.member)) return;
  if (before !== undefined && isMaskedScript(before.member)) return;
  const is = `is run as a script by its name, and is of the format ${after.member.format}`;
  yield { rule: "masked", risk: "high", because: before === undefined ? `is new, ${is}` : `${is} now` };
}
