/** `RELEASES` of Squirrel.Windows: one package a line, of every release, whole or as a difference to the one before. @module */

import type { LandingKind } from "./landing.ts";

const LINE = /^([0-9a-f]{40})[ \t]+(\S{1,2000})[ \t]+\d{1,15}(?:[ \t]|$)/i;
const VERSION = /-(\d+(?:\.\d+){1,3}(?:-[0-9A-Za-z.]+?)?)-full\.nupkg$/i;

export const squirrelReleases: LandingKind = {
  title: "a list of Squirrel",
  document: "Squirrel.Windows: ReleaseEntry",
  async read(text) {
    const lines = text.split(/\r?\n/).map((line) => line.replace(/#.*$/, "").trim());
    const filled = lines.filter((line) => line !== "");
    const entries = filled.map((line) => LINE.exec(line));
    if (filled.length === 0 || entries.includes(null)) return undefined;
    return entries
      .flatMap((entry) => {
        const [, sha1 = "", address = ""] = entry ?? [];
        // A difference is nothing without what it is a difference to.
        if (/-delta\.nupkg$/i.test(address.split(/[?#]/, 1)[0] ?? "")) return [];
        const name = address.split(/[?#]/, 1)[0]?.split("/").at(-1) ?? address;
        const version = VERSION.exec(name)?.[1];
        return [{ address, ...(version !== undefined && { version }), hashLine: `SHA1 (${name}) = ${sha1}` }];
      })
      .reverse();
  },
};
