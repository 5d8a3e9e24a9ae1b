/** The seam for what can be opened. One folder and one line in `registry.ts` per format. @module */

import type { Budget, ByteSource, Identifier } from "@sallyport/core";
import type { Identity, MemberAttributes } from "../artifact.ts";
import type { Report } from "../finding.ts";

export interface Format {
  /** Stable, shown in verdicts: `zip`. */
  readonly id: string;
  /** For people: `ZIP archive`. */
  readonly title: string;
  /** The document that defines it, with sections where that helps. */
  readonly document: string;
  /** The more exact names it may give a file through `refineFormat`: signature schemes go by them. */
  readonly names?: readonly string[];
  /** Decides by content, never by name. The registry's order decides between two that say yes. */
  recognise(glimpse: Glimpse): boolean;
  /** Lists what is inside; needs to read anywhere in the file. */
  open?(source: ByteSource, context: OpenContext): AsyncIterable<Member>;
  /**
   * Lists what is inside from front to back, for formats made to be streamed. A member's content must be
   * read, or given up, before the next member is asked for. The caller drains and hashes what is left unread.
   */
  openStream?(bytes: AsyncIterable<Uint8Array>, context: OpenContext): AsyncIterable<Member>;
  /** What an executable claims to be. */
  identify?(source: ByteSource, context: OpenContext): Promise<Identity>;
}

/** Enough of a file to recognise it. */
export interface Glimpse {
  /** The first {@link HEAD_BYTES} bytes, fewer when the file is shorter. */
  readonly head: Buffer;
  /** The last {@link TAIL_BYTES} bytes, fewer when the file is shorter. */
  readonly tail: Buffer;
  readonly sizeBytes: number;
}

/** Eighteen sectors: the volume descriptors of a disc image stand that deep. */
export const HEAD_BYTES = 18 * 2048;
/** A zip's end record with the longest comment it may have. */
export const TAIL_BYTES = 22 + 0xffff;

export interface OpenContext {
  readonly budget: Budget;
  readonly report: Report;
  /**
   * Gives the file a more exact name than its format's id: a zip turns out to be a `jar`, an OLE file an `msi`.
   * The last call counts.
   */
  refineFormat(name: string): void;
  /** What the container turns out to say of itself while it is read. A later call adds to an earlier one. */
  claimIdentity(identity: Identity, identifiers?: readonly Identifier[]): void;
  /** Where this source lies inside the file around it: an overlay's offsets may count from that file's start. */
  readonly offsetInParentBytes: number;
  /** Names for members by the names this container gives them, when the container around it knows better. */
  readonly memberNames: ReadonlyMap<string, string> | undefined;
  /** The whole program that carries this behind itself, when one does: its headers may say what lies where. */
  readonly carrier?: ByteSource | undefined;
  /** The container around it is only ever unpacked there, as the system's own packages are. */
  readonly unpackedOn?: "unix";
  /** Longest piece of memory a format may ask for at once (decoder windows, tables), in bytes. */
  readonly maxHeldBytes: number;
}

export interface Member {
  /** The file's own claim, decoded, otherwise as it stands: `../x`, `C:\x` and control characters included. */
  readonly name: string;
  /** What the container says the size is, if it does. The descent counts for itself. */
  readonly claimedBytes?: number;
  /** Where the member's bytes stand uncompressed in the container; saves copying them. */
  readonly range?: { readonly source: ByteSource; readonly offsetInParentBytes: number };
  /** What else the container says about it. */
  readonly attributes?: MemberAttributes;
  /**
   * The member's bytes, once, front to back. Not called when `range` is there.
   * @throws {@link ArtifactError} when they are damaged, encrypted or compressed in an unsupported way
   */
  content(): AsyncIterable<Uint8Array>;
  /** A program carries it behind itself: when no format knows it, something was left unopened. */
  readonly isCarried?: true;
  /** The program that does. */
  readonly carrier?: ByteSource;
  /** Id of the format that its carrier says it has, where its own bytes need not tell. */
  readonly knownFormat?: string;
  /** Everything inside is for there: names that only Windows would read differently are ordinary names. */
  readonly unpackedOn?: "unix";
  /** Better names for what is inside this member: an MSI knows the file names of its cabinets' members. */
  readonly memberNames?: ReadonlyMap<string, string>;
}
