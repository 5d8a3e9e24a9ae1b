/** JSON as a type, and the one byte form of a JSON value that may be hashed. Source: RFC 8785 (JCS). @module */

export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };
export type JsonObject = { readonly [key: string]: Json };

/**
 * Writes a JSON value in the canonical form of RFC 8785: members sorted by UTF-16 code units, no white space.
 * `JSON.stringify` already prints numbers and strings as RFC 8785 §3.2.2 asks.
 * @returns text that is equal for equal values, whatever the order of their members
 */
export function canonicalJson(value: Json): string {
  if (value === null || typeof value !== "object") return JSON.stringify(value);
  if (isArray(value)) return `[${value.map(canonicalJson).join(",")}]`;
  const members = Object.keys(value).sort(byCodeUnits);
  return `{${members.map((key) => `${JSON.stringify(key)}:${canonicalJson(value[key] ?? null)}`).join(",")}}`;
}

const isArray = (value: Json): value is readonly Json[] => Array.isArray(value);
const byCodeUnits = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);
