/**
 * The plain YAML that programs write manifests in, read line by line: there are half a million of them, and the full reader takes
 * milliseconds for each. It reads only what it is sure of, and leaves everything else to the full one.
 * Source: YAML 1.2.2, 7.3.3 plain style, 8.1 block scalars, 8.2.1 and 8.2.2 block collections.
 * @module
 */

import type { Json, JsonObject } from "@sallyport/core";

const KEY = /^( *)(- )?([A-Za-z][A-Za-z0-9]*):(?: (.*))?$/;
/** A list of scalars: of no interest, but sure. */
const ENTRY = /^ *- (.*)$/;
const QUOTED = /^'((?:[^']|'')*)'$/;
/** Backslashes are for the full reader. */
const DOUBLE_QUOTED = /^"([^"\\]*)"$/;
const ASKED: ReadonlySet<string> = new Set([
  "ManifestType",
  "PackageIdentifier",
  "PackageVersion",
  "PackageName",
  "Publisher",
  "Architecture",
  "Installers",
]);
/**
 * A text of several lines below a key at the top, 8.1: everything that is indented belongs to it. None of those is asked for,
 * so it stands here as an empty one.
 */
const BLOCK = /^([A-Za-z][A-Za-z0-9]*): [|>][+-]?$/;
/** Nothing that could be an anchor, a comment, a block, a flow, a quote or a key of its own. */
const PLAIN = /^[A-Za-z0-9./(<+$\p{L}](?:[^:#\t]|:(?=[^\s])|(?<=\S)#)*$/u;

/** @returns the mapping at the top, with `Installers` as a list of mappings; undefined when it is not sure */
export function readPlainly(text: string): JsonObject | undefined {
  const top = new Map<string, Json>();
  const installers: Map<string, Json>[] = [];
  let inInstallers = false;
  let itemIndent = -1;
  let inBlock = false;
  for (const whole of text.split("\n")) {
    const line = whole.replace(/\r$/, "");
    if (inBlock && /^(?: |$)/.test(line)) continue;
    const block = BLOCK.exec(line)?.[1];
    inBlock = block !== undefined;
    if (block !== undefined && ASKED.has(block)) return undefined;
    const read =
      block === undefined ? readLine(line) : { indent: 0, startsItem: false, key: block, value: "" };
    if (read === undefined) return undefined;
    if (read === "nothing") continue;
    const { indent, startsItem, key, value } = read;
    if (indent === 0 && !startsItem) {
      if (top.has(key) || (key === "Installers" && value !== "")) return undefined;
      top.set(key, value);
      inInstallers = key === "Installers";
      itemIndent = -1;
      continue;
    }
    if (!inInstallers) continue;
    if (itemIndent === -1) itemIndent = indent;
    if (startsItem && indent === itemIndent) installers.push(new Map());
    const isOfItem = startsItem ? indent === itemIndent : indent === itemIndent + 2;
    if (!isOfItem) continue;
    const item = installers.at(-1);
    if (item === undefined || item.has(key)) return undefined;
    item.set(key, value);
  }
  if (top.has("Installers"))
    top.set(
      "Installers",
      installers.map((item) => Object.fromEntries(item)),
    );
  return Object.fromEntries(top);
}

interface Line {
  readonly indent: number;
  readonly startsItem: boolean;
  readonly key: string;
  readonly value: string;
}

function readLine(line: string): Line | "nothing" | undefined {
  if (/^ *(#.*)?$/.test(line) || line === "---" || line === "\ufeff") return "nothing";
  const found = KEY.exec(line);
  if (found === null) {
    const entry = ENTRY.exec(line)?.[1];
    return entry === undefined || scalarOf(entry.trim()) === undefined ? undefined : "nothing";
  }
  const [, spaces = "", dash, key = "", given = ""] = found;
  const value = scalarOf(given.trim());
  if (value === undefined) return undefined;
  return { indent: spaces.length, startsItem: dash !== undefined, key, value };
}

/** Nothing behind the colon is a collection below, or null: both are empty here, and no text. */
function scalarOf(given: string): string | undefined {
  if (given === "") return "";
  const quoted = QUOTED.exec(given)?.[1]?.replaceAll("''", "'") ?? DOUBLE_QUOTED.exec(given)?.[1];
  return quoted ?? (PLAIN.test(given) ? given : undefined);
}
