/** Portraits and comparisons for tests of traits, without the processes they are made in. @module */

import { createHash } from "node:crypto";
import { Budget, MemorySource } from "@sallyport/core";
import type { ArtifactMember } from "../artifact.ts";
import type { Finding } from "../finding.ts";
import type { CompareContext, Difference, Pair, Portrait, Release, Trait } from "./trait.ts";

export interface PortraitRequest extends Partial<Omit<ArtifactMember, "sha256" | "sizeBytes">> {
  readonly bytes: Uint8Array;
  /** Kept as if a trait had observed them, by trait id. */
  readonly values?: Readonly<Record<string, unknown>>;
  /** What traits report is pushed here. */
  readonly findings?: Finding[];
}

/** Draws a member with every one of the traits, as the parser process does. The values go through JSON once. */
export async function portraitOf(traits: readonly Trait[], request: PortraitRequest): Promise<Portrait> {
  const { bytes, values, findings, ...claims } = request;
  const member: ArtifactMember = {
    path: "",
    format: "data",
    signatures: [],
    ...claims,
    sha256: createHash("sha256").update(bytes).digest("hex"),
    sizeBytes: bytes.length,
  };
  const seen = new Map<string, unknown>(Object.entries(values ?? {}));
  for (const trait of traits) {
    if (trait.formats !== undefined && !trait.formats.includes(member.format)) continue;
    const value = await trait.observe?.(new MemorySource(bytes), {
      budget: new Budget(),
      format: member.format,
      path: member.path,
      maxHeldBytes: 256 * 1024 * 1024,
      rulePacks: [],
      report: (finding) => findings?.push(finding),
    });
    if (value !== undefined) seen.set(trait.id, JSON.parse(JSON.stringify(value)));
  }
  return { member, value: (traitId) => seen.get(traitId) };
}

/** Compares two portraits of one member; undefined for one that came or went. */
export function compareMembers(
  trait: Trait,
  before: Portrait | undefined,
  after: Portrait | undefined,
): Difference[] {
  const how = before === undefined ? "added" : after === undefined ? "removed" : "path";
  const pair: Pair = { before, after, how };
  return [...(trait.compare?.(pair, contextOf([pair])) ?? [])];
}

/** A context in which these pairs are all there is. The first members are the roots, unless one has an empty path. */
export function contextOf(pairs: readonly Pair[]): CompareContext {
  return {
    before: releaseOf(pairs.flatMap(({ before }) => before ?? [])),
    after: releaseOf(pairs.flatMap(({ after }) => after ?? [])),
    pairs,
    budget: new Budget(),
  };
}

function releaseOf(members: readonly Portrait[]): Release {
  const nothing: Portrait = {
    member: { path: "", sha256: "", sizeBytes: 0, format: "data", signatures: [] },
    value: () => undefined,
  };
  return {
    root: members.find(({ member }) => member.path === "") ?? members[0] ?? nothing,
    members,
    byPath: (path) => members.find(({ member }) => member.path === path),
  };
}
