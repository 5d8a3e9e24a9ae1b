/** Compares each member with the memories that can be relied on. @module */

import type { JsonObject } from "@sallyport/core";
import type { ArtifactMember } from "../../artifact.ts";
import { isSameCompany } from "../../signatures/company-name.ts";
import { isProven, signedContent } from "../../signatures/proven.ts";
import { signerName } from "../signature/index.ts";
import { anchoredGroups, isAnchored, whereKnown } from "./anchor.ts";
import { claimKey, linkKey } from "./content.ts";
import type { KnownFile } from "./memory.ts";

export interface TwinProblem {
  readonly path: string;
  readonly rule:
    | "signed-content"
    | "unproven-signature"
    | "grown-signature"
    | "link-id"
    | "claimed-name"
    | "refused-before";
  /** It is certainly not what it is elsewhere: no claim, but signed content says which file it is. */
  readonly changed: boolean;
  readonly because: string;
  readonly facts: JsonObject;
}

export interface TwinJudgement {
  readonly problems: readonly TwinProblem[];
  /** Members with an anchored twin. */
  readonly familiarCount: number;
}

/** @param hiding - paths of members in or beside whose signatures something stands that none covers */
export function judgeTwins(
  members: readonly ArtifactMember[],
  known: readonly KnownFile[],
  hiding: ReadonlySet<string>,
): TwinJudgement {
  const memory = new Memory(known);
  const problems: TwinProblem[] = [];
  let familiarCount = 0;
  for (const member of members) {
    const found =
      refusedBefore(member, memory, members) ??
      otherBytes(member, memory, hiding) ??
      otherCode(member, memory) ??
      otherMaker(member, memory);
    if (found !== undefined) problems.push({ path: member.path, ...found });
    else if (memory.hasTwin(member)) familiarCount += 1;
  }
  return { problems, familiarCount };
}

type Found = Omit<TwinProblem, "path">;

/** What can be relied on, by each way to tell that two files are the same thing. */
class Memory {
  readonly bytes: ReadonlyMap<string, KnownFile>;
  readonly contents: ReadonlyMap<string, readonly KnownFile[]>;
  /** By link and code: `x64 3f… | sha256`. */
  readonly codes: ReadonlyMap<string, ReadonlyMap<string, readonly KnownFile[]>>;
  readonly claims: ReadonlyMap<string, readonly KnownFile[]>;

  constructor(known: readonly KnownFile[]) {
    this.bytes = new Map(known.map((file) => [file.sha256, file]));
    this.contents = anchoredGroups(known, contentsOf);
    const links = Map.groupBy(
      known.filter(({ identity }) => identity.codeDigest !== undefined),
      ({ identity }) => linkKey(identity) ?? "",
    );
    this.codes = new Map(
      [...links]
        .filter(([link]) => link !== "")
        .map(([link, files]) => [link, anchoredGroups(files, ({ identity }) => [identity.codeDigest ?? ""])]),
    );
    // What its own maker signed: only that can say how the maker's file looks.
    this.claims = anchoredGroups(known.filter(isSignedByItsMaker), ({ identity }) => [
      claimKey(identity) ?? "",
    ]);
  }

  /** These very bytes can be relied on by themselves. What was only seen, or refused, is judged as if it were new. */
  isRelied({ sha256 }: ArtifactMember): boolean {
    const same = this.bytes.get(sha256);
    return same !== undefined && isAnchored([same]);
  }

  hasTwin(member: ArtifactMember): boolean {
    const link = linkKey(member.identity ?? {});
    return (
      this.isRelied(member) ||
      member.signatures.some((report) => this.contents.has(signedContent(report) ?? "")) ||
      (link !== undefined && (this.codes.get(link)?.size ?? 0) > 0)
    );
  }
}

const contentsOf = ({ signatures }: KnownFile): readonly string[] =>
  signatures.flatMap(({ content, isProven: proven }) => (proven && content !== undefined ? [content] : []));

const isSignedByItsMaker = ({ identity, signatures }: KnownFile): boolean =>
  claimKey(identity) !== undefined &&
  signatures.some((one) => one.isProven && isSameCompany(identity.company, one.organisation ?? one.signer));

/** An artifact was refused because of these very bytes. Those of the same artifact are judged by themselves. */
function refusedBefore(
  member: ArtifactMember,
  memory: Memory,
  [root]: readonly ArtifactMember[],
): Found | undefined {
  const sightings = memory.bytes.get(member.sha256)?.sightings ?? [];
  if (sightings.some(({ standing }) => standing === "admitted")) return undefined;
  const refusal = sightings.find(
    ({ culprit, artifact }) => culprit !== undefined && artifact !== root?.sha256,
  );
  if (refusal === undefined) return undefined;
  const day = refusal.seenAt.toISOString().slice(0, 10);
  return {
    rule: "refused-before",
    changed: false,
    because: `the same bytes were refused in ${refusal.label} on ${day}: ${refusal.culprit}`,
    facts: { artifactSha256: refusal.artifact },
  };
}

