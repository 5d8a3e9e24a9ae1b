/** What checks may ask of what the world knows. Implemented by `intel`, handed in by the apps. @module */

import type { Claim } from "./claim.ts";
import type {
  Indicator,
  Known,
  Lifecycle,
  Observable,
  ObservableKind,
  Snapshot,
  Supplier,
  Vulnerability,
  Witness,
} from "./known.ts";

/** What a source can answer. */
export type Topic =
  | "lifecycle"
  | "vulnerability"
  | "indicator"
  | "witness"
  | "supplier"
  | "rule"
  | "trust"
  | "fix"
  | "decision";

export interface Intel {
  /** One for each source that was read. */
  readonly snapshots: readonly Snapshot[];
  /** Of the sources that answer this. None: nothing is known, which is not the same as nothing being wrong. */
  snapshotsOn(topic: Topic): readonly Snapshot[];
  /** The word that counts most first: the organisation's, the supplier's, the public's; then the certain ones. */
  lifecycles(claim: Claim): Promise<readonly Known<Lifecycle>[]>;
  /** @returns for each claim, in their order */
  vulnerabilities(claims: readonly Claim[]): Promise<readonly (readonly Known<Vulnerability>[])[]>;
  indicators(observables: readonly Observable[]): Promise<readonly Known<Indicator>[]>;
  /** Every value of the kinds that have to be searched for in bytes. */
  indicatorValues(kind: Extract<ObservableKind, "domain" | "url" | "text">): Promise<readonly string[]>;
  /** Whether there is any of that kind: a digest that nobody knows a file by need not be computed. */
  hasIndicators(kind: ObservableKind): Promise<boolean>;
  /** Who else saw these bytes, and who saw others under the same name and version. */
  witnesses(sha256: string, claim: Claim): Promise<WitnessReport>;
  /** By the name of the company, as a signature or a file says it. */
  supplier(name: string): Promise<Known<Supplier> | undefined>;
}

export interface WitnessReport {
  /** Saw exactly these bytes. */
  readonly agree: readonly Known<Witness>[];
  /**
   * Saw other bytes for the same version: of a source that saw these as well, what stood under the same address and
   * architecture before or after; of one that never did, everything of a package whose names may be the claim's. `certain`:
   * product and vendor agree, or a package id does. A package has several files: whoever asks compares the addresses.
   */
  readonly disagree: readonly Known<Witness>[];
}
