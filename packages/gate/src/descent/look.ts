/** What the descent knows of one member. @module */

import type { Identifier } from "@sallyport/core";
import type { Identity } from "../artifact.ts";
import type { Finding } from "../finding.ts";
import type { ManifestDesk } from "../manifests/desk.ts";
import type { SignatureReport } from "../signatures/scheme.ts";
import type { Place } from "./place.ts";

/** What is known of a member while it is looked at. */
export interface Look {
  readonly place: Place;
  /** Where kinds of package ask for its members. */
  readonly desk: ManifestDesk;
  format: string;
  memberCount: number;
  readonly findings: Finding[];
  /** What it said of itself while it was read. */
  identity?: Identity;
  /** Names that no other product has. */
  readonly identifiers: Identifier[];
  /** How many zips were met before it. */
  readonly polyglotMark: number;
  /** Why it was not read to its end, as last told. */
  problem?: string;
  /** Nothing that was found depends on where the member lies, or names something inside it. */
  repeatable: boolean;
}

/** What was found about bytes that hold nothing else, for when they are met again. */
export interface KnownLeaf {
  readonly format: string;
  readonly identity: Identity | undefined;
  readonly identifiers: readonly Identifier[];
  readonly signatures: readonly SignatureReport[];
  readonly findings: readonly Finding[];
}
