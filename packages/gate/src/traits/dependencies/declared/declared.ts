/** What a package's description says it needs, whatever kind of package it is. @module */

export type Ecosystem =
  | "npm"
  | "composer"
  | "python"
  | "cargo"
  | "gem"
  | "nuget"
  | "maven"
  | "debian"
  | "conda";

export interface Dependency {
  readonly name: string;
  /** Version, range or source as written; cut to {@link MAX_RANGE_CHARACTERS}. */
  readonly range: string;
  /** `peer` is chosen by whoever installs the package, `development` not installed with it. */
  readonly group: "runtime" | "peer" | "development";
}

export interface Declared {
  readonly ecosystem: Ecosystem;
  /** What the description calls its own package. */
  readonly product?: string;
  /** Sorted by name, each once. */
  readonly dependencies: readonly Dependency[];
  /** SHA-256 of those that are more than are kept. */
  readonly rest?: string;
}

export const MAX_RANGE_CHARACTERS = 300;
export const MAX_NAME_CHARACTERS = 214;

/** What a reader found, before it is sorted and bounded. */
export interface Found {
  readonly ecosystem: Ecosystem;
  readonly product?: string | undefined;
  readonly dependencies: readonly Dependency[];
}
