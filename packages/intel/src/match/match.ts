/** Whether a claim is one that a source means: vendor and product, or an identifier, and then the version. @module */

import type { Claim } from "@sallyport/core";
import type { Naming, VersionSet } from "../naming.ts";
import { agreement, isRegistered } from "./identifiers.ts";
import { judgeVersion } from "./meant-version.ts";
import { agreeNames } from "./name-agreement.ts";
import { spokenVersion } from "./odd-versions.ts";

export interface MatchResult {
  /** `no`: not meant. The others as `Known.match` says them. */
  readonly match: "certain" | "possible" | "no";
  /** One sentence: what agreed with what, or what did not. */
  readonly because: string;
}

/** Who agrees, before versions are looked at. */
interface Identity {
  readonly match: "certain" | "possible";
  readonly because: string;
  readonly version?: string;
  readonly onlyVersion?: string;
}

/** Cheap enough for every pair that shares a key. */
export function match(claim: Claim, naming: Naming): MatchResult {
  const identity = identify(claim, naming);
  if ("match" in identity === false) return { match: "no", because: identity.because };
  const meant = judgeVersion(identity.version, onlyThat(naming, identity.onlyVersion));
  const because = `${identity.because}; ${meant.because}`;
  if (meant.meant === "no") return { match: "no", because };
  return { match: meant.meant === "yes" ? identity.match : "possible", because };
}

function identify(claim: Claim, naming: Naming): Identity | { readonly because: string } {
  const same = agreement(claim.identifiers, naming.identifiers);
  if (same !== undefined) {
    const { claimedVersion, onlyVersion, ...said } = same;
    // A package's own URL says its version in its system's words.
    const version = claimedVersion ?? claim.version;
    return {
      ...said,
      ...(version !== undefined && { version }),
      ...(onlyVersion !== undefined && { onlyVersion }),
    };
  }
  // A distribution's package, or a registry's, is told by its package URL alone, never by CPE or name.
  if (isRegistered(claim.identifiers)) return { because: "its package URL is none of those that are meant" };
  const names = agreeNames(claim, naming);
  if (names.match === "no") return { because: names.because };
  const { match: level, because, product, versionInName } = names;
  const written = claim.version ?? versionInName;
  if (written === undefined) return { match: level, because };
  return { match: level, because, version: spokenVersion(written, product, boundsOf(naming)) };
}

/** A source's identifier may itself name the one version that is meant. */
function onlyThat(naming: Naming, version: string | undefined): Naming {
  if (version === undefined || naming.versions !== "all") return naming;
  return { ...naming, versions: { ranges: [], exact: [version] } };
}

const boundsOf = ({ versions }: Naming): readonly string[] =>
  versions === "all" ? [] : boundsOfSet(versions);

function boundsOfSet({ ranges, exact, lines = [] }: VersionSet): readonly string[] {
  const ends = ranges
    .slice(0, 20)
    .flatMap(({ introduced, fixed, lastAffected }) => [introduced, fixed, lastAffected]);
  return [...ends, ...exact.slice(0, 20), ...lines.slice(0, 20)].filter(
    (bound) => bound !== undefined && bound !== "0",
  ) as string[];
}
