/**
 * Header, folders and file entries of a cabinet. Source: [MS-CAB] §2.1 (CFHEADER), §2.2 (CFFOLDER), §2.3 (CFFILE).
 * Everything read here is the file's own claim; every number is checked before it is used.
 * @module
 */

import { ArtifactError, type ByteSource, readExactly } from "@sallyport/core";
import { dosSeconds } from "../member-attributes.ts";

export const CABINET_MAGIC = Buffer.from("MSCF", "latin1");
/** [MS-CAB] §2.1 flags. */
const FLAG = { previous: 1, next: 2, reserve: 4 } as const;
/** [MS-CAB] §2.1: the longest name of a cabinet or disk, and of a file (§2.3), with its terminator. */
const MAXIMUM_NAME_BYTES = 257;

export interface CabinetHeader {
  /** cbCabinet: what the cabinet says its length is. */
  readonly sizeBytes: number;
  readonly filesOffset: number;
  readonly folderCount: number;
  readonly fileCount: number;
  readonly setId: number;
  readonly index: number;
  readonly previous: CabinetLink | undefined;
  readonly next: CabinetLink | undefined;
  /** Where the header's own reserve lies; absent without one. */
  readonly reserve: Reserve | undefined;
  /** Where the folder entries begin, and the header with its names ends. */
  readonly foldersOffset: number;
  /** reserved1, reserved2, reserved3: must be zero. */
  readonly reservedFields: readonly [number, number, number];
}

export interface CabinetLink {
  readonly cabinet: string;
  readonly disk: string;
}

export interface Reserve {
  readonly offset: number;
  readonly header: Buffer;
  /** Bytes after each folder entry. */
  readonly folderBytes: number;
  /** Bytes inside each data block. */
  readonly dataBytes: number;
}

export interface CabinetFolder {
  readonly dataOffset: number;
  readonly dataBlocks: number;
  readonly compression: "none" | "mszip" | "quantum" | "lzx";
  /** LZX: the window is two to the power of it. */
  readonly windowBits: number;
}

export interface CabinetFile {
  readonly name: string;
  readonly sizeBytes: number;
  /** Where it begins in the unpacked folder. */
  readonly folderOffset: number;
  /** Seconds since 1970. */
  readonly modifiedSeconds: number | undefined;
  /** Index of the folder. */
  readonly folder: number;
  /** It begins in the cabinet before, or ends in the one after. */
  readonly continues: { readonly fromPrevious: boolean; readonly toNext: boolean };
}

/**
 * Reads the header.
 * @throws {@link ArtifactError} `artifact.truncated`, `artifact.malformed`
 */
export async function readCabinetHeader(source: ByteSource): Promise<CabinetHeader> {
  const fixed = await readExactly(source, 0, 36, "cabinet header");
  if (!fixed.subarray(0, 4).equals(CABINET_MAGIC)) refuse("has not the mark of a cabinet");
  if (fixed.readUInt16LE(24) !== 0x0103) refuse("has another version than 1.3");
  const flags = fixed.readUInt16LE(30);
  if ((flags & ~(FLAG.previous | FLAG.next | FLAG.reserve)) !== 0) refuse("sets flags nobody defined");
  let offset = 36;
  let reserve: Reserve | undefined;
  if ((flags & FLAG.reserve) !== 0) {
    const sizes = await readExactly(source, offset, 4, "cabinet header");
    const headerBytes = sizes.readUInt16LE(0);
    offset += 4;
    reserve = {
      offset,
      header: await readExactly(source, offset, headerBytes, "cabinet header's reserve"),
      folderBytes: sizes.readUInt8(2),
      dataBytes: sizes.readUInt8(3),
    };
    offset += headerBytes;
  }
  const readLink = async (flag: number): Promise<CabinetLink | undefined> => {
    if ((flags & flag) === 0) return undefined;
    const cabinet = await readName(source, offset);
    const disk = await readName(source, cabinet.end);
    offset = disk.end;
    return { cabinet: cabinet.bytes.toString("latin1"), disk: disk.bytes.toString("latin1") };
  };
  const previous = await readLink(FLAG.previous);
  const next = await readLink(FLAG.next);
  return {
    sizeBytes: fixed.readUInt32LE(8),
    filesOffset: fixed.readUInt32LE(16),
    folderCount: fixed.readUInt16LE(26),
    fileCount: fixed.readUInt16LE(28),
    setId: fixed.readUInt16LE(32),
    index: fixed.readUInt16LE(34),
    previous,
    next,
    reserve,
    foldersOffset: offset,
    reservedFields: [fixed.readUInt32LE(4), fixed.readUInt32LE(12), fixed.readUInt32LE(20)],
  };
}

