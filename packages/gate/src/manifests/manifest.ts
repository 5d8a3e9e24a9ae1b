/**
 * The seam for what a package says of itself: one folder and one line in `registry.ts` per kind of package. A kind
 * stands in a container that some format has opened; it sees the members it asks for, and answers at the end.
 * @module
 */

import type { Budget, Identifier } from "@sallyport/core";
import type { Identity } from "../artifact.ts";
import type { Finding } from "../finding.ts";
import type { SignatureReport } from "../signatures/scheme.ts";

export interface Manifest {
  /** Stable; the refined format name of such a package, where its container's format gives none: `npm`. */
  readonly id: string;
  /** Further names it may give its container. */
  readonly names?: readonly string[];
  /** For people: `npm package`. */
  readonly title: string;
  readonly document: string;
  /** Refined names of the containers it stands in: `tar`, `whl`. */
  readonly containers: readonly string[];
  /** It may stand in a container that is another kind of package: it is asked as well, and names no container. */
  readonly isPartOfOthers?: true;
  /** What it needs of the member with this name, when that is anything. Asked before the member is read. */
  wants(name: string): Wish | undefined;
  /**
   * Asked once, when the container was read to its end.
   * @returns undefined when this is no such package
   * @throws {@link ArtifactError} when its own description cannot be read: then it says nothing of itself
   */
  conclude(contents: ContainerContents): Conclusion | undefined;
}

export interface Wish {
  /** Its bytes as well, when it is not longer; its SHA-256 and size are always there. */
  readonly heldBytes?: number;
  readonly sha512?: true;
  readonly sha1?: true;
  /** What is inside is only ever unpacked there, so the names are judged by that system's rules. */
  readonly unpackedOn?: "unix";
}

export interface ContainerContents {
  /** Refined name of the container. */
  readonly format: string;
  /** Those that were asked for and read to their end, by name. */
  readonly members: ReadonlyMap<string, SeenMember>;
  /** Those that were asked for and could not be read: said elsewhere already. */
  readonly unread: ReadonlySet<string>;
  /** False when there were more than are kept. */
  readonly complete: boolean;
  readonly budget: Budget;
}

export interface SeenMember {
  /** Hex. */
  readonly sha256: string;
  readonly sizeBytes: number;
  /** Refined name of what it is. */
  readonly format: string;
  /** What is known of who signed it. */
  readonly signatures?: readonly SignatureReport[];
  /** Hex, where it was wished for. */
  readonly sha512?: string;
  readonly sha1?: string;
  /** Where they were wished for, and not too many. */
  readonly bytes?: Buffer;
}

export interface Conclusion {
  readonly identity?: Identity;
  /** Names that no other product has: its package URL. */
  readonly identifiers?: readonly Identifier[];
  /** A more exact name than the container has. */
  readonly format?: string;
  /** Of `structure`, where the package contradicts itself; of `integrity`, where a signature of a part covers others. */
  readonly findings?: readonly Finding[];
}
