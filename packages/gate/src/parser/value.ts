/** Readers for single values of a message that is not believed. @module */

const MAX_TEXT_CHARACTERS = 16 * 1024;

export const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value);

export const isWholeNumber = (value: unknown): value is number =>
  Number.isSafeInteger(value) && Number(value) >= 0;

/** @throws Error naming what was wrong, never the value */
export function refuse(what: string): never {
  throw new Error(`the parser process sent an impossible ${what}`);
}

export function readText(value: unknown): string {
  return typeof value === "string" && value.length <= MAX_TEXT_CHARACTERS ? value : refuse("text");
}

export const readOptionalText = (value: unknown): string | undefined =>
  value === undefined ? undefined : readText(value);

/** The member of that name when it is there: absent stays absent. */
export function optionalText<Name extends string>(
  from: Record<string, unknown>,
  name: Name,
): { readonly [key in Name]?: string } {
  const value = readOptionalText(from[name]);
  return (value === undefined ? {} : { [name]: value }) as { readonly [key in Name]?: string };
}
