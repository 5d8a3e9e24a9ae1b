/**
 * Which part needs which, where both are there: a manifest names what it needs without saying which version was taken.
 * @module
 */

import { type GatheredPart, purlIn } from "./gather.ts";

const MAX_CANDIDATES = 100;

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
  const resolved = new Map<number, readonly number[]>();
  for (const [index, part] of parts.entries()) {
    const needed = (part.component.dependsOn ?? []).flatMap((purl) => {
      const candidates = byName.get(withoutVersion(purl)) ?? [];
      return candidates.length === 0 ? [] : [nearest(part, candidates, parts)];
    });
    if (needed.length > 0)
      resolved.set(
        index,
        [...new Set(needed)].filter((one) => one !== index).sort((a, b) => a - b),
      );
  }
  return resolved;
}

const withoutVersion = (purl: string): string => purl.replace(/[@?#].*$/, "").toLowerCase();

/** Of several versions the one that lies nearest: that is how programs look for what they need. */
function nearest(part: GatheredPart, candidates: readonly number[], parts: readonly GatheredPart[]): number {
  const [from = ""] = part.paths;
  let best = candidates[0] ?? 0;
  let longest = -1;
  for (const candidate of candidates) {
    const shared = Math.max(-1, ...(parts[candidate]?.paths ?? []).map((path) => sharedFolders(from, path)));
    if (shared > longest) [best, longest] = [candidate, shared];
  }
  return best;
}

function sharedFolders(a: string, b: string): number {
  const [left, right] = [a.split("/"), b.split("/")];
  let count = 0;
  while (count < left.length && left[count] === right[count]) count += 1;
  return count;
}
