/** Walks one of a disc's trees. Sources: ECMA-119 §6.8, §7.5, §9.1; Joliet Specification 1995; IEEE P1282. @module */

import { ArtifactError, type ByteSource, readExactly } from "@sallyport/core";
import type { OpenContext } from "../format.ts";
import type { Volume } from "./descriptors.ts";
import { type DirectoryRecord, type Lies, readRecord } from "./record.ts";
import { findSharing, type RockRidge, readRockRidge } from "./rock-ridge.ts";

export interface DiscFile {
  /** As the best-informed reader of this tree sees it. */
  readonly name: string;
  /** As a reader of plain ECMA-119 sees the last part. */
  readonly plainName: string;
  /** Bytes from the start of the disc; several when the file is larger than one record can say. */
  readonly extents: readonly { readonly offset: number; readonly sizeBytes: number }[];
  readonly sizeBytes: number;
  readonly kind: "file" | "link" | "special" | "packed" | "interleaved";
}

const SECTOR_BYTES = 2048;
const DEEPEST = 64;

/** @throws {@link ArtifactError} `artifact.truncated`, `artifact.malformed`, `artifact.over-limit` */
export async function readTree(source: ByteSource, volume: Volume, tree: TreeContext): Promise<DiscFile[]> {
  return new Tree(source, volume, tree).read();
}

export interface TreeContext {
  readonly context: OpenContext;
  readonly lies: Lies;
}

interface Folder {
  readonly name: string;
  readonly extent: number;
  readonly sizeBytes: number;
  readonly depth: number;
}

class Tree {
  readonly #source: ByteSource;
  readonly #volume: Volume;
  readonly #context: OpenContext;
  readonly #lies: Lies;
  readonly #files: DiscFile[] = [];
  readonly #seen = new Set<number>();
  /** Moved up by Rock Ridge, because plain readers go eight folders deep. */
  readonly #moved: Folder[] = [];
  /** Undefined without Rock Ridge. */
  #skipBytes: number | undefined;
  #heldBytes = 0;

  constructor(source: ByteSource, volume: Volume, { context, lies }: TreeContext) {
    this.#source = source;
    this.#volume = volume;
    this.#context = context;
    this.#lies = lies;
  }

  async read(): Promise<DiscFile[]> {
    const { extent, sizeBytes } = this.#volume.root;
    await this.#walk([{ name: "", extent, sizeBytes, depth: 0 }]);
    // What nothing says to belong elsewhere stays where it stands.
    await this.#walk(this.#moved.filter((folder) => !this.#seen.has(folder.extent)));
    return this.#files;
  }

