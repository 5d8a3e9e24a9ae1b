/**
 * Which versions a release stands for. Most are named by how their versions begin, `3.11`. Some names are none of a version
 * (`2019`, `11-24h2-w`), and some divide one version among several (`13.0-sp2`, `13.0-sp3`): there the version does not tell
 * which, and the one that lasts longest is taken, so that nothing is called over that may not be.
 * @module
 */

import type { End, EndoflifeRelease } from "./product.ts";

/** @returns for each release the beginnings of its versions, in their order */
export function linesOf(releases: readonly EndoflifeRelease[]): readonly (readonly string[])[] {
  const stems = releases.map(stemOf);
  const longest = new Map<string, EndoflifeRelease>();
  for (const [index, release] of releases.entries()) {
    const stem = stems[index];
    const other = stem === undefined ? undefined : longest.get(stem);
    if (stem !== undefined && (other === undefined || lastsLonger(release, other)))
      longest.set(stem, release);
  }
  return releases.map((release, index) => {
    const stem = stems[index];
    const own = stem !== undefined && longest.get(stem) === release ? [stem] : [];
    // A name that is more than a version can still be what somebody claims: `8.0-u3`.
    return stem === release.name ? own : [...own, release.name];
  });
}

const VERSION = /^\d+(?:\.\d+)*(?=$|[-_ ])/;

/** How the versions of a release begin; undefined when neither its name nor its newest version says so. */
function stemOf({ name, latest = "" }: EndoflifeRelease): string | undefined {
  const named = VERSION.exec(name)?.[0];
  const newest = /^\d+(?:\.\d+)+(?=$|[-_+ ])/.exec(latest)?.[0];
  // A year or a generation, where the versions count otherwise: Exchange 2019 is 15.2.
  const isOther = named === undefined || (!named.includes(".") && newest?.split(".")[0] !== named);
  return isOther && newest !== undefined ? newest : named;
}

function lastsLonger(a: EndoflifeRelease, b: EndoflifeRelease): boolean {
  const [first, second] = [lastDay(a), lastDay(b)];
  return first > second;
}

/** Comparable as text; without an end it lasts longest. */
function lastDay({ endOfLife, endOfExtendedSupport }: EndoflifeRelease): string {
  const end: End | "none" = endOfExtendedSupport === "none" ? endOfLife : endOfExtendedSupport;
  return end === undefined ? "9999" : end === true ? "" : end;
}
