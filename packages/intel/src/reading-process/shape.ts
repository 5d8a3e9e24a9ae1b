/** Small readers of values that are not believed. Each hands back what it knows of a value, and nothing else. @module */

/** @throws Error naming what was wrong, never the value */
export type Shape<Value> = (value: unknown) => Value;

const MAX_TEXT_CHARACTERS = 64 * 1024;
const MAX_ROWS = 100_000;

function refuse(what: string): never {
  throw new Error(`impossible ${what}`);
}

export const text =
  (maxCharacters = MAX_TEXT_CHARACTERS): Shape<string> =>
  (value) =>
    typeof value === "string" && value.length <= maxCharacters ? value : refuse("text");

export const matching =
  (pattern: RegExp): Shape<string> =>
  (value) =>
    typeof value === "string" && value.length <= MAX_TEXT_CHARACTERS && pattern.test(value)
      ? value
      : refuse("text");

export const number =
  (least: number, most: number): Shape<number> =>
  (value) =>
    typeof value === "number" && value >= least && value <= most ? value : refuse("number");

export const flag: Shape<boolean> = (value) => (typeof value === "boolean" ? value : refuse("flag"));

export const oneOf =
  <const Word extends string | boolean>(...words: readonly Word[]): Shape<Word> =>
  (value) =>
    words.find((word) => word === value) ?? refuse("word");

export const either =
  <First, Second>(first: Shape<First>, second: Shape<Second>): Shape<First | Second> =>
  (value) => {
    try {
      return first(value);
    } catch {
      return second(value);
    }
  };

export const list =
  <Value>(of: Shape<Value>, most = MAX_ROWS): Shape<readonly Value[]> =>
  (value) =>
    Array.isArray(value) && value.length <= most ? value.map((one) => of(one)) : refuse("list");

/** A member that may be left out. */
export interface Optional<Value> {
  readonly optional: Shape<Value>;
}

export const optional = <Value>(of: Shape<Value>): Optional<Value> => ({ optional: of });

type Members = Readonly<Record<string, Shape<unknown> | Optional<unknown>>>;

type RecordOf<Of extends Members> = {
  readonly [Name in keyof Of as Of[Name] extends Optional<unknown> ? never : Name]: Of[Name] extends Shape<
    infer Value
  >
    ? Value
    : never;
} & {
  readonly [Name in keyof Of as Of[Name] extends Optional<unknown>
    ? Name
    : never]?: Of[Name] extends Optional<infer Value> ? Value : never;
};

/** Members that are not named are left behind. */
export function record<Of extends Members>(members: Of): Shape<RecordOf<Of>> {
  const named = Object.entries(members);
  return (value) => {
    if (typeof value !== "object" || value === null || Array.isArray(value)) return refuse("record");
    const given = value as Readonly<Record<string, unknown>>;
    const read: Record<string, unknown> = {};
    for (const [name, member] of named) {
      const one = Object.hasOwn(given, name) ? given[name] : undefined;
      if (typeof member === "function") read[name] = member(one);
      else if (one !== undefined) read[name] = member.optional(one);
    }
    return read as RecordOf<Of>;
  };
}
