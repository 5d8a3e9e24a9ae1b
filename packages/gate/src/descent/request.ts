/** What a descent is asked to do, and who hears of it. @module */

import type { Budget, Evidence } from "@sallyport/core";
import type { MemberSender } from "../antivirus/sender.ts";
import type { ArtifactMember } from "../artifact.ts";
import type { Brought } from "../brought.ts";
import type { Parts } from "../components/finder.ts";
import type { Format } from "../formats/format.ts";
import type { SignatureScheme } from "../signatures/scheme.ts";
import type { Study } from "../study/study.ts";
import type { TrustStore } from "../trust/trust-store.ts";
import type { Spool } from "./spool.ts";

export interface DescentRequest {
  readonly formats: readonly Format[];
  readonly schemes: readonly SignatureScheme[];
  readonly budget: Budget;
  readonly trust: TrustStore;
  readonly brought: Brought;
  readonly now: Date;
  readonly spool: Spool;
  readonly maxHeldBytes: number;
  /** SHA-256 of the artifact itself, hex, where somebody else computes it; absent: computed here. */
  readonly rootSha256?: string;
  /** Looks at what is inside members, beside the descent; absent: nobody does. */
  readonly study?: Study;
  /** Sends members to an antivirus; absent: nobody does. */
  readonly sender?: MemberSender;
  readonly listener: DescentListener;
}

/** Hears of everything at once, so that what was seen before a kill is not lost. */
export interface DescentListener {
  /**
   * What is being read now.
   * @param isSmall - its container promises so: it will hardly be what ends us
   */
  at(path: string, isSmall: boolean): void;
  recognised(path: string, format: string): void;
  /** @param index - in the order members were met; 0 is the artifact itself */
  member(index: number, member: ArtifactMember): void;
  evidence(evidence: Evidence): void;
  /** Parts of that member: told before or after the member itself, and perhaps in several pieces. */
  parts?(index: number, parts: Parts): void;
}
