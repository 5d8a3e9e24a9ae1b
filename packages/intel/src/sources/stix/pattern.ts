/**
 * Reads STIX patterns, as far as they say that one thing alone points to an attack: `[a OR b]` is two indicators, `[a] AND [b]`
 * is none, because each may be harmless by itself. Source: STIX 2.1 §9 (patterning), grammar in appendix B.
 * @module
 */

import { refuse } from "./refusal.ts";
import { type Token, tokensOf } from "./token.ts";

/** `file:hashes.MD5 = '…'`; several constants after `IN`. */
export interface Comparison {
  readonly kind: "comparison";
  readonly path: string;
  readonly operator: string;
  readonly isNegated: boolean;
  readonly constants: readonly string[];
}

export interface Combination {
  readonly kind: "and" | "or";
  readonly parts: readonly Expression[];
}

export type Expression = Comparison | Combination;

/** Each is enough by itself. */
export interface Pattern {
  readonly observations: readonly Expression[];
  /** Parts that were left out, and why. */
  readonly leftOut: readonly string[];
}

const MOST_DEPTH = 50;

/** @throws FeedError when it is no pattern */
export function readPattern(pattern: string): Pattern {
  return new Reader(tokensOf(pattern)).read();
}

/** An observation, or several of which all have to be seen. */
type Seen = { readonly alone: readonly Expression[]; readonly leftOut: readonly string[] };

class Reader {
  readonly #tokens: readonly Token[];
  #at = 0;

  constructor(tokens: readonly Token[]) {
    this.#tokens = tokens;
  }

  read(): Pattern {
    const { alone, leftOut } = this.#observations(0);
    if (this.#at < this.#tokens.length) return refuse("goes on behind its end");
    return { observations: alone, leftOut };
  }

  #observations(depth: number): Seen {
    const parts = [this.#observation(depth)];
    const joints = new Set<string>();
    for (let word = this.#joint(); word !== undefined; word = this.#joint()) {
      joints.add(word);
      parts.push(this.#observation(depth));
    }
    const leftOut = parts.flatMap((part) => part.leftOut);
    // AND binds closer than OR, and FOLLOWEDBY like AND; mixed without brackets they are rare and left out.
    if (joints.has("AND") || joints.has("FOLLOWEDBY"))
      return { alone: [], leftOut: [...leftOut, "wants several things to be seen together"] };
    return { alone: parts.flatMap(({ alone }) => alone), leftOut };
  }

  #joint(): string | undefined {
    const token = this.#tokens[this.#at];
    const isJoint = token?.kind === "word" && ["AND", "OR", "FOLLOWEDBY"].includes(token.text);
    if (!isJoint) return undefined;
    this.#at += 1;
    return token.text;
  }

  #observation(depth: number): Seen {
    if (depth > MOST_DEPTH) return refuse("is nested too deeply");
    if (this.#take("(")) {
      const inner = this.#observations(depth + 1);
      this.#need(")");
      return this.#qualified(inner);
    }
    this.#need("[");
    const expression = this.#alternatives(depth + 1);
    this.#need("]");
    return this.#qualified({ alone: [expression], leftOut: [] });
  }

  /** `WITHIN` narrows nothing of a single observation; the others make it one that has to be seen more than once, or in time. */
  #qualified(seen: Seen): Seen {
    let result = seen;
    for (;;) {
      if (this.#takeWord("WITHIN")) {
        this.#constant();
        if (!this.#takeWord("SECONDS")) return refuse("has WITHIN without SECONDS");
      } else if (this.#takeWord("REPEATS")) {
        const times = Number(this.#constant());
        if (!this.#takeWord("TIMES")) return refuse("has REPEATS without TIMES");
        if (times !== 1) result = without(result, "wants the same thing to be seen several times");
      } else if (this.#takeWord("START")) {
        this.#constant();
        if (!this.#takeWord("STOP")) return refuse("has START without STOP");
        this.#constant();
        result = without(result, "counts only within a span of time");
      } else return result;
    }
  }

  #alternatives(depth: number): Expression {
    return this.#joined("or", "OR", () => this.#together(depth));
  }

  #together(depth: number): Expression {
    return this.#joined("and", "AND", () => this.#single(depth));
  }

  #joined(kind: "and" | "or", word: string, read: () => Expression): Expression {
    const first = read();
    const parts = [first];
    while (this.#takeWord(word)) parts.push(read());
    return parts.length === 1 ? first : { kind, parts };
  }

  #single(depth: number): Expression {
    if (depth > MOST_DEPTH) return refuse("is nested too deeply");
    if (this.#take("(")) {
      const inner = this.#alternatives(depth + 1);
      this.#need(")");
      return inner;
    }
    const isExistence = this.#takeWord("EXISTS");
    const token = this.#tokens[this.#at++];
    if (token?.kind !== "path") return refuse("has no object path where one must stand");
    if (isExistence) return comparison(token.text, "EXISTS", { isNegated: false, constants: [] });
    const isNegated = this.#takeWord("NOT");
    const operator = this.#tokens[this.#at++];
    if (operator?.kind !== "operator" && operator?.kind !== "word")
      return refuse("has no operator behind an object path");
    const constants = operator.text === "IN" ? this.#list() : [this.#constant()];
    return comparison(token.text, operator.text, { isNegated, constants });
  }

  #list(): readonly string[] {
    this.#need("(");
    const constants = [this.#constant()];
    while (this.#take(",")) constants.push(this.#constant());
    this.#need(")");
    return constants;
  }

  #constant(): string {
    const token = this.#tokens[this.#at++];
    if (token?.kind === "constant") return token.text;
    const isTruth = token?.kind === "word" && (token.text === "TRUE" || token.text === "FALSE");
    return isTruth ? token.text : refuse("has no value where one must stand");
  }

  #take(mark: string): boolean {
    const token = this.#tokens[this.#at];
    if (token?.kind !== "mark" || token.text !== mark) return false;
    this.#at += 1;
    return true;
  }

  #takeWord(word: string): boolean {
    const token = this.#tokens[this.#at];
    if (token?.kind !== "word" || token.text !== word) return false;
    this.#at += 1;
    return true;
  }

  #need(mark: string): void {
    if (!this.#take(mark)) refuse(`lacks a ${mark}`);
  }
}

const comparison = (
  path: string,
  operator: string,
  rest: Pick<Comparison, "isNegated" | "constants">,
): Comparison => ({ kind: "comparison", path, operator, ...rest });

const without = (seen: Seen, because: string): Seen => ({
  alone: [],
  leftOut: [...seen.leftOut, because],
});
