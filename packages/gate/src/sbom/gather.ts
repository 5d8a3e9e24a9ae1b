/**
 * What an artifact is made of, each thing once: parts that finders saw, and members that say of themselves what they are.
 * @module
 */

import type { Component, Identifier } from "@sallyport/core";
import type { Artifact, ArtifactMember } from "../artifact.ts";

export interface GatheredPart {
  readonly component: Component;
  /** Where it was seen, as shown; sorted. */
  readonly paths: readonly string[];
  /** Of the member that it is, when it is one and only one. */
  readonly sha256?: string;
}

interface Gathering {
  component: Component;
  readonly paths: Set<string>;
  readonly digests: Set<string>;
}

/** A part that is named in more places than this is shown with the first of them. */
const MAX_PATHS = 50;

/** @returns sorted by name and version; the artifact itself is not among them */
export function gatherParts({ root, members }: Artifact): GatheredPart[] {
  const found = new Map<string, Gathering>();
  const rootKey = keyOf(componentOf(root) ?? NOTHING);
  for (const member of [root, ...members]) {
    const itself = member.path === "" ? undefined : componentOf(member);
    if (itself !== undefined && keyOf(itself) !== rootKey) add(found, itself, member.path, member.sha256);
    for (const component of member.components ?? [])
      if (keyOf(component) !== rootKey) add(found, component, member.path);
  }
  return [...found]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([, { component, paths, digests }]) => ({
      component,
      paths: [...paths].sort().slice(0, MAX_PATHS),
      ...(digests.size === 1 && { sha256: [...digests][0] ?? "" }),
    }));
}

const NOTHING: Component = {
  product: "",
  type: "application",
  foundBy: "",
  confidence: "declared",
  identifiers: [],
};

function add(found: Map<string, Gathering>, component: Component, path: string, sha256?: string): void {
  const key = keyOf(component);
  const gathering = found.get(key) ?? { component, paths: new Set(), digests: new Set() };
  gathering.component = merge(gathering.component, component);
  gathering.paths.add(path);
  if (sha256 !== undefined) gathering.digests.add(sha256);
  found.set(key, gathering);
}

/** What one says and the other does not is kept; who was first counts. */
const merge = (first: Component, second: Component): Component => ({
  ...second,
  ...first,
  identifiers: [
    ...new Map(
      [...first.identifiers, ...second.identifiers].map((one) => [`${one.kind} ${one.value}`, one]),
    ).values(),
  ],
});

/** Things with one package URL are one; others go by name, version and maker. */
export const keyOf = ({ product, version = "", vendor = "", identifiers }: Component): string =>
  purlIn(identifiers) ?? JSON.stringify([product, version, vendor]);

export const purlIn = (identifiers: readonly Identifier[]): string | undefined =>
  identifiers.find(({ kind }) => kind === "purl")?.value;

/** @returns undefined for what does not say what it is */
export function componentOf(member: ArtifactMember): Component | undefined {
  const { identity: { product, company, version } = {}, identifiers = [], format } = member;
  const name = product?.trim();
  if (!name || (!version && identifiers.length === 0)) return undefined;
  return {
    product: name,
    ...(company?.trim() && { vendor: company.trim() }),
    ...(version && { version }),
    type: PROGRAMS.has(format) ? "application" : "library",
    foundBy: PROGRAM_CODE.has(format) ? "version-data" : "manifest",
    confidence: "declared",
    identifiers,
  };
}

const PROGRAM_CODE: ReadonlySet<string> = new Set(["pe", "mach-o", "elf"]);
/** These are installed and started as they are. */
const PROGRAMS: ReadonlySet<string> = new Set([
  "msi",
  "appx",
  "appxbundle",
  "snap",
  "pkg",
  "asar",
  "squirrel",
  "inno",
]);
