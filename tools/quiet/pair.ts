/** The list of ordinary consecutive releases. Its rule is in README.md beside this file. @module */

import { readFile } from "node:fs/promises";
import { join } from "node:path";

/** What a pair is chosen for. */
export const GROUPS = ["pe", "mach-o", "elf", "asar", "scripts"] as const;
export type Group = (typeof GROUPS)[number];

export type PackageVersions = NpmVersions | DebianVersions;

interface NpmVersions {
  readonly group: Group;
  readonly registry: "npm";
  readonly name: string;
  /** From old to new: two or three. */
  readonly versions: readonly NpmVersion[];
}

export interface NpmVersion {
  readonly version: string;
  /** Of the tarball, as the registry states it: `sha512-…`. */
  readonly integrity: string;
}

interface DebianVersions {
  readonly group: Group;
  readonly registry: "debian";
  readonly name: string;
  /** From old to new: two. */
  readonly versions: readonly DebianVersion[];
}

export interface DebianVersion {
  readonly version: string;
  readonly suite: string;
  /** Below the archive: `pool/main/…`. */
  readonly path: string;
  /** Of the package file, hexadecimal. */
  readonly sha256: string;
}

export const LIST = join(import.meta.dirname, "pairs.json");

/** @returns the committed list, in its order */
export async function readPairs(): Promise<readonly PackageVersions[]> {
  const { packages } = JSON.parse(await readFile(LIST, "utf8")) as {
    readonly packages: readonly PackageVersions[];
  };
  return packages;
}
