/** Which members of a release its own descriptions have run. @module */

import { folderOf, lastPart } from "../small-text.ts";
import type { Portrait, Release } from "../trait.ts";
import type { ScriptFacts } from "./facts.ts";
import { filesRunBy } from "./lifecycle.ts";

const known = new WeakMap<Release, ReadonlyMap<string, string>>();

/** @returns by path of a member, which of npm's commands runs it */
export function membersRun(
  release: Release,
  factsOf: (portrait: Portrait) => ScriptFacts | undefined,
): ReadonlyMap<string, string> {
  const before = known.get(release);
  if (before !== undefined) return before;
  const runs = new Map<string, string>();
  for (const portrait of release.members) {
    const { path } = portrait.member;
    const { lifecycle } = (lastPart(path) === "package.json" ? factsOf(portrait) : undefined) ?? {};
    for (const [name, command] of Object.entries(lifecycle ?? {}))
      for (const file of filesRunBy(command)) {
        const folder = folderOf(path);
        const whole = folder === "" ? file : `${folder}/${file}`;
        const member = ["", ".js", ".cjs", ".mjs", "/index.js"]
          .map((end) => whole + end)
          .find((at) => release.byPath(at));
        if (member !== undefined) runs.set(member, name);
      }
  }
  known.set(release, runs);
  return runs;
}

/**
 * npm runs the commands of a package it installs, and of those packed inside its `node_modules`. A description deeper
 * in the package's own folders, or in a finished application, is read by nobody.
 */
export function isInstalledByNpm(path: string, release: Release): boolean {
  if (/\.asar(?:\/|$)/.test(path)) return false;
  const own = folderOf(path);
  if (/(?:^|\/)node_modules\/(?:@[^/]+\/)?[^/]+$/.test(own)) return true;
  for (let folder = own; folder !== ""; ) {
    folder = folderOf(folder);
    if (release.byPath(folder === "" ? "package.json" : `${folder}/package.json`) !== undefined) return false;
  }
  return true;
}
