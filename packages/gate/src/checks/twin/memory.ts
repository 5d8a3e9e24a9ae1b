/** What is remembered of files that were met inside of what was judged. @module */

import type { ArtifactMember, Identity } from "../../artifact.ts";

/** One content, and everywhere it was met. */
export interface KnownFile {
  /** Lower-case hex. */
  readonly sha256: string;
  readonly sizeBytes: number;
  readonly format: string;
  readonly identity: Identity;
  readonly signatures: readonly KnownSignature[];
  readonly sightings: readonly Sighting[];
}

export interface KnownSignature {
  /** What was signed, told by its digest: `authenticode sha256:…`. Absent where the scheme tells none of one file. */
  readonly content: string | undefined;
  readonly signer: string;
  readonly organisation: string | undefined;
  /** Intact, and leading to a trusted authority. */
  readonly isProven: boolean;
}

/** The file was inside this artifact, or was it. */
export interface Sighting {
  /** SHA-256 of the artifact, lower-case hex. */
  readonly artifact: string;
  /** The name the artifact came under. */
  readonly label: string;
  /** Of the member; empty for the artifact itself. */
  readonly path: string;
  /** Who vouches for the artifact; undefined when nobody proves to. Two that differ are independent. */
  readonly supplier: string | undefined;
  readonly standing: Standing;
  /** Why the artifact was refused, when it was because of this member. */
  readonly culprit: string | undefined;
  readonly seenAt: Date;
  /** Empty for what was judged here; otherwise the id of the key that signed the memories that were imported. */
  readonly source: string;
}

/** What became of the artifact: held ones were only seen. */
export type Standing = "admitted" | "seen" | "refused";

export interface TwinMemory {
  /** False as long as nothing was ever remembered. */
  isEmpty(): boolean;
  /** Whatever shares bytes, signed content, build id or claimed name with one of these. */
  recall(members: readonly ArtifactMember[]): Promise<readonly KnownFile[]>;
}
