/**
 * A compound file, opened: its tree of storages and streams, and every sector given to one owner.
 * Source: [MS-CFB] §2. Streams are read in ranges where they stand.
 * @module
 */

import { ArtifactError, type ByteSource, readExactly } from "@sallyport/core";
import { AllocationTable, readFat, toNumbers } from "./allocation.ts";
import { ChainSource } from "./chain-source.ts";
import { type Directory, type DirectoryEntry, isMini, type OleNode, readDirectory } from "./directory.ts";
import { MINI_SECTOR_BYTES, type OleHeader, readOleHeader, SECTOR, sectorOffset } from "./header.ts";

/** Memory for tables when the caller has no limit of its own: enough for a file of 8 GiB. */
export const DEFAULT_HELD_BYTES = 64 * 1024 * 1024;

export interface CompoundFile {
  readonly source: ByteSource;
  readonly header: OleHeader;
  readonly directory: Directory;
  readonly fat: AllocationTable;
  readonly miniFat: AllocationTable;
  /** Where the short streams stand. */
  readonly miniStream: ChainSource;
  readonly maxHeldBytes: number;
}

/**
 * Opens a compound file, follows every chain and refuses one that loops or meets another.
 * @param maxHeldBytes - memory the allocation tables and the directory may take, each
 * @throws {@link ArtifactError} `artifact.truncated`, `artifact.malformed`, `artifact.over-limit`
 */
export async function openCompoundFile(
  source: ByteSource,
  maxHeldBytes = DEFAULT_HELD_BYTES,
): Promise<CompoundFile> {
  const header = await readOleHeader(source);
  const fat = await readFat(source, header, maxHeldBytes);
  const sectors = (start: number, owner: string): ChainSource => {
    const count = fat.claimChain(start, owner);
    return sourceOfSectors(source, header, fat.chain(start, count, maxHeldBytes), count * header.sectorBytes);
  };
  const directory = await readDirectory(
    sectors(header.directoryStart, "the directory"),
    header,
    maxHeldBytes,
  );
  const miniFat = await readMiniFat(
    header,
    sectors(emptyIfFree(header.miniFatStart), "the mini FAT"),
    maxHeldBytes,
  );
  const root = directory.root.entry;
  const miniStart = root.sizeBytes === 0 ? SECTOR.endOfChain : root.startSector;
  const miniSectors = fat.claimChain(miniStart, "the mini stream", sectorsOf(root, header.sectorBytes));
  const miniStream = sourceOfSectors(
    source,
    header,
    fat.chain(miniStart, miniSectors, maxHeldBytes),
    root.sizeBytes,
  );
  const file = { source, header, directory, fat, miniFat: miniFat(miniStream), miniStream, maxHeldBytes };
  for (const { entry } of walkNodes(directory.root)) if (entry.kind === "stream") claimStream(file, entry);
  return file;
}

/** Every storage and stream below a node, parents first, the node itself left out. */
export function* walkNodes(node: OleNode, path: readonly OleNode[] = []): Generator<PlacedNode> {
  for (const child of node.children) {
    yield { entry: child.entry, node: child, storages: path };
    yield* walkNodes(child, [...path, child]);
  }
}

export interface PlacedNode {
  readonly entry: DirectoryEntry;
  readonly node: OleNode;
  /** From the root down, the root left out. */
  readonly storages: readonly OleNode[];
}

/** A stream's bytes. */
export function streamOf(file: CompoundFile, entry: DirectoryEntry): ChainSource {
  const { fat, miniFat, miniStream, maxHeldBytes } = file;
  const mini = isMini(entry);
  const sectorBytes = mini ? MINI_SECTOR_BYTES : file.header.sectorBytes;
  const count = Math.ceil(entry.sizeBytes / sectorBytes);
  const chain = (mini ? miniFat : fat).chain(entry.startSector, count, maxHeldBytes);
  if (!mini) return sourceOfSectors(file.source, file.header, chain, entry.sizeBytes);
  return new ChainSource({ source: miniStream, sectorBytes, firstSectorOffset: 0 }, chain, entry.sizeBytes);
}

/** Finds a stream of the root storage by the name the directory has for it. */
export const rootStream = (file: CompoundFile, name: string): DirectoryEntry | undefined =>
  streamIn(file.directory.root, name);

/** Finds a stream right below a storage. */
export function streamIn(storage: OleNode, name: string): DirectoryEntry | undefined {
  return storage.children.find(({ entry }) => entry.kind === "stream" && entry.name === name)?.entry;
}

/**
 * Reads a stream whole.
 * @throws {@link ArtifactError} `artifact.over-limit` when it is larger than the file may hold
 */
export async function readStream(file: CompoundFile, entry: DirectoryEntry): Promise<Buffer> {
  if (entry.sizeBytes > file.maxHeldBytes) {
    throw new ArtifactError("artifact.over-limit", "OLE: a stream is larger than may be held", {
      facts: { neededBytes: entry.sizeBytes, allowedBytes: file.maxHeldBytes },
    });
  }
  return readExactly(streamOf(file, entry), 0, entry.sizeBytes, "OLE stream");
}

/** [MS-CFB] §2.6.3: an empty stream has no chain; what stands in its start field means nothing. */
function claimStream(file: CompoundFile, entry: DirectoryEntry): void {
  if (entry.sizeBytes === 0) return;
  const table = isMini(entry) ? file.miniFat : file.fat;
  const sectors = sectorsOf(entry, isMini(entry) ? MINI_SECTOR_BYTES : file.header.sectorBytes);
  if (table.claimChain(entry.startSector, `directory entry ${entry.id}`, sectors) === sectors) return;
  throw new ArtifactError("artifact.malformed", "OLE: a stream's chain is shorter than its size", {
    facts: { entry: entry.id, sizeBytes: entry.sizeBytes },
  });
}

/** [MS-CFB] §2.4. Returned as a step, because its length is the mini stream's. */
async function readMiniFat(
  header: OleHeader,
  table: ChainSource,
  maxHeldBytes: number,
): Promise<(miniStream: ChainSource) => AllocationTable> {
  if (table.sizeBytes > maxHeldBytes) {
    throw new ArtifactError("artifact.over-limit", "OLE mini FAT is larger than may be held");
  }
  if (table.sizeBytes !== header.miniFatSectors * header.sectorBytes) {
    throw new ArtifactError("artifact.malformed", "OLE: the mini FAT has not the length the header claims");
  }
  const next = new Uint32Array(table.sizeBytes / 4);
  for (let at = 0; at < table.sizeBytes; at += header.sectorBytes) {
    next.set(toNumbers(await readExactly(table, at, header.sectorBytes, "OLE mini FAT")), at / 4);
  }
  return (miniStream) => {
    const sectors = Math.ceil(miniStream.sizeBytes / MINI_SECTOR_BYTES);
    return new AllocationTable(next.subarray(0, Math.min(sectors, next.length)), "mini FAT");
  };
}

const emptyIfFree = (start: number): number => (start === SECTOR.free ? SECTOR.endOfChain : start);

const sectorsOf = (entry: DirectoryEntry, sectorBytes: number): number =>
  Math.ceil(entry.sizeBytes / sectorBytes);

function sourceOfSectors(
  source: ByteSource,
  header: OleHeader,
  chain: ReturnType<AllocationTable["chain"]>,
  sizeBytes: number,
): ChainSource {
  return new ChainSource(
    { source, sectorBytes: header.sectorBytes, firstSectorOffset: sectorOffset(header, 0) },
    chain,
    sizeBytes,
  );
}
