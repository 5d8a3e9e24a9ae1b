/**
 * Whole runtimes: what runs a program's code or guards its connections, so that its holes are the program's. Other parts
 * that are over are shown and hold nothing.
 * @module
 */

import type { Claim } from "@sallyport/core";
import type { Part } from "./asked.ts";

/** In lower case, without spaces: as finders and version information call them. */
const RUNTIMES: ReadonlySet<string> = new Set([
  "electron",
  "chromium",
  "chromiumembeddedframework",
  "nw.js",
  ".net",
  ".netcore",
  ".netframework",
  "microsoft.net",
  "microsoft.netcore.app",
  "java",
  "openjdk",
  "javase",
  "javaplatformse",
  "oraclejdk",
  "eclipsetemurin",
  "amazoncorretto",
  "azulzulu",
  "bellsoftlibericajdk",
  "microsoftbuildofopenjdk",
  "python",
  "cpython",
  "node",
  "node.js",
  "nodejs",
  "openssl",
  "qt",
  "qt5",
  "qt6",
]);

/** What a part brings under its own care: Electron's makers mend the Node, Chromium and V8 that are in it. */
const BROUGHT_BY: ReadonlyMap<string, readonly string[]> = new Map([
  ["electron", ["chromium", "node", "node.js", "nodejs", "v8"]],
  ["node.js", ["openssl", "v8"]],
]);

const key = ({ product = "" }: Pick<Claim, "product">): string =>
  product.toLowerCase().replace(/[\s®™]+/g, "");

/** @param known - as the source names what agreed: a package of a runtime's is the runtime */
export const isRuntime = (claim: Claim, known: Pick<Claim, "product">): boolean =>
  RUNTIMES.has(key(claim)) || RUNTIMES.has(key(known));

type Placed = Pick<Part, "claim" | "path">;

/**
 * @returns whether a part of the same member, or one that lies in a folder above, answers for it: what lies elsewhere is
 * somebody else's
 */
export function broughtBy(parts: readonly Placed[]): (part: Placed) => boolean {
  const folders = new Map<string, Set<string>>();
  for (const { claim, path } of parts)
    for (const name of BROUGHT_BY.get(key(claim)) ?? []) {
      const known = folders.get(name) ?? new Set();
      folders.set(name, known.add(folderOf(path)));
    }
  return ({ claim, path }) => {
    const bringing = folders.get(key(claim));
    if (bringing === undefined) return false;
    for (let folder = folderOf(path); ; folder = folderOf(folder.slice(0, -1))) {
      if (bringing.has(folder)) return true;
      if (folder === "") return false;
    }
  };
}

const folderOf = (path: string): string => path.slice(0, path.lastIndexOf("/") + 1);
