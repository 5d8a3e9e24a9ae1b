/** An artifact taken apart: what every member is and claims to be. @module */

import type { Component, Identifier, Observable } from "@sallyport/core";
import type { Scanner, ScanResult } from "./antivirus/scan.ts";
import type { SearchTally } from "./search/wish.ts";
import type { SignatureReport } from "./signatures/scheme.ts";

/** What an executable or package says of itself. Claims, not facts. */
export interface Identity {
  readonly product?: string;
  readonly company?: string;
  readonly version?: string;
  /** The name it was built under: OriginalFilename, SONAME, install name. */
  readonly originalName?: string;
  /** `x86`, `x64`, `arm64`, `arm`, `riscv64`, …; several for a fat binary, joined by `+`. */
  readonly architecture?: string;
  /** PDB GUID and age, GNU build id, LC_UUID: lower-case hex. */
  readonly buildId?: string;
  /**
   * SHA-256 over the bytes of its executable sections, lower-case hex: what signing, stripping and new resources leave
   * alone. Only beside a build id, and not of bytecode for a runtime, which tools rewrite after it was linked.
   */
  readonly codeDigest?: string;
}

export interface ArtifactMember {
  /** As shown, members of members joined by `/`; empty for the artifact itself. Never a disk path. */
  readonly path: string;
  /** Lower-case hex. */
  readonly sha256: string;
  readonly sizeBytes: number;
  /** A format's id or a name it was refined to: `pe`, `zip`, `jar`; `data` when nothing recognised it. */
  readonly format: string;
  readonly identity?: Identity;
  /** Names that no other product has: package URL, UpgradeCode, bundle id. */
  readonly identifiers?: readonly Identifier[];
  /** What its container says about it. */
  readonly attributes?: MemberAttributes;
  readonly signatures: readonly SignatureReport[];
  /** Parts that were recognised in it and are no members of their own, or that it describes. */
  readonly components?: readonly Component[];
  /** Why some of its parts are not listed: one sentence each. */
  readonly unlisted?: readonly string[];
  /** What was searched for and is in its bytes: domains, addresses, texts; its weaker digests where they were asked for. */
  readonly sightings?: readonly Observable[];
  /** Why it was not searched to its end. */
  readonly unsearched?: string;
  /** What the antivirus said of it. */
  readonly scan?: ScanResult;
}

/** What a container says about a member beside its name. Claims, not facts. */
export interface MemberAttributes {
  /** Permission bits of POSIX, with setuid, setgid and sticky: 0o4755. */
  readonly unixMode?: number;
  /** ISO 8601, UTC. */
  readonly modifiedAt?: string;
  /** capabilities(7) that its program gets, as the container writes them. */
  readonly capabilities?: string;
  /** Where it leads, when it is a link: then its bytes are this text. */
  readonly linkTarget?: string;
}

export interface Artifact {
  /** The artifact itself. */
  readonly root: ArtifactMember;
  /** Everything inside, in the order it was met. */
  readonly members: readonly ArtifactMember[];
  /** What was searched for in the bytes of all of them; absent when nothing was. */
  readonly searched?: SearchTally;
  /** The antivirus that was asked; absent when none was. */
  readonly scanner?: Scanner;
}