/** Each signature brings at most this along: its own certificates, and a timestamp with its authority's. */
const SIGNATURE_BYTES = 48 * 1024;

/**
 * The same image hash with other bytes means that they differ only where that hash does not look. Signing once more is
 * the honest reason, and then every signature is intact and accounts for every byte of itself.
 */
function otherBytes(member: ArtifactMember, memory: Memory, hiding: ReadonlySet<string>): Found | undefined {
  for (const report of member.signatures) {
    const twins = memory.contents.get(signedContent(report) ?? "");
    if (twins === undefined || memory.isRelied(member)) continue;
    const others = twins.filter(({ sha256 }) => sha256 !== member.sha256);
    const doubt = others.length === 0 ? undefined : doubtAbout(member, others, hiding);
    if (doubt === undefined) continue;
    const { because, ...graded } = doubt;
    return {
      ...graded,
      because: `known from ${whereKnown(others)}, ${because}`,
      facts: { twins: hashesOf(others), signedDigest: report.digest ?? "" },
    };
  }
  return undefined;
}

function doubtAbout(
  { path, sizeBytes, signatures }: ArtifactMember,
  twins: readonly KnownFile[],
  hiding: ReadonlySet<string>,
): Omit<Found, "facts"> | undefined {
  if (hiding.has(path))
    return {
      rule: "signed-content",
      changed: true,
      because: "without the bytes that no signature covers here",
    };
  const broken = signatures.find(({ integrity }) => integrity === "fail");
  if (broken !== undefined)
    return {
      rule: "signed-content",
      changed: true,
      because: `where its signature is whole, and here: ${broken.because}`,
    };
  const unread = signatures.find(({ integrity }) => integrity === "unknown");
  const [first] = signatures.some(isProven) ? [unread] : [unread ?? signatures[0]];
  if (first !== undefined)
    return {
      rule: "unproven-signature",
      changed: false,
      because: `where it has a proven signature, and here: ${first.because}`,
    };
  const grownBytes = sizeBytes - Math.min(...twins.map((twin) => twin.sizeBytes));
  if (grownBytes <= SIGNATURE_BYTES * signatures.length) return undefined;
  return {
    rule: "grown-signature",
    changed: false,
    because: `with the same signed content in ${grownBytes} bytes less`,
  };
}

const hashesOf = (twins: readonly KnownFile[]): readonly string[] =>
  twins.slice(0, 10).map(({ sha256 }) => sha256);

/** The linker gave it the id of a build that is known, and the code is not that build's. */
function otherCode({ identity = {} }: ArtifactMember, memory: Memory): Found | undefined {
  const { codeDigest, originalName } = identity;
  const builds = memory.codes.get(linkKey(identity) ?? "");
  // Several honest builds under one id: whatever linked them gives ids that say nothing.
  if (codeDigest === undefined || builds?.size !== 1 || builds.has(codeDigest)) return undefined;
  const files = [...builds.values()].flat();
  const name = originalName ?? files.find((file) => file.identity.originalName)?.identity.originalName;
  return {
    rule: "link-id",
    changed: false,
    because: `it says it is the build of ${name ?? "a file"} that is known from ${whereKnown(files)}, but its code is another: one of the two was changed after it was linked`,
    facts: { twins: hashesOf(files), buildId: identity.buildId ?? "" },
  };
}

/** It says it is a maker's file in a version that is known, with that maker's own signature, and is neither. */
function otherMaker(member: ArtifactMember, memory: Memory): Found | undefined {
  const { identity = {}, signatures } = member;
  const twins = memory.claims.get(claimKey(identity) ?? "");
  if (twins === undefined || memory.isRelied(member)) return undefined;
  const isSame = twins.some(
    (file) =>
      (identity.codeDigest !== undefined && file.identity.codeDigest === identity.codeDigest) ||
      signatures.some((report) => contentsOf(file).includes(signedContent(report) ?? "")),
  );
  const proven = signatures.filter(isProven);
  const isByMaker = proven.some(({ signer }) =>
    isSameCompany(identity.company, signer?.organisation ?? signer?.commonName),
  );
  if (isSame || isByMaker) return undefined;
  const [other] = proven;
  const signed =
    other === undefined ? "is not signed by anybody proven" : `is signed by ${signerName(other)}`;
  return {
    rule: "claimed-name",
    changed: false,
    because: `it says it is ${identity.originalName} ${identity.version} of ${identity.company}, which is known from ${whereKnown(twins)} with other content and ${identity.company}'s own signature; this one ${signed}`,
    facts: { twins: hashesOf(twins) },
  };
}
