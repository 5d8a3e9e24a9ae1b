/** Disks with a partition table in their first sector, opened by 7-Zip. Source: UEFI 2.10 §5.2.1. @module */

import { openBySevenZip } from "../../long-tail/index.ts";
import { hasDiskFooter } from "../disk-footer.ts";
import { isFatBootSector } from "../fat/index.ts";
import type { Format, Glimpse } from "../format.ts";
import { isDisc } from "../iso/mark.ts";

const SECTOR_BYTES = 512;
const TABLE = 446;
const ENTRY_BYTES = 16;
/** A disk whose real table is the GUID partition table. */
const PROTECTIVE = 0xee;

export const mbr: Format = {
  id: "mbr",
  title: "Disk with a partition table",
  document: "UEFI 2.10 §5.2.1",
  recognise: (glimpse: Glimpse) => hasTable(glimpse) && !isDisc(glimpse.head) && !hasDiskFooter(glimpse),
  open: (source, context) => openBySevenZip(source, context, { type: "MBR", holds: "partitions" }),
};

/** The mark is two bytes that every boot sector has: the table must make sense, and lie within the file. */
function hasTable({ head, sizeBytes }: Glimpse): boolean {
  if (head.length < SECTOR_BYTES || head.readUInt16BE(510) !== 0x55aa || isFatBootSector(head)) return false;
  const entries = [0, 1, 2, 3].map((index) => readEntry(head, TABLE + index * ENTRY_BYTES));
  const used = entries.filter(({ type }) => type !== 0);
  return (
    used.length > 0 &&
    entries.every(({ status }) => status === 0 || status === 0x80) &&
    used.every(({ type, start, length }) => type !== PROTECTIVE && start > 0 && length > 0) &&
    used.some(({ start, length }) => (start + length) * SECTOR_BYTES <= sizeBytes)
  );
}

const readEntry = (head: Buffer, at: number) => ({
  status: head[at] ?? 1,
  type: head[at + 4] ?? 0,
  start: head.readUInt32LE(at + 8),
  length: head.readUInt32LE(at + 12),
});
