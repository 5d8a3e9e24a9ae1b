/** What sources say, in the one shape in which it is stored. @module */

import type { Indicator, JsonObject, Lifecycle, Supplier, VexStatement, Witness } from "@sallyport/core";
import type { Naming } from "./naming.ts";

export type Fact =
  | LifecycleFact
  | VulnerabilityFact
  | ExploitedFact
  | ProbabilityFact
  | DecisionPointsFact
  | DecisionFact
  | StatementFact
  | IndicatorFact
  | WitnessFact
  | SupplierFact
  | RuleFact
  | TrustFact
  | FixFact;

export type FactKind = Fact["kind"];

/** A product, or one line of its releases, is or will be over. */
export interface LifecycleFact {
  readonly kind: "lifecycle";
  readonly about: Naming;
  readonly lifecycle: Lifecycle;
}

/** These versions have this weakness. */
export interface VulnerabilityFact {
  readonly kind: "vulnerability";
  readonly id: string;
  readonly aliases: readonly string[];
  readonly about: Naming;
  readonly summary: string;
  /** `CVSS:3.1/AV:N/…` */
  readonly vector?: string;
  readonly url?: string;
  /** Versions that no longer have it, where they are named beside the ranges. */
  readonly fixedIn?: readonly string[];
  /** Taken back by who published it. */
  readonly withdrawnOn?: string;
}

/** CISA KEV: it is being exploited. It names no versions. */
export interface ExploitedFact {
  readonly kind: "exploited";
  readonly cve: string;
  readonly about: Naming;
  readonly name: string;
  /** Days. */
  readonly since: string;
  readonly dueOn?: string;
  readonly action: string;
  readonly isUsedForRansom?: boolean;
}

/** EPSS. */
export interface ProbabilityFact {
  readonly kind: "probability";
  readonly cve: string;
  /** 0 to 1. */
  readonly probability: number;
  readonly percentile: number;
}

/** SSVC, as CISA's vulnrichment gives them. */
export interface DecisionPointsFact {
  readonly kind: "decision-points";
  readonly cve: string;
  readonly exploitation?: "none" | "public-poc" | "active";
  readonly isAutomatable?: boolean;
  readonly technicalImpact?: "partial" | "total";
}

/** A row of an SSVC decision table: what follows from these values. All in lower case, by the names that people read. */
export interface DecisionFact {
  readonly kind: "decision";
  /** Name of what is decided: `cisa bod 26-04 remediation timelines`. */
  readonly table: string;
  /** Values by decision point: `{ "in kev": "yes" }`. */
  readonly when: Readonly<Record<string, string>>;
  readonly outcome: string;
}

/** CSAF or VEX: what a maker says of a vulnerability in its product. */
export interface StatementFact {
  readonly kind: "statement";
  /** CVE, or the maker's own id. */
  readonly vulnerability: string;
  readonly about: Naming;
  readonly statement: VexStatement;
}

export interface IndicatorFact {
  readonly kind: "indicator";
  readonly indicator: Indicator;
}

export interface WitnessFact {
  readonly kind: "witness";
  /** `since` is filled in when it is stored. */
  readonly witness: Omit<Witness, "since">;
}

export interface SupplierFact {
  readonly kind: "supplier";
  readonly supplier: Supplier;
}

/** A file of YARA rules. */
export interface RuleFact {
  readonly kind: "rule";
  readonly name: string;
  readonly text: string;
}

/** A key or certificate that somebody trusted publishes. */
export interface TrustFact {
  readonly kind: "trust";
  readonly form: "certificate" | "public-key" | "sigstore-root";
  readonly name: string;
  /** Lower-case hex SHA-256 of what follows. */
  readonly sha256: string;
  /** PEM, armoured, or JSON text. */
  readonly text: string;
  /** `code-signing`, `timestamping`, … */
  readonly purposes: readonly string[];
  /** Not to be trusted any more for what was signed from that day on. */
  readonly distrustedFrom?: string;
}

/** A fix that an update alone does not switch on. */
export interface FixFact {
  readonly kind: "fix";
  readonly id: string;
  readonly title: string;
  readonly cves: readonly string[];
  /** The row of the data set, checked against its schema. */
  readonly fix: JsonObject;
}
