/** Compares every member with the digests that the manifest states of it. @module */

import { ArtifactError, type Budget } from "@sallyport/core";
import type { DigestName } from "../../cms/algorithm.ts";
import { outcomeOf } from "../../code-signing/reading.ts";
import type { ZipEntry, ZipLookup } from "../../formats/zip/lookup.ts";
import { DigestComparison, statedDigests, strongest } from "./digests.ts";
import type { Manifest } from "./manifest.ts";

export interface MemberJudgement {
  /** Undefined: it is what the manifest says. */
  readonly problem: { readonly outcome: "fail" | "unknown"; readonly because: string } | undefined;
  /** The best digest that was compared. */
  readonly digest: DigestName | undefined;
}

export interface MembersJudgement {
  readonly members: ReadonlyMap<string, MemberJudgement>;
  /** Names of members that the manifest has digests of, and that are not there. */
  readonly missing: readonly string[];
}

export async function judgeMembers(
  zip: ZipLookup,
  isPart: (entry: ZipEntry) => boolean,
  { manifest, budget }: { manifest: Manifest; budget: Budget },
): Promise<MembersJudgement> {
  const members = new Map<string, MemberJudgement>();
  for (const entry of zip.entries) {
    if (isPart(entry) || (entry.isFolder && entry.sizeBytes === 0)) continue;
    if (members.has(entry.name))
      throw new ArtifactError("artifact.malformed", `jar: ${entry.name} is there twice`);
    members.set(entry.name, await judgeMember(zip, entry, { manifest, budget }));
  }
  const present = new Set(zip.entries.map(({ name }) => name));
  const missing = [...manifest.sections]
    .filter(([name, section]) => !present.has(name) && statedDigests(section, "-digest").known.length > 0)
    .map(([name]) => name);
  return { members, missing };
}

async function judgeMember(
  zip: ZipLookup,
  entry: ZipEntry,
  { manifest, budget }: { manifest: Manifest; budget: Budget },
): Promise<MemberJudgement> {
  const section = manifest.sections.get(entry.name);
  const fail = (because: string): MemberJudgement => ({
    problem: { outcome: "fail", because },
    digest: undefined,
  });
  if (section === undefined) return fail("is not in its manifest");
  const { known, unknown } = statedDigests(section, "-digest");
  if (known.length === 0) {
    if (unknown.length === 0) return fail("has no digest in its manifest");
    const because = `has a digest of a kind that is not known here: ${unknown[0]?.slice(0, 40)}`;
    return { problem: { outcome: "unknown", because }, digest: undefined };
  }
  const comparison = new DigestComparison(known);
  try {
    for await (const piece of zip.content(entry)) {
      budget.checkTime();
      comparison.update(piece);
    }
  } catch (error) {
    if (!(error instanceof ArtifactError)) throw error;
    return {
      problem: { outcome: outcomeOf(error), because: `cannot be read: ${error.message}` },
      digest: undefined,
    };
  }
  return comparison.matches()
    ? { problem: undefined, digest: strongest(known) }
    : fail("is not what was signed");
}
