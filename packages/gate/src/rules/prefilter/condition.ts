/**
 * Whether a rule's condition may hold, when it is known which of its patterns may match. Whatever is no pattern (a size, a
 * number read from the file, `not`) may be either, so it is taken to hold. Reads what our own rules use, and no more.
 * Source: YARA documentation, "Conditions".
 * @module
 */

/** @param may - whether the pattern of this name may match */
export type Condition = (may: (pattern: string) => boolean) => boolean;

/**
 * @param patterns - names of the rule's patterns, with `$`
 * @throws Error for what our rules do not use
 */
export function readCondition(text: string, patterns: readonly string[]): Condition {
  const tokens = [...text.matchAll(/[$#][A-Za-z0-9_]+\*?|\w+|[()<>=,]+?|\S/g)].map(([token]) => token);
  const reader = new Reader(tokens, patterns);
  const condition = reader.readOr();
  if (!reader.isAtEnd) throw new Error(`condition: ${reader.rest} was not expected`);
  return condition;
}

const COMPARISON = /^[<>=!]$/;

class Reader {
  readonly #tokens: readonly string[];
  readonly #patterns: readonly string[];
  #at = 0;

  constructor(tokens: readonly string[], patterns: readonly string[]) {
    this.#tokens = tokens;
    this.#patterns = patterns;
  }

  get isAtEnd(): boolean {
    return this.#at >= this.#tokens.length;
  }

  get rest(): string {
    return this.#tokens.slice(this.#at).join(" ");
  }

  readOr(): Condition {
    const parts = [this.#readAnd()];
    while (this.#take("or")) parts.push(this.#readAnd());
    return (may) => parts.some((part) => part(may));
  }

  #readAnd(): Condition {
    const parts = [this.#readTerm()];
    while (this.#take("and")) parts.push(this.#readTerm());
    return (may) => parts.every((part) => part(may));
  }

  #readTerm(): Condition {
    if (this.#take("not")) {
      this.#readTerm();
      return () => true;
    }
    const token = this.#next();
    if (token === "(") {
      const inner = this.readOr();
      this.#expect(")");
      return inner;
    }
    if (token.startsWith("$")) return (may) => may(token);
    if (this.#peek() === "of") return this.#readCount(token);
    return this.#readComparison(token);
  }

  /** `any of them`, `2 of ($a, $b_*)`. */
  #readCount(count: string): Condition {
    this.#expect("of");
    const names = this.#readSet();
    const needed = count === "any" ? 1 : count === "all" ? names.length : Number(count);
    if (!Number.isSafeInteger(needed)) throw new Error(`condition: ${count} of is not known`);
    return (may) => names.filter(may).length >= needed;
  }

  #readSet(): readonly string[] {
    if (this.#take("them")) return this.#patterns;
    this.#expect("(");
    const names: string[] = [];
    do {
      const token = this.#next();
      const prefix = token.slice(0, -1);
      const isMany = token.endsWith("*");
      names.push(...this.#patterns.filter((name) => (isMany ? name.startsWith(prefix) : name === token)));
    } while (this.#take(","));
    this.#expect(")");
    return names;
  }

  /** `#a > 3` needs `$a`; `filesize < 300KB` and `uint16(0) == 0x5a4d` may hold. */
  #readComparison(first: string): Condition {
    if (this.#take("(")) {
      this.#next();
      this.#expect(")");
    }
    if (!COMPARISON.test(this.#peek() ?? "")) throw new Error(`condition: ${first} is not known`);
    while (COMPARISON.test(this.#peek() ?? "")) this.#next();
    this.#next();
    return first.startsWith("#") ? (may) => may(`$${first.slice(1)}`) : () => true;
  }

  #peek(): string | undefined {
    return this.#tokens[this.#at];
  }

  #next(): string {
    const token = this.#tokens[this.#at];
    if (token === undefined) throw new Error("condition: it is cut short");
    this.#at += 1;
    return token;
  }

  #take(token: string): boolean {
    if (this.#peek() !== token) return false;
    this.#at += 1;
    return true;
  }

  #expect(token: string): void {
    if (!this.#take(token)) throw new Error(`condition: expected ${token} before ${this.rest}`);
  }
}
