/**
 * Bytes of a compound file that belong to nobody. Windows ran a JAR appended to a signed installer for years, because
 * the signature of an installer covers streams and not the file (CVE-2020-1464).
 * Source: [MS-CFB] §2.3 (free sectors), §2.6.3 (unused entries); notes on what a signature does not cover are in
 * `signatures/authenticode/msi-digest.ts`.
 * @module
 */

import { asBuffer, CHUNK_BYTES, type JsonObject, readExactly } from "@sallyport/core";
import type { Report } from "../../finding.ts";
import { findArchiveEnd } from "../archive-end.ts";
import { type CompoundFile, streamOf, walkNodes } from "./compound-file.ts";
import { HEADER_BYTES, MINI_SECTOR_BYTES, SECTOR, sectorOffset } from "./header.ts";

/** Where bytes can hide, and what is reported when some do. */
export async function reportHiddenSpace(file: CompoundFile, report: Report): Promise<void> {
  const fail = (because: string, facts: JsonObject): void =>
    report({ check: "structure", outcome: "fail", because, facts });
  reportLength(file, fail);
  await reportHeaderPadding(file, fail);
  await reportUnownedSectors(file, fail);
  await reportUnownedMiniSectors(file, fail);
  await reportArchiveInSlack(file, fail);
  const { unreachable, dirtyUnused } = file.directory;
  if (unreachable.length > 0) {
    fail("its directory holds entries that no folder leads to", { entries: unreachable.length });
  }
  if (dirtyUnused.length > 0) {
    fail("unused entries of its directory are not empty", { entries: dirtyUnused.length });
  }
}

type Fail = (because: string, facts: JsonObject) => void;

/** The file ends where the last sector ends, and the FAT knows all sectors. */
function reportLength(file: CompoundFile, fail: Fail): void {
  const { header, fat, source } = file;
  const whole = Math.floor(source.sizeBytes / header.sectorBytes) * header.sectorBytes;
  // Some writers cut the last stream's last sector short; that is no place to hide.
  if (whole < source.sizeBytes && !fat.isClaimed(whole / header.sectorBytes - 1)) {
    fail("its length is no whole number of sectors: bytes follow the last one", {
      offsetBytes: whole,
      lengthBytes: source.sizeBytes - whole,
    });
  }
  if (fat.next.length < header.sectorCount) {
    const offsetBytes = sectorOffset(header, fat.next.length);
    fail("it is longer than its allocation table says: bytes follow the last sector", {
      offsetBytes,
      lengthBytes: source.sizeBytes - offsetBytes,
    });
  }
}

/** [MS-CFB] §2.2: in version 4 the rest of the header's sector is zero. */
async function reportHeaderPadding(file: CompoundFile, fail: Fail): Promise<void> {
  const lengthBytes = file.header.sectorBytes - HEADER_BYTES;
  if (lengthBytes === 0 || (await isZero(file, HEADER_BYTES, lengthBytes))) return;
  fail("bytes stand between its header and its first sector", { offsetBytes: HEADER_BYTES, lengthBytes });
}

/** Sectors in no chain: marked as used they are a chain nobody reaches, marked as free they must be zero. */
async function reportUnownedSectors(file: CompoundFile, fail: Fail): Promise<void> {
  const { fat, header } = file;
  let orphans = 0;
  let filled = 0;
  let firstFilled = -1;
  let offset = -1;
  const lastWhole = file.source.sizeBytes - (file.source.sizeBytes % header.sectorBytes);
  const flush = async (end: number): Promise<void> => {
    if (offset < 0) return;
    const start = sectorOffset(header, offset);
    const stop = Math.min(sectorOffset(header, end), lastWhole);
    if (start < stop && !(await isZero(file, start, stop - start))) {
      filled += stop - start;
      if (firstFilled < 0) firstFilled = start;
    }
    offset = -1;
  };
  for (let sector = 0; sector < fat.next.length; sector += 1) {
    if (!fat.isClaimed(sector)) {
      if (fat.next[sector] !== SECTOR.free) orphans += 1;
      if (offset < 0) offset = sector;
    } else await flush(sector);
  }
  await flush(fat.next.length);
  if (orphans > 0)
    fail("sectors are marked as used, but nothing in its directory leads to them", { sectors: orphans });
  if (filled > 0) {
    fail("sectors that belong to no stream are not empty", { offsetBytes: firstFilled, lengthBytes: filled });
  }
}

/** The same for the short streams' sectors. */
async function reportUnownedMiniSectors(file: CompoundFile, fail: Fail): Promise<void> {
  const { miniFat, miniStream } = file;
  let orphans = 0;
  let filled = 0;
  const whole = Math.ceil(miniStream.sizeBytes / MINI_SECTOR_BYTES);
  for (let sector = 0; sector < whole; sector += 1) {
    if (miniFat.isClaimed(sector)) continue;
    if (sector < miniFat.next.length && miniFat.next[sector] !== SECTOR.free) orphans += 1;
    const bytes = await miniStream.read(sector * MINI_SECTOR_BYTES, MINI_SECTOR_BYTES);
    if (bytes.some((byte) => byte !== 0)) filled += 1;
  }
  if (orphans > 0) fail("short sectors are marked as used, but nothing leads to them", { sectors: orphans });
  if (filled > 0) {
    fail("short sectors that belong to no stream are not empty", { lengthBytes: filled * MINI_SECTOR_BYTES });
  }
}

/**
 * Non-zero bytes behind streams' ends, in their last sectors. Windows leaves old memory there in honest files, so
 * this is a figure and no finding.
 */
export async function measureSlack(file: CompoundFile): Promise<number> {
  let lengthBytes = 0;
  for (const { entry } of walkNodes(file.directory.root)) {
    if (entry.kind !== "stream" || entry.sizeBytes === 0) continue;
    const bytes = await streamOf(file, entry).slack();
    if (bytes.some((byte) => byte !== 0)) lengthBytes += bytes.length;
  }
  return lengthBytes;
}

/** The end of an archive in a slack turns the whole file into one, for readers that look from the end. */
async function reportArchiveInSlack(file: CompoundFile, fail: Fail): Promise<void> {
  for (const { entry } of walkNodes(file.directory.root)) {
    if (entry.kind !== "stream" || entry.sizeBytes === 0) continue;
    const bytes = await streamOf(file, entry).slack();
    if (findArchiveEnd(asBuffer(bytes)) === undefined) continue;
    fail("an archive ends behind one of its streams: a reader of archives would see other content", {
      entry: entry.id,
    });
    return;
  }
}

async function isZero(file: CompoundFile, offset: number, length: number): Promise<boolean> {
  for (let at = 0; at < length; at += CHUNK_BYTES) {
    const bytes = await readExactly(
      file.source,
      offset + at,
      Math.min(CHUNK_BYTES, length - at),
      "OLE sectors",
    );
    if (bytes.some((byte) => byte !== 0)) return false;
  }
  return true;
}
