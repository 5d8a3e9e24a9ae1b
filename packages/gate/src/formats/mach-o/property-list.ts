/**
 * Strings out of a simple XML property list, by key. No XML parser: a claim that is not written plainly is not read.
 * Source: Apple, Property List Programming Guide; PropertyList-1.0.dtd.
 * @module
 */

export const MAX_PROPERTY_LIST_BYTES = 64 * 1024;
const MAX_TEXT_LENGTH = 256;

/** @returns the first string with this key; undefined when there is none, or it is empty */
export function readPropertyString(text: string, key: string): string | undefined {
  const mark = `<key>${key}</key>`;
  const found = text.indexOf(mark);
  if (found < 0) return undefined;
  const value = text.slice(found + mark.length, found + mark.length + MAX_TEXT_LENGTH * 2).trimStart();
  const end = value.indexOf("</string>");
  if (!value.startsWith("<string>") || end < 0) return undefined;
  return decode(value.slice("<string>".length, end)).slice(0, MAX_TEXT_LENGTH) || undefined;
}

/** `&amp;` last, so that what it leaves is not decoded again. */
const decode = (text: string): string =>
  text
    .replaceAll("&lt;", "<")
    .replaceAll("&gt;", ">")
    .replaceAll("&quot;", '"')
    .replaceAll("&apos;", "'")
    .replaceAll("&amp;", "&");
