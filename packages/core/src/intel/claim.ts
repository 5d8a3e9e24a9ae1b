/** What something says it is, in the words that sources of knowledge use. Claims, not facts. @module */

/** Names that only one product has, in the systems that give such names. */
export const IDENTIFIER_KINDS = [
  /** Package URL, ECMA-427, with or without a version: `pkg:npm/lodash`. */
  "purl",
  /** CPE 2.3 formatted string, NISTIR 7695. */
  "cpe",
  /** MSI UpgradeCode or ProductCode: a GUID in braces, upper case. */
  "upgrade-code",
  "product-code",
  /** CFBundleIdentifier. */
  "bundle-id",
  /** A package manager's name for it, with the manager in front: `winget:Vendor.Product`. */
  "package-id",
] as const;

export type IdentifierKind = (typeof IDENTIFIER_KINDS)[number];

export interface Identifier {
  readonly kind: IdentifierKind;
  readonly value: string;
}

/** What a file, or a part of one, says it is. */
export interface Claim {
  /** As it is written there: `X_TRADER`. */
  readonly product?: string;
  /** Who is said to have made it: a company name as it is written there. */
  readonly vendor?: string;
  readonly version?: string;
  /** Last part of the name it came under. */
  readonly fileName?: string;
  readonly identifiers: readonly Identifier[];
}

/** A part that something is made of. */
export interface Component extends Claim {
  readonly product: string;
  readonly type: "application" | "framework" | "library" | "operating-system";
  /** How it was recognised: the finder's id. */
  readonly foundBy: string;
  /**
   * `declared`: a manifest names it. `embedded`: its build left data of its own (Go, Rust). `marked`: its bytes carry a
   * text that this library carries.
   */
  readonly confidence: "declared" | "embedded" | "marked";
  /** SPDX licence expression, as it is declared. */
  readonly licence?: string;
  /** purls without which it does not run, as it is declared. */
  readonly dependsOn?: readonly string[];
}
