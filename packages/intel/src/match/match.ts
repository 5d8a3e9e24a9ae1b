/** Whether a claim is one that a source means: vendor and product, or an identifier, and then the version. @module */

import type { Claim } from "@sallyport/core";
import type { Naming } from "../naming.ts";
import { agreement, isRegistered } from "./identifiers.ts";
import { judgeVersion } from "./meant-version.ts";
import { agreeNames } from "./name-agreement.ts";
import { spoken } from "./odd-versions.ts";

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
  /** Squashed, where names agreed. */
  readonly product?: string;
}

/** Cheap enough for every pair that shares a key. */
export function match(claim: Claim, naming: Naming): MatchResult {
  const identity = identify(claim, naming);
  if ("match" in identity === false) return { match: "no", because: identity.because };
  const meant = judgeVersion(...comparable(identity, onlyThat(naming, identity.onlyVersion)));
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
  return { match: level, because, product, version: written };
}

/** Some installers write other versions than their makers speak of. */
function comparable({ version, product }: Identity, naming: Naming): readonly [string | undefined, Naming] {
  if (version === undefined || product === undefined) return [version, naming];
  const both = spoken(version, naming.versions, product);
  return [both.version, { ...naming, versions: both.versions }];
}

/** A source's identifier may itself name the one version that is meant. */
function onlyThat(naming: Naming, version: string | undefined): Naming {
  if (version === undefined || naming.versions !== "all") return naming;
  return { ...naming, versions: { ranges: [], exact: [version] } };
}
