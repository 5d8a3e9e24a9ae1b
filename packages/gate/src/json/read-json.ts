/**
 * JSON that somebody else wrote, read strictly and within bounds: UTF-8, no member twice (RFC 8259 §4 leaves open
 * which one counts, so two readers would see two documents), no deep nesting.
 * @module
 */

import { ArtifactError, type Json, type JsonObject } from "@sallyport/core";

const MAX_DEPTH = 64;

/**
 * @param what - names the document in messages: `the bundle`
 * @throws {@link ArtifactError} `artifact.malformed` for what is no JSON or names a member twice
 */
export function readJson(bytes: Uint8Array, what: string): Json {
  let text: string;
  try {
    text = new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch (cause) {
    throw new ArtifactError("artifact.malformed", `${what} is not UTF-8`, { cause });
  }
  refuseDoubled(text, what);
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new ArtifactError("artifact.malformed", `${what} is not JSON`, { cause });
  }
}

export const isJsonObject = (value: Json | undefined): value is JsonObject =>
  typeof value === "object" && value !== null && !Array.isArray(value);

export const isJsonList = (value: Json | undefined): value is readonly Json[] => Array.isArray(value);

/** The member of an object, of its own and of this type; undefined when there is none. */
export function member(value: Json | undefined, name: string): Json | undefined {
  return isJsonObject(value) && Object.hasOwn(value, name) ? value[name] : undefined;
}

export function textMember(value: Json | undefined, name: string): string | undefined {
  const found = member(value, name);
  return typeof found === "string" ? found : undefined;
}

export function listMember(value: Json | undefined, name: string): readonly Json[] | undefined {
  const found = member(value, name);
  return isJsonList(found) ? found : undefined;
}

/** What stands at the end of a path of names. */
export const memberAt = (value: Json | undefined, ...names: readonly string[]): Json | undefined =>
  names.reduce<Json | undefined>((at, name) => member(at, name), value);

/** One pass; text that is no JSON is left for the parser to refuse. */
function refuseDoubled(text: string, what: string): void {
  const open: (Set<string> | undefined)[] = [];
  let last = "";
  for (const token of tokens(text)) {
    if (token === "{") open.push(new Set());
    else if (token === "[") open.push(undefined);
    else if (token === "}" || token === "]") open.pop();
    else if (token === ":") noteName(open.at(-1), last, what);
    if (open.length > MAX_DEPTH)
      throw new ArtifactError("artifact.malformed", `${what} is nested more than ${MAX_DEPTH} deep`);
    last = token;
  }
}

/** Strings and the marks of objects and lists: enough to see which names stand in which object. */
function* tokens(text: string): Generator<string> {
  const mark = /["{}[\],:]/g;
  for (let found = mark.exec(text); found !== null; found = mark.exec(text)) {
    if (found[0] !== '"') yield found[0];
    else {
      const end = endOfString(text, mark.lastIndex);
      yield text.slice(found.index, end);
      mark.lastIndex = end;
    }
  }
}

/** Behind the quote that closes a string; a quote behind an odd number of backslashes is part of it. */
function endOfString(text: string, start: number): number {
  for (let quote = text.indexOf('"', start); quote >= 0; quote = text.indexOf('"', quote + 1)) {
    let at = quote;
    while (at > start && text[at - 1] === "\\") at -= 1;
    if ((quote - at) % 2 === 0) return quote + 1;
  }
  return text.length;
}

function noteName(names: Set<string> | undefined, token: string, what: string): void {
  if (names === undefined) return;
  const name = decodeName(token);
  if (names.has(name)) throw new ArtifactError("artifact.malformed", `${what} names a member twice`);
  names.add(name);
}

/** `"a"` and `"\u0061"` are the same name. */
function decodeName(token: string): string {
  try {
    return String(JSON.parse(token));
  } catch {
    return token;
  }
}
