/**
 * Members of a zip by their names, for schemes that verify what a signature or a list inside says of them. Where the
 * archive lies about a member this throws: the zip reader itself reports each lie.
 * Source: APPNOTE 6.3.10.
 * @module
 */

import { ArtifactError, type Budget, type ByteSource, readExactly } from "@sallyport/core";
import { type Packed, unpack } from "./content.ts";
import { type Entry, readDirectory } from "./directory.ts";
import { type EndRecord, readEndRecord } from "./end-record.ts";
import { ReadAhead, readLocalHeader } from "./local-header.ts";

export type ZipEntry = Entry;

export interface ZipLookup {
  /** In the directory's order, folders included. */
  readonly entries: readonly ZipEntry[];
  readonly end: EndRecord;
  /**
   * @returns undefined when no member has exactly that name
   * @throws {@link ArtifactError} `artifact.malformed` when several have
   */
  find(name: string): ZipEntry | undefined;
  /** The unpacked bytes, once, counted on the budget; `artifact.malformed` where the archive lied about them. */
  content(entry: ZipEntry): AsyncIterable<Uint8Array>;
  /** The same in one piece. @throws {@link ArtifactError} `artifact.over-limit` beyond `maxBytes` */
  read(entry: ZipEntry, maxBytes: number): Promise<Buffer>;
  /** Where the member's local header begins, and where its packed bytes begin and end. */
  place(entry: ZipEntry): Promise<ZipPlace>;
}

export interface ZipPlace {
  readonly headerOffset: number;
  readonly dataOffset: number;
  readonly endOffset: number;
}

/** Enough for a directory of half a million members. */
const MAX_DIRECTORY_BYTES = 64 * 1024 * 1024;

/** @throws {@link ArtifactError} when the file has no readable directory */
export async function openZipLookup(
  source: ByteSource,
  budget: Budget,
  maxHeldBytes = MAX_DIRECTORY_BYTES,
): Promise<ZipLookup> {
  // Behind a program, offsets may count from the program's beginning; the zip reader itself asks where it lies.
  const end = await readEndRecord(source, undefined);
  if (end.directoryBytes > Math.min(maxHeldBytes, MAX_DIRECTORY_BYTES))
    throw new ArtifactError("artifact.over-limit", "zip: the directory is larger than may be held at once");
  const bytes = await readExactly(source, end.directoryOffset, end.directoryBytes, "zip: directory");
  const { entries, restBytes } = readDirectory(bytes, budget.limits.entries);
  if (restBytes > 0)
    throw new ArtifactError("artifact.malformed", "zip: the directory holds what is no member");
  const byName = Map.groupBy(entries, ({ name }) => name);
  const window = new ReadAhead(source);
  const place = async (entry: ZipEntry): Promise<ZipPlace> => {
    const headerOffset = entry.localOffset + end.baseOffset;
    const { dataOffset, endOffset, disagreements } = await readLocalHeader(window, entry, headerOffset);
    if (disagreements.length > 0) throw lying(entry, "has another header than the directory says");
    if (endOffset > end.directoryOffset) throw lying(entry, "reaches into the directory");
    return { headerOffset, dataOffset, endOffset };
  };
  async function* content(entry: ZipEntry): AsyncIterable<Uint8Array> {
    const { dataOffset } = await place(entry);
    const lie = (because: string) => {
      throw lying(entry, because);
    };
    const packed: Packed = { source, window, entry, dataOffset, budget, maxHeldBytes, lie };
    yield* unpack(packed);
  }
  return {
    entries,
    end,
    place,
    content,
    find(name) {
      const found = byName.get(name) ?? [];
      if (found.length > 1) throw new ArtifactError("artifact.malformed", `zip: ${name} is there twice`);
      return found[0];
    },
    async read(entry, maxBytes) {
      if (entry.sizeBytes > maxBytes)
        throw new ArtifactError("artifact.over-limit", `zip: ${entry.name} is larger than is read here`);
      const pieces: Uint8Array[] = [];
      for await (const piece of content(entry)) pieces.push(Uint8Array.from(piece));
      return Buffer.concat(pieces);
    },
  };
}

const lying = ({ name }: ZipEntry, because: string): ArtifactError =>
  new ArtifactError("artifact.malformed", `zip: ${name} ${because}`);
