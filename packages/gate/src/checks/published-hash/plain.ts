/** Parsed JSON or YAML before anybody knows what is in it. @module */

export type Plain = string | number | boolean | null | readonly Plain[] | Fields;

export type Fields = { readonly [key: string]: Plain };

export const asText = (value: Plain | undefined): string | undefined =>
  typeof value === "string" ? value.trim() : undefined;

export const asList = (value: Plain | undefined): readonly Plain[] => (isList(value) ? value : []);

export const asRecord = (value: Plain | undefined): Fields | undefined =>
  typeof value === "object" && value !== null && !isList(value) ? value : undefined;

/** The records among values. */
export const recordsOf = (values: readonly Plain[]): readonly Fields[] =>
  values.map(asRecord).filter((fields) => fields !== undefined);

const isList = (value: Plain | undefined): value is readonly Plain[] => Array.isArray(value);
