/** What is known of an artifact and of what is inside it, for a person who asks. @module */

import type { Evidence } from "@sallyport/core";
import type { Artifact, ArtifactMember } from "../../artifact.ts";
import { signedContent } from "../../signatures/proven.ts";
import { isAnchored } from "./anchor.ts";
import { claimKey, linkKey } from "./content.ts";
import { hidingPlaces } from "./hiding.ts";
import { judgeTwins, type TwinProblem } from "./judge.ts";
import type { KnownFile, TwinMemory } from "./memory.ts";

export interface TwinExplanation {
  readonly problems: readonly TwinProblem[];
  /** In the order of the artifact; only members of which something is known. */
  readonly members: readonly {
    readonly path: string;
    readonly sha256: string;
    readonly known: readonly KnownTwin[];
  }[];
}

export interface KnownTwin {
  readonly file: KnownFile;
  /** What the two have in common. */
  readonly shares: readonly TwinShare[];
  /** It could be relied on by itself, without others that are the same thing. */
  readonly isAnchored: boolean;
}

/** - `bytes`: everything; `signed-content`: what a signature covers; `build`: the linker's id; `name`: what both claim. */
export type TwinShare = "bytes" | "signed-content" | "build" | "code" | "name";

/** Of one member; more tell a person nothing. */
const MAX_TWINS = 50;

/** @param evidence - what was seen while it was opened */
export async function explainTwins(
  { root, members }: Artifact,
  evidence: readonly Evidence[],
  memory: TwinMemory,
): Promise<TwinExplanation> {
  const asked = [root, ...members];
  const known = await memory.recall(asked);
  const index = indexOf(known);
  const { problems } = judgeTwins(asked, known, hidingPlaces(evidence));
  const explained = asked.map((member) => {
    const files = [...new Set(keysOf(memberFacts(member)).flatMap((key) => index.get(key) ?? []))];
    return {
      path: member.path,
      sha256: member.sha256,
      known: files.slice(0, MAX_TWINS).map((file) => twinOf(member, file)),
    };
  });
  return { problems, members: explained.filter((member) => member.known.length > 0) };
}

interface Facts {
  readonly sha256: string;
  readonly contents: readonly string[];
  readonly identity: NonNullable<ArtifactMember["identity"]>;
}

const memberFacts = ({ sha256, signatures, identity = {} }: ArtifactMember): Facts => ({
  sha256,
  contents: signatures.flatMap((report) => signedContent(report) ?? []),
  identity,
});

const fileFacts = ({ sha256, signatures, identity }: KnownFile): Facts => ({
  sha256,
  contents: signatures.flatMap(({ content }) => content ?? []),
  identity,
});

const keysOf = ({ sha256, contents, identity }: Facts): readonly string[] => [
  `bytes ${sha256}`,
  ...contents.map((content) => `content ${content}`),
  `link ${linkKey(identity) ?? sha256}`,
  `claim ${claimKey(identity) ?? sha256}`,
];

function indexOf(known: readonly KnownFile[]): ReadonlyMap<string, readonly KnownFile[]> {
  const index = new Map<string, KnownFile[]>();
  for (const file of known)
    for (const key of keysOf(fileFacts(file))) {
      const files = index.get(key);
      if (files === undefined) index.set(key, [file]);
      else if (files.length < MAX_TWINS) files.push(file);
    }
  return index;
}

function twinOf(member: ArtifactMember, file: KnownFile): KnownTwin {
  const [own, known] = [memberFacts(member), fileFacts(file)];
  const isSame = (a: string | undefined, b: string | undefined) => a !== undefined && a === b;
  const shares: [TwinShare, boolean][] = [
    ["bytes", own.sha256 === known.sha256],
    ["signed-content", own.contents.some((content) => known.contents.includes(content))],
    ["build", isSame(linkKey(own.identity), linkKey(known.identity))],
    ["code", isSame(own.identity.codeDigest, known.identity.codeDigest)],
    ["name", isSame(claimKey(own.identity), claimKey(known.identity))],
  ];
  return {
    file,
    shares: shares.flatMap(([share, does]) => (does ? [share] : [])),
    isAnchored: isAnchored([file]),
  };
}
