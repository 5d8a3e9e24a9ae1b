/** Reads the text of our own rules: patterns with their needles, and when the condition may hold. @module */

import { type Condition, readCondition } from "./condition.ts";
import { base64Of, isTelling, type Needles, needlesOfRegex, needlesOfText } from "./needles.ts";

export interface ReadRule {
  /** Kinds of file it speaks of. */
  readonly files: readonly string[];
  readonly needles: ReadonlyMap<string, Needles>;
  readonly condition: Condition;
}

/** As they are written: `rule`, `meta:`, `strings:` with one pattern on each line, `condition:`. */
const RULE = /^rule (\w+) \{\n {2}meta:\n([\s\S]*?) {2}strings:\n([\s\S]*?) {2}condition:\n([\s\S]*?)^\}/gm;
const PATTERN = /^ {4}(\$\w+) = (.+)$/gm;

/** @throws Error for what is not written like our rules */
export function readRules(text: string): ReadRule[] {
  const rules = [...text.matchAll(RULE)].map(([, , meta = "", strings = "", condition = ""]) => {
    const needles = new Map(
      [...strings.matchAll(PATTERN)].map(([, name = "", value = ""]) => [name, needlesOf(value)]),
    );
    return {
      files: /files = "([^"]+)"/.exec(meta)?.[1]?.split(" ") ?? [],
      needles,
      condition: readCondition(condition, [...needles.keys()]),
    };
  });
  if (rules.length !== [...text.matchAll(/^rule /gm)].length)
    throw new Error("a rule is written in another way");
  return rules;
}

function needlesOf(value: string): Needles {
  if (value.startsWith("/")) return needlesOfRegex(value.slice(1, value.lastIndexOf("/")));
  const text = /^"((?:[^"\\]|\\.)*)"(.*)$/.exec(value);
  const [, literal = "", modifiers = ""] = text ?? [];
  // Bytes in braces, and an escape that stands for another character: nothing is told of them.
  if (text === null || /\\[^\\"]/.test(literal.replaceAll("\\\\", ""))) return [];
  if (/\bxor\b/.test(modifiers)) return [];
  const plain = literal.replaceAll(/\\(.)/g, "$1");
  const encoded = [
    ...(/\bbase64\b/.test(modifiers) ? base64Of(plain, 1) : []),
    ...(/\bbase64wide\b/.test(modifiers) ? base64Of(plain, 2) : []),
  ];
  return encoded.length === 0 ? needlesOfText(plain) : [encoded].filter(isTelling);
}