  async #walk(folders: Folder[]): Promise<void> {
    for (let folder = folders.pop(); folder !== undefined; folder = folders.pop()) {
      if (folder.depth > DEEPEST)
        throw new ArtifactError("artifact.malformed", "iso: folders inside folders without end");
      if (this.#seen.has(folder.extent)) {
        this.#lies("has a folder at two places, or inside itself");
        continue;
      }
      this.#seen.add(folder.extent);
      folders.push(...(await this.#readFolder(folder)).reverse());
    }
  }

  async #readFolder(folder: Folder): Promise<Folder[]> {
    if (folder.sizeBytes > this.#context.maxHeldBytes / 4)
      throw new ArtifactError("artifact.over-limit", `iso: a folder of ${folder.sizeBytes} bytes`);
    const offset = folder.extent * this.#volume.blockBytes;
    const bytes = await readExactly(this.#source, offset, folder.sizeBytes, "iso: a folder");
    const folders: Folder[] = [];
    let parts: DirectoryRecord[] = [];
    for (const record of this.#records(bytes)) {
      if (
        folder.depth === 0 &&
        record.name.equals(SELF) &&
        this.#skipBytes === undefined &&
        !this.#volume.isJoliet
      )
        this.#skipBytes = findSharing(record.systemUse);
      if (record.name.equals(SELF) || record.name.equals(PARENT)) continue;
      parts.push(record);
      if (record.goesOn) continue;
      const inner = await this.#take(folder, record, parts);
      if (inner !== undefined) folders.push(inner);
      parts = [];
    }
    if (parts.length > 0) this.#lies("has a file whose last part is missing");
    return folders;
  }

  /** No record crosses from one sector to the next, §6.8.1.1. */
  *#records(bytes: Buffer): Generator<DirectoryRecord> {
    for (let at = 0; at < bytes.length; ) {
      this.#context.budget.checkTime();
      const sectorEnd = Math.min(bytes.length, at - (at % SECTOR_BYTES) + SECTOR_BYTES);
      const record = readRecord(bytes.subarray(at, sectorEnd), this.#lies);
      if (record === undefined) {
        if (bytes.subarray(at, sectorEnd).some((byte) => byte !== 0))
          this.#lies("has bytes behind the records of a folder");
        at = sectorEnd;
      } else {
        yield record;
        at += bytes[at] ?? SECTOR_BYTES;
      }
    }
  }

  async #take(
    folder: Folder,
    record: DirectoryRecord,
    parts: readonly DirectoryRecord[],
  ): Promise<Folder | undefined> {
    const { blockBytes, isJoliet } = this.#volume;
    const plainName = plainNameOf(record.name, isJoliet);
    const unix = this.#skipBytes === undefined ? undefined : await this.#rockRidge(record, this.#skipBytes);
    const part = unix?.name ?? plainName;
    const name = folder.name === "" ? part : `${folder.name}/${part}`;
    this.#hold(name);
    const depth = folder.depth + 1;
    if (unix?.movedTo !== undefined) return this.#movedFolder(name, unix.movedTo, depth);
    if (record.isFolder) {
      const inner = { name, extent: record.extent, sizeBytes: record.sizeBytes, depth };
      if (unix?.isMoved !== true) return inner;
      this.#moved.push(inner);
      return undefined;
    }
    const extents = parts.map(({ extent, sizeBytes }) => ({ offset: extent * blockBytes, sizeBytes }));
    const sizeBytes = extents.reduce((sum, extent) => sum + extent.sizeBytes, 0);
    // A fork beside the file of the same name: Apple's readers join the two.
    const shown = record.isAssociated ? `${name} (resource fork)` : name;
    this.#files.push({ name: shown, plainName, extents, sizeBytes, kind: kindOf(parts, unix) });
    return undefined;
  }

  #rockRidge({ systemUse }: DirectoryRecord, skipBytes: number): Promise<RockRidge> {
    return readRockRidge(this.#source, systemUse, { blockBytes: this.#volume.blockBytes, skipBytes });
  }

  /** Its own first record says how long it is. */
  async #movedFolder(name: string, extent: number, depth: number): Promise<Folder> {
    const offset = extent * this.#volume.blockBytes;
    const sector = await readExactly(this.#source, offset, SECTOR_BYTES, "iso: a moved folder");
    const self = readRecord(sector, () => undefined);
    return { name, extent, sizeBytes: self?.sizeBytes ?? 0, depth };
  }

  #hold(name: string): void {
    this.#heldBytes += 2 * name.length + 300;
    const { entries } = this.#context.budget.limits;
    if (this.#heldBytes > this.#context.maxHeldBytes || this.#files.length >= entries)
      throw new ArtifactError("artifact.over-limit", "iso: it names more files than may be held");
  }
}

/** §7.6.2. */
const SELF = Buffer.from([0]);
const PARENT = Buffer.from([1]);

function kindOf(parts: readonly DirectoryRecord[], unix: RockRidge | undefined): DiscFile["kind"] {
  if (unix?.isLink === true) return "link";
  if (unix?.isSpecial === true) return "special";
  if (unix?.isPacked === true) return "packed";
  return parts.some(({ isInterleaved }) => isInterleaved) ? "interleaved" : "file";
}

/** Without the version, §7.5.1, and the dot before no extension. */
function plainNameOf(name: Buffer, isJoliet: boolean): string {
  const text = isJoliet ? new TextDecoder("utf-16be").decode(name) : name.toString("latin1");
  return text.replace(/;\d{1,5}$/, "").replace(/(?<=.)\.$/, "");
}
