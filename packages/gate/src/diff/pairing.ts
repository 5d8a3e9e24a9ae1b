/**
 * Finds for each member of the new release what it was in the old one: the same path; the same bytes elsewhere; the
 * same path but for versions; the same claimed identity and architecture; the most similar content. Renames are
 * renames, not a file that went and another that came.
 * @module
 */

import type { Budget } from "@sallyport/core";
import { digestDistance, type ReadDigest, readDigest } from "../traits/similarity/distance.ts";
import { similarity } from "../traits/similarity/index.ts";
import { observed, type Pair, type PairedBy, type Portrait, type Release } from "../traits/trait.ts";
import { lastPart, withoutNumbers, withoutVersions } from "./names.ts";

/** Beyond this two members of a kind are not compared with each other by content. */
const MOST_SIMILARITIES = 250_000;
/** TLSH: unrelated files are beyond 150 or so, versions of one file below 100. */
const MOST_DISTANCE = 100;
const MOST_SIZE_RATIO = 3;

/** @returns every pair, in the order of the new release; what went comes last */
export function pairMembers(before: Release, after: Release, budget: Budget): readonly Pair[] {
  const pairing = new Pairing(before, after);
  pairing.byKey("path", ({ member }) => member.path);
  // A container that was renamed carries everything inside it along: the paths below it are asked again.
  for (let round = 0; round < 3; round += 1) {
    const count = pairing.count;
    pairing.byKey("path", (portrait) => pairing.translate(portrait));
    pairing.byKey("similarity", ({ member }) => `${member.sha256} ${lastPart(member.path)}`);
    pairing.byKey("similarity", ({ member }) => member.sha256);
    pairing.byKey("path", (portrait) => withoutVersions(pairing.translate(portrait)));
    pairing.byKey("path", (portrait) => withoutNumbers(pairing.translate(portrait)));
    pairing.byKey("identity", identityOf);
    pairing.byKey("similarity", ({ member }) => `${member.format} ${withoutNumbers(lastPart(member.path))}`);
    if (pairing.count === count) break;
  }
  pairing.bySimilarity(budget);
  return pairing.pairs(after);
}

/** Two members that claim the same are told apart by what processor they are for. */
function identityOf({ member }: Portrait): string | undefined {
  const { product, originalName, architecture = "" } = member.identity ?? {};
  const name = originalName ?? product;
  return name === undefined ? undefined : `${member.format} ${architecture} ${product ?? ""} ${name}`;
}

class Pairing {
  readonly #before = new Set<Portrait>();
  readonly #after = new Set<Portrait>();
  readonly #found = new Map<Portrait, { before: Portrait; how: PairedBy }>();
  /** Old path of a container that was found elsewhere: its new one. */
  readonly #moved = new Map<string, string>();

  constructor(before: Release, after: Release) {
    for (const portrait of before.members) this.#before.add(portrait);
    for (const portrait of after.members) this.#after.add(portrait);
  }

  get count(): number {
    return this.#found.size;
  }

  /** Pairs those that share a key nobody else on their side has; of several, those in the same place in order. */
  byKey(how: PairedBy, keyOf: (portrait: Portrait) => string | undefined): void {
    const old = groupBy(this.#before, keyOf);
    const fresh = groupBy(this.#after, keyOf);
    for (const [key, portraits] of fresh) {
      const candidates = old.get(key) ?? [];
      // What is ambiguous stays for a better key, unless everything fits one to one.
      if (candidates.length !== portraits.length) continue;
      for (const [index, after] of portraits.entries()) {
        const before = candidates[index];
        if (before !== undefined && isAlike(before, after)) this.#pair(before, after, how);
      }
    }
  }

  /** The old path as it would be today, as far as is known. */
  translate({ member: { path } }: Portrait): string {
    if (this.#moved.size === 0) return path;
    for (let end = path.lastIndexOf("/"); end > 0; end = path.lastIndexOf("/", end - 1)) {
      const moved = this.#moved.get(path.slice(0, end));
      if (moved !== undefined) return moved + path.slice(end);
    }
    return path;
  }

  /** The rest, by content: the closest first. */
  bySimilarity(budget: Budget): void {
    const old = groupBy(this.#before, ({ member }) => member.format);
    for (const [format, portraits] of groupBy(this.#after, ({ member }) => member.format)) {
      const candidates = (old.get(format) ?? []).map(withDigest).filter((one) => one !== undefined);
      const fresh = portraits.map(withDigest).filter((one) => one !== undefined);
      if (candidates.length * fresh.length > MOST_SIMILARITIES) continue;
      const close: { before: Portrait; after: Portrait; distance: number }[] = [];
      for (const after of fresh) {
        budget.checkTime();
        for (const before of candidates) {
          if (!isNearSize(before.portrait, after.portrait)) continue;
          const distance = digestDistance(before.digest, after.digest);
          if (distance <= MOST_DISTANCE)
            close.push({ before: before.portrait, after: after.portrait, distance });
        }
      }
      for (const { before, after } of close.sort((a, b) => a.distance - b.distance))
        if (this.#before.has(before) && this.#after.has(after)) this.#pair(before, after, "similarity");
    }
  }

  pairs(release: Release): readonly Pair[] {
    const pairs: Pair[] = release.members.map((after) => {
      const found = this.#found.get(after);
      return { before: found?.before, after, how: found?.how ?? "added" };
    });
    for (const before of this.#before) pairs.push({ before, after: undefined, how: "removed" });
    return pairs;
  }

  #pair(before: Portrait, after: Portrait, how: PairedBy): void {
    this.#before.delete(before);
    this.#after.delete(after);
    this.#found.set(after, { before, how });
    if (before.member.path !== after.member.path) this.#moved.set(before.member.path, after.member.path);
  }
}

/** One path can hold quite another thing: then a better partner is looked for, and the path says the rest. */
const isAlike = (before: Portrait, after: Portrait): boolean =>
  before.member.path === after.member.path || before.member.format === after.member.format;

const isNearSize = ({ member: a }: Portrait, { member: b }: Portrait): boolean =>
  a.sizeBytes <= b.sizeBytes * MOST_SIZE_RATIO && b.sizeBytes <= a.sizeBytes * MOST_SIZE_RATIO;

function withDigest(portrait: Portrait): { portrait: Portrait; digest: ReadDigest } | undefined {
  const digest = readDigest(observed(portrait, similarity)?.digest ?? "");
  return digest === undefined ? undefined : { portrait, digest };
}

function groupBy(
  portraits: ReadonlySet<Portrait>,
  keyOf: (portrait: Portrait) => string | undefined,
): Map<string, Portrait[]> {
  const groups = new Map<string, Portrait[]>();
  for (const portrait of portraits) {
    const key = keyOf(portrait);
    if (key === undefined) continue;
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [portrait]);
    else group.push(portrait);
  }
  return groups;
}
