/** What a source names: whom and which versions a fact is about. @module */

import type { Identifier } from "@sallyport/core";

/** How versions are ordered; each follows the document of its system. */
export type VersionScheme =
  /** Numbers and words between dots and dashes: what desktop software and most vendors write. */
  "generic" | "semver" | "deb" | "rpm" | "apk" | "pep440" | "maven" | "nuget" | "gem" | "go" | "composer";

/** Versions from `introduced` (inclusive; absent: from the first) to before `fixed`, or to `lastAffected` (inclusive). */
export interface VersionRange {
  readonly introduced?: string;
  readonly fixed?: string;
  readonly lastAffected?: string;
}

export interface Naming {
  /** As the source writes it. */
  readonly product?: string;
  readonly vendor?: string;
  /** Further names that the source itself gives. */
  readonly productAliases?: readonly string[];
  readonly vendorAliases?: readonly string[];
  /** File names that the source itself gives. */
  readonly fileNames?: readonly string[];
  readonly identifiers: readonly Identifier[];
  readonly scheme: VersionScheme;
  /** Which versions are meant. `all`: the source says so; it is never what a missing version means. */
  readonly versions: "all" | VersionSet;
}

/**
 * A version is meant when it stands in one of the ranges or is one of the versions, and is none of `except`. A set that holds
 * nothing: the source names no versions, so that any may be meant (`possible`) and none is meant for certain.
 */
export interface VersionSet {
  readonly ranges: readonly VersionRange[];
  readonly exact: readonly string[];
  /** A line of releases: `3.11` means 3.11 and everything below it, `3.11.4`. */
  readonly lines?: readonly string[];
  readonly except?: readonly string[];
}
