/** What the world knows, as it is told to checks: each fact with where it is from and how old it is. @module */

/** Whose word it is; the earlier counts more: the organisation's own, the maker's, what is public. */
export type Authority = "organisation" | "supplier" | "public";

/** One reading of one source, all of it. */
export interface Snapshot {
  /** Stable for the same data: source, the data's own date and the start of its digest. */
  readonly id: string;
  /** The source's id: `kev`. */
  readonly source: string;
  readonly title: string;
  readonly authority: Authority;
  /** SPDX expression, or what the source says of its use. */
  readonly licence: string;
  /** The data's own date: ISO 8601, UTC. */
  readonly asOf: string;
  /** When it was fetched or brought: ISO 8601, UTC. */
  readonly fetchedAt: string;
  /** Older than the source says its data may be. */
  readonly isStale: boolean;
}

/** A fact, and why it is told of what was asked about. */
export interface Known<Fact> {
  readonly fact: Fact;
  /** Id of the snapshot it stands in. */
  readonly snapshot: string;
  /**
   * `certain`: vendor and product agree, or an identifier does, and the version is one that is meant. `possible`: it may be
   * meant; the version is not known, or only a part of the name agrees.
   */
  readonly match: "certain" | "possible";
  /** One sentence: what agreed with what. */
  readonly because: string;
}

/**
 * A product's, or a release's, place in its life. Dates are days, `2026-11-25`, or only the month or year where no more is
 * known, `2020-04`; a missing one is not known.
 */
export interface Lifecycle {
  /** As the source names it. */
  readonly product: string;
  readonly vendor?: string;
  /** The line of releases it is about: `3.11`; absent when it is about the product as a whole. */
  readonly release?: string;
  /** The maker took the whole product back: nobody should install any version of it. */
  readonly retiredOn?: string;
  /** No fixes of any kind after that day; `true` where only the fact is known. */
  readonly endOfLife?: string | true;
  readonly endOfSecuritySupport?: string | true;
  readonly endOfActiveSupport?: string | true;
  /** Newest version of the line. */
  readonly latest?: string;
  /** What to use instead. */
  readonly replacement?: string;
  /** Where a person can read it. */
  readonly url?: string;
}

export interface Vulnerability {
  /** CVE where it has one. */
  readonly id: string;
  readonly aliases: readonly string[];
  readonly summary: string;
  /** CVSS base score, 0 to 10, and its vector. */
  readonly score?: number;
  readonly vector?: string;
  /** Versions that no longer have it, in the component's own scheme. */
  readonly fixedIn: readonly string[];
  /** In CISA's catalogue since that day, and to be mended by that day. */
  readonly exploitedSince?: string;
  readonly dueOn?: string;
  /** EPSS: chance of being exploited within 30 days, 0 to 1. */
  readonly probability?: number;
  /** SSVC decision points, as CISA's vulnrichment gives them. */
  readonly exploitation?: "none" | "public-poc" | "active";
  readonly isAutomatable?: boolean;
  readonly technicalImpact?: "partial" | "total";
  /** Within which time CISA's BOD 26-04 wants it mended, where it can be reached publicly and where not: `3 days`. */
  readonly mendWithin?: { readonly exposed: string; readonly unexposed: string };
  /** VEX statements about it and this component, whose word counts most first. They may contradict each other. */
  readonly statements?: readonly VexStatement[];
  readonly url?: string;
}

/** Source: CISA, Minimum Requirements for VEX; CSAF 2.0 §3.2.3. */
export interface VexStatement {
  readonly status: "not-affected" | "affected" | "fixed" | "under-investigation";
  /** `vulnerable_code_not_present`, … */
  readonly justification?: string;
  readonly author: string;
  readonly url?: string;
  /** Id of the snapshot it stands in, which may be another than the vulnerability's. */
  readonly snapshot?: string;
}

/** By what a file, its signature or its origin can be known. */
export const OBSERVABLE_KINDS = [
  /** Lower-case hex. */
  "sha256",
  "sha1",
  "md5",
  /** The digest that a signature covers, lower-case hex: of a PE its Authenticode hash. */
  "signed-content",
  /** Lower-case hex without leading zeros. */
  "certificate-serial",
  "certificate-sha256",
  /** Lower case, without a trailing dot; of a name below it as well. */
  "domain",
  "url",
  "ip-address",
  /** A text inside a file. */
  "text",
] as const;

export type ObservableKind = (typeof OBSERVABLE_KINDS)[number];

export interface Observable {
  readonly kind: ObservableKind;
  readonly value: string;
}

/** Something that was seen where it should not be. */
export interface Indicator extends Observable {
  /** What it points to: `Trojanised 3CX desktop app`. */
  readonly title: string;
  readonly references: readonly string[];
  /** After that it says nothing: ISO 8601, UTC. */
  readonly validUntil?: string;
}

/** Somebody else saw these bytes under this name. It proves time and place, never goodness. */
export interface Witness {
  readonly sha256: string;
  /** The name of the package there: `Vendor.Product`. */
  readonly packageId: string;
  readonly product?: string;
  readonly vendor?: string;
  readonly version?: string;
  readonly architecture?: string;
  readonly url?: string;
  /** First snapshot of ours in which it stood: ISO 8601, UTC. */
  readonly since: string;
}

/** What the organisation set for somebody whose software it lets in. */
export interface Supplier {
  readonly name: string;
  /** Days that a release waits; absent: the default for suppliers nobody has looked at. */
  readonly coolingOffDays?: number;
  /** Domains it publishes from; names below them count. */
  readonly domains: readonly string[];
}
