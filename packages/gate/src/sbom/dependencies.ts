/**
 * Which part needs which, where both are there: a manifest names what it needs without saying which version was taken.
 * @module
 */

import { type GatheredPart, purlIn } from "./gather.ts";

const MAX_CANDIDATES = 100;

/** Nothing lies deeper; what does is told apart by its upper folders. */
const MAX_LEVELS = 64;

/** @returns places of what each part needs, by the places of the parts; sorted */
export function resolveDependencies(parts: readonly GatheredPart[]): ReadonlyMap<number, readonly number[]> {
  const byName = new Map<string, number[]>();
  for (const [index, { component }] of parts.entries()) {
    const purl = purlIn(component.identifiers);
    if (purl === undefined) continue;
    const name = withoutVersion(purl);
    const candidates = byName.get(name) ?? [];
    // Whoever fills a list with versions of one name is not asked which of them is meant.
    if (candidates.length < MAX_CANDIDATES) candidates.push(index);
    byName.set(name, candidates);
  }
  const nearest = nearestAmong(parts, byName);
  const resolved = new Map<number, readonly number[]>();
  for (const [index, { component, paths }] of parts.entries()) {
    const names = new Set((component.dependsOn ?? []).map(withoutVersion));
    if (names.size === 0) continue;
    const levels = levelsOf(paths[0] ?? "");
    const needed = [...names].flatMap((name) => nearest(name, levels) ?? []);
    if (needed.length > 0)
      resolved.set(
        index,
        [...new Set(needed)].filter((one) => one !== index).sort((a, b) => a - b),
      );
  }
  return resolved;
}

const withoutVersion = (purl: string): string => purl.replace(/[@?#].*$/, "").toLowerCase();

/** Of several versions the one that lies nearest is meant: that is how programs look for what they need. */
function nearestAmong(
  parts: readonly GatheredPart[],
  byName: ReadonlyMap<string, readonly number[]>,
): (name: string, levels: readonly string[]) => number | undefined {
  /** By name: which candidate is the first in a folder, or below it. */
  const folders = new Map<string, ReadonlyMap<string, number>>();
  return (name, levels) => {
    const candidates = byName.get(name);
    if (candidates === undefined || candidates.length === 1) return candidates?.[0];
    const firsts = folders.get(name) ?? firstsIn(parts, candidates);
    folders.set(name, firsts);
    const level = levels.find((folder) => firsts.has(folder));
    return level === undefined ? candidates[0] : firsts.get(level);
  };
}

function firstsIn(
  parts: readonly GatheredPart[],
  candidates: readonly number[],
): ReadonlyMap<string, number> {
  const firsts = new Map<string, number>();
  for (const candidate of candidates)
    for (const path of parts[candidate]?.paths ?? [])
      for (const folder of levelsOf(path)) if (!firsts.has(folder)) firsts.set(folder, candidate);
  return firsts;
}

/** The path itself and the folders above it, the lowest first. */
function levelsOf(path: string): readonly string[] {
  const levels: string[] = [];
  for (let end = path.indexOf("/"); end >= 0 && levels.length < MAX_LEVELS; end = path.indexOf("/", end + 1))
    levels.push(path.slice(0, end));
  if (levels.length < MAX_LEVELS) levels.push(path);
  return levels.reverse();
}
