/**
 * What a disc holds beside its trees: boot images, and partitions for when it is written to a disk.
 * Sources: El Torito 1.0 §2; UEFI 2.10 §5.2.1 and §13.3.2; FAT32 File System Specification 1.03.
 * @module
 */

import { type ByteSource, readExactly } from "@sallyport/core";
import { isFatBootSector } from "../fat/index.ts";
import { DESCRIPTORS, SECTOR_BYTES } from "./mark.ts";

export interface Hidden {
  readonly name: string;
  readonly offset: number;
  readonly sizeBytes: number;
}

const ENTRY_BYTES = 32;
const DISK_SECTOR_BYTES = 512;
/** 1.2, 1.44 and 2.88 MB floppies, §2.2 figure 3. */
const FLOPPIES = [0, 1_228_800, 1_474_560, 2_949_120];
const PROTECTIVE = 0xee;

/** @param catalogue - its sector. @returns images that begin where no file of `known` does */
export async function readBootImages(
  source: ByteSource,
  catalogue: number,
  known: ReadonlySet<number>,
): Promise<Hidden[]> {
  const bytes = await readExactly(source, catalogue * SECTOR_BYTES, SECTOR_BYTES, "iso: the boot catalogue");
  const images: Hidden[] = [];
  for (let at = ENTRY_BYTES; at + ENTRY_BYTES <= bytes.length; at += ENTRY_BYTES) {
    const entry = bytes.subarray(at, at + ENTRY_BYTES);
    // Bootable, or not: the rest are heads of sections and their continuations.
    if (entry[0] !== 0x88 && (entry[0] !== 0 || entry.readUInt32LE(8) === 0)) continue;
    const offset = entry.readUInt32LE(8) * SECTOR_BYTES;
    if (known.has(offset) || offset >= source.sizeBytes || offset <= DESCRIPTORS) continue;
    const sizeBytes = await bootImageBytes(source, offset, entry);
    images.push({ name: `boot image ${images.length + 1}`, offset, sizeBytes });
  }
  return images;
}

/** The count of sectors is what is loaded at first; a file system says for itself how long it is. */
async function bootImageBytes(source: ByteSource, offset: number, entry: Buffer): Promise<number> {
  const leftBytes = source.sizeBytes - offset;
  const floppyBytes = FLOPPIES[(entry[1] ?? 0) & 0xf] ?? 0;
  const head = Buffer.from(await source.read(offset, DISK_SECTOR_BYTES));
  const fatBytes = isFatBootSector(head)
    ? (head.readUInt16LE(19) || head.readUInt32LE(32)) * head.readUInt16LE(11)
    : 0;
  const loadedBytes = entry.readUInt16LE(6) * DISK_SECTOR_BYTES;
  return Math.min(leftBytes, Math.max(floppyBytes, fatBytes, loadedBytes));
}

/** @returns partitions of the first sector's table that are neither the disc itself nor a file of it */
export async function readPartitions(source: ByteSource, known: ReadonlySet<number>): Promise<Hidden[]> {
  const sector = await readExactly(source, 0, DISK_SECTOR_BYTES, "iso: the first sector");
  if (sector.readUInt16BE(510) !== 0x55aa) return [];
  const partitions: Hidden[] = [];
  for (let index = 0; index < 4; index += 1) {
    const entry = sector.subarray(446 + 16 * index, 462 + 16 * index);
    const offset = entry.readUInt32LE(8) * DISK_SECTOR_BYTES;
    const sizeBytes = Math.min(entry.readUInt32LE(12) * DISK_SECTOR_BYTES, source.sizeBytes - offset);
    const isUsed = entry[4] !== 0 && entry[4] !== PROTECTIVE && sizeBytes > 0;
    // One that begins in the system's area is the disc, as a disk.
    if (isUsed && offset > DESCRIPTORS && !known.has(offset))
      partitions.push({ name: `partition ${index + 1}`, offset, sizeBytes });
  }
  return partitions;
}
