/**
 * Refuses SQL parameters that node:sqlite would misread in silence: an object in the first place is taken for
 * named parameters and shifts all values by one, NaN and missing parameters become NULL.
 * @module
 */

import type { SQLInputValue } from "node:sqlite";

const isBindable = (value: unknown): value is SQLInputValue | boolean =>
  value === null ||
  typeof value === "string" ||
  typeof value === "bigint" ||
  typeof value === "boolean" ||
  (typeof value === "number" && Number.isFinite(value)) ||
  value instanceof Uint8Array;

/**
 * @param placeholders - how many values the statement wants
 * @returns the values as node:sqlite takes them; booleans are 1 and 0
 * @throws TypeError on a value that cannot be stored as it is, or on a wrong number of values
 */
export function guardParameters(placeholders: number, parameters: readonly unknown[]): SQLInputValue[] {
  if (parameters.length !== placeholders) {
    throw new TypeError(`SQL wants ${placeholders} parameters, got ${parameters.length}`);
  }
  return parameters.map((value, index) => {
    if (!isBindable(value)) {
      throw new TypeError(`unbindable SQL parameter ${index + 1}: ${describe(value)}`);
    }
    return typeof value === "boolean" ? Number(value) : value;
  });
}

const describe = (value: unknown): string =>
  typeof value === "number" ? String(value) : value instanceof Date ? "Date" : typeof value;

/** Counts the `?` of a statement, outside of quoted strings and names. One pass. */
export function countPlaceholders(sql: string): number {
  let count = 0;
  let quote = "";
  for (const character of sql) {
    // A doubled quote closes and opens again, which comes to the same.
    if (quote !== "") quote = character === quote ? "" : quote;
    else if (character === "'" || character === '"' || character === "`") quote = character;
    else if (character === "?") count += 1;
  }
  return count;
}
