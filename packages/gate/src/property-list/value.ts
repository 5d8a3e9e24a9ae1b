/** What a property list can hold. Source: Apple, CFPropertyList; PropertyList-1.0.dtd. @module */

export type PropertyValue =
  | string
  | number
  | boolean
  | Date
  | Buffer
  | readonly PropertyValue[]
  | PropertyDictionary;

export type PropertyDictionary = ReadonlyMap<string, PropertyValue>;

export const isDictionary = (value: PropertyValue | undefined): value is PropertyDictionary =>
  value instanceof Map;

export const isArray = (value: PropertyValue | undefined): value is readonly PropertyValue[] =>
  Array.isArray(value);

/** The value of a key, when it is text. */
export function textOf(list: PropertyDictionary, key: string): string | undefined {
  const value = list.get(key);
  return typeof value === "string" ? value : undefined;
}
