/**
 * Keys under which a naming is stored, and under which a claim looks. What {@link match} could find agreeing shares a key;
 * that two share a key says nothing yet.
 * @module
 */

import type { Claim, Identifier } from "@sallyport/core";
import type { Naming } from "../naming.ts";
import { parseCpe } from "./cpe.ts";
import { isRegistered } from "./identifiers.ts";
import { namesOf } from "./named.ts";
import { parsePurl, upstreamOf } from "./purl.ts";

const MAX_CHARACTERS = 200;

/**
 * @returns the same keys for the same names, whoever writes them: `purl:npm/lodash`, `cpe:vendor:product`, `product:reader`,
 * `file:setup.exe`, `upgrade-code:{…}`; few, without doubles, each at most 200 characters
 */
export function keysOf(names: Claim | Naming): readonly string[] {
  const keys = new Set<string>();
  const add = (key: string): unknown => keys.add(key.slice(0, MAX_CHARACTERS));
  for (const identifier of names.identifiers) for (const key of identifierKeys(identifier)) add(key);
  const isNaming = "scheme" in names;
  if (isNaming || !isRegistered(names.identifiers)) {
    for (const { spellings } of namesOf(names)) for (const spelling of spellings) add(`product:${spelling}`);
    const files = isNaming ? (names.fileNames ?? []) : names.fileName === undefined ? [] : [names.fileName];
    for (const file of files) add(`file:${file.trim().toLowerCase()}`);
  }
  return [...keys];
}

function identifierKeys({ kind, value }: Identifier): string[] {
  if (kind === "purl") {
    const purl = parsePurl(value);
    if (purl === undefined) return [];
    const upstream = upstreamOf(purl)?.name;
    return [purl.name, ...(upstream === undefined ? [] : [upstream])].map(
      (name) => `purl:${purl.type}/${name}`,
    );
  }
  if (kind === "cpe") {
    const cpe = parseCpe(value);
    return cpe === undefined ? [] : [`cpe:${cpe.vendor}:${cpe.product}`];
  }
  return [`${kind}:${value.trim().toLowerCase()}`];
}
