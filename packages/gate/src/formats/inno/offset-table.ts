/**
 * Where an Inno Setup installer keeps its parts: a table among the resources of its stub, before 5.1.5 a table that
 * the DOS header points to. Offsets count from the start of the program.
 * Source: Inno Setup, Projects/Src/Shared.Struct.pas (`TSetupLdrOffsetTable`); for the older tables, the facts that
 * innoextract 1.9 records in src/loader/offsets.cpp.
 * @module
 */

import { crc32 } from "node:zlib";
import { ArtifactError, type ByteSource, readExactly } from "@sallyport/core";
import { type PeHeaders, readPeHeaders } from "../pe/headers.ts";
import { findResource, RESOURCE_TYPE } from "../pe/resources.ts";

export interface OffsetTable {
  /** The program ends there, unless somebody put more behind it. */
  readonly wholeBytes: number;
  /** The engine, compressed, and what it is when it is unpacked. */
  readonly engine: { readonly offset: number; readonly sizeBytes: number; readonly crc: number };
  /** The header and its tables. */
  readonly headerOffset: number;
  /** The files; 0 when they lie in files of their own. */
  readonly dataOffset: number;
}

const RESOURCE_ID = 11_111;
const MARK = Buffer.from("72446c507453", "hex");
const RESOURCE_MARK = Buffer.from("cde6d77b0b2a", "hex");
const NARROW_BYTES = 44;
const WIDE_BYTES = 64;
/** `Inno`, in the DOS header. */
const POINTER_OFFSET = 0x30;
const POINTER_MARK = 0x6f6e_6e49;
/** `S07` of 4.1.6 to 5.1.4; earlier ones belong to versions that are not opened. */
const LAST_OLD_MARK = Buffer.from("303787655678", "hex");

/** @returns where the table stands; undefined when the program is no such installer */
export async function findOffsetTable(
  source: ByteSource,
  headers: PeHeaders,
): Promise<{ offset: number; isResource: boolean } | undefined> {
  const resource = await findResource(source, headers, RESOURCE_TYPE.data, RESOURCE_ID);
  if (resource !== undefined && resource.sizeBytes >= NARROW_BYTES) {
    const mark = await readExactly(source, resource.offsetBytes, 12, "Inno Setup: offset table");
    if (mark.equals(Buffer.concat([MARK, RESOURCE_MARK])))
      return { offset: resource.offsetBytes, isResource: true };
  }
  const pointer = await readExactly(source, POINTER_OFFSET, 12, "PE: DOS header");
  if (pointer.readUInt32LE(0) !== POINTER_MARK) return undefined;
  const offset = pointer.readUInt32LE(4);
  return offset + pointer.readUInt32LE(8) === 0xffff_ffff ? { offset, isResource: false } : undefined;
}

/**
 * @param program - the whole installer
 * @throws {@link ArtifactError} `artifact.malformed` for a wrong checksum, `artifact.unsupported` for an unknown table
 */
export async function readOffsetTable(program: ByteSource): Promise<OffsetTable | undefined> {
  const place = await findOffsetTable(program, await readPeHeaders(program));
  if (place === undefined) return undefined;
  return place.isResource ? readResourceTable(program, place.offset) : readOldTable(program, place.offset);
}

async function readResourceTable(program: ByteSource, offset: number): Promise<OffsetTable> {
  const version = (await readExactly(program, offset + 12, 4, WHAT)).readUInt32LE(0);
  if (version !== 1 && version !== 2)
    throw new ArtifactError(
      "artifact.unsupported",
      `Inno Setup: the offset table has the version ${version}`,
    );
  const sizeBytes = version === 1 ? NARROW_BYTES : WIDE_BYTES;
  const table = await readExactly(program, offset, sizeBytes, WHAT);
  requireChecksum(table);
  if (version === 1)
    return {
      wholeBytes: table.readUInt32LE(16),
      engine: {
        offset: table.readUInt32LE(20),
        sizeBytes: table.readUInt32LE(24),
        crc: table.readUInt32LE(28),
      },
      headerOffset: table.readUInt32LE(32),
      dataOffset: table.readUInt32LE(36),
    };
  return {
    wholeBytes: Number(table.readBigUInt64LE(16)),
    engine: {
      offset: Number(table.readBigUInt64LE(24)),
      sizeBytes: table.readUInt32LE(32),
      crc: table.readUInt32LE(36),
    },
    headerOffset: Number(table.readBigUInt64LE(40)),
    dataOffset: Number(table.readBigUInt64LE(48)),
  };
}

async function readOldTable(program: ByteSource, offset: number): Promise<OffsetTable> {
  const table = await readExactly(program, offset, 40, WHAT);
  if (!table.subarray(6, 12).equals(LAST_OLD_MARK))
    throw new ArtifactError("artifact.unsupported", "Inno Setup: the installer is older than version 4.1.6");
  requireChecksum(table);
  return {
    wholeBytes: table.readUInt32LE(12),
    engine: {
      offset: table.readUInt32LE(16),
      sizeBytes: table.readUInt32LE(20),
      crc: table.readUInt32LE(24),
    },
    headerOffset: table.readUInt32LE(28),
    dataOffset: table.readUInt32LE(32),
  };
}

const WHAT = "Inno Setup: offset table";

function requireChecksum(table: Buffer): void {
  if (crc32(table.subarray(0, -4)) !== table.readUInt32LE(table.length - 4))
    throw new ArtifactError("artifact.malformed", `${WHAT} does not have the checksum it gives`);
}