/** Bytes of one folder entry with its reserve. */
export const folderEntryBytes = (header: CabinetHeader): number => 8 + (header.reserve?.folderBytes ?? 0);

/** Where the folder entries end. */
export const foldersEnd = (header: CabinetHeader): number =>
  header.foldersOffset + header.folderCount * folderEntryBytes(header);

/** @throws {@link ArtifactError} `artifact.truncated`, `artifact.malformed` */
export async function readFolders(
  source: ByteSource,
  header: CabinetHeader,
): Promise<readonly CabinetFolder[]> {
  const entryBytes = folderEntryBytes(header);
  const length = header.folderCount * entryBytes;
  const bytes = await readExactly(source, header.foldersOffset, length, "cabinet folder table");
  return Array.from({ length: header.folderCount }, (_, index) => {
    const at = index * entryBytes;
    const type = bytes.readUInt16LE(at + 6);
    const compression = (["none", "mszip", "quantum", "lzx"] as const)[type & 0x0f];
    if (compression === undefined) refuse(`folder ${index} is compressed in an unknown way`);
    const windowBits = (type >> 8) & 0x1f;
    if (compression === "lzx" && (windowBits < 15 || windowBits > 21)) {
      refuse(`folder ${index} asks for an LZX window of 2^${windowBits} bytes, allowed are 2^15 to 2^21`);
    }
    return {
      dataOffset: bytes.readUInt32LE(at),
      dataBlocks: bytes.readUInt16LE(at + 4),
      compression,
      windowBits,
    };
  });
}

/**
 * Reads all file entries.
 * @returns the entries in the order of the table, and where the table ends
 * @throws {@link ArtifactError} `artifact.truncated`, `artifact.malformed`
 */
export async function readFiles(
  source: ByteSource,
  header: CabinetHeader,
): Promise<{ readonly files: readonly CabinetFile[]; readonly end: number }> {
  const files: CabinetFile[] = [];
  let offset = header.filesOffset;
  for (let index = 0; index < header.fileCount; index += 1) {
    const entry = await readExactly(source, offset, 16, "cabinet file table");
    const name = await readName(source, offset + 16);
    offset = name.end;
    files.push(parseFile(entry, name.bytes, header.folderCount));
  }
  return { files, end: offset };
}

function parseFile(entry: Buffer, name: Buffer, folderCount: number): CabinetFile {
  // [MS-CAB] §2.3: 0xFFFD from the cabinet before, 0xFFFE into the next, 0xFFFF both.
  const index = entry.readUInt16LE(8);
  const fromPrevious = index === 0xfffd || index === 0xffff;
  const toNext = index === 0xfffe || index === 0xffff;
  const folder = fromPrevious ? 0 : toNext ? folderCount - 1 : index;
  if (folder < 0 || folder >= folderCount) refuse("a file lies in a folder that is not there");
  const isUtf8 = (entry.readUInt16LE(14) & 0x80) !== 0;
  return {
    // A cabinet's separator is the backslash. Without the UTF-8 flag names are in the maker's code page, unstated.
    name: name.toString(isUtf8 ? "utf8" : "latin1").replaceAll("\\", "/"),
    sizeBytes: entry.readUInt32LE(0),
    folderOffset: entry.readUInt32LE(4),
    modifiedSeconds: dosSeconds(entry.readUInt16LE(10), entry.readUInt16LE(12)),
    folder,
    continues: { fromPrevious, toNext },
  };
}

async function readName(source: ByteSource, offset: number): Promise<{ bytes: Buffer; end: number }> {
  const room = Math.max(0, Math.min(MAXIMUM_NAME_BYTES, source.sizeBytes - offset));
  const bytes = await readExactly(source, offset, room, "cabinet name");
  const length = bytes.indexOf(0);
  if (length < 0) {
    if (room < MAXIMUM_NAME_BYTES) {
      throw new ArtifactError("artifact.truncated", "cabinet: a name is cut short", { facts: { offset } });
    }
    refuse("a name has more than 256 bytes");
  }
  return { bytes: bytes.subarray(0, length), end: offset + length + 1 };
}

function refuse(because: string): never {
  throw new ArtifactError("artifact.malformed", `cabinet: ${because}`);
}
