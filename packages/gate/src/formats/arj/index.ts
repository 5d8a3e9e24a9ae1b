/** ARJ archives, opened by 7-Zip. Source: technote.txt of ARJ 2, main header. @module */

import { crc32 } from "node:zlib";
import { openBySevenZip } from "../../long-tail/index.ts";
import type { Format, Glimpse } from "../format.ts";

const LONGEST_HEADER_BYTES = 2600;

export const arj: Format = {
  id: "arj",
  title: "ARJ archive",
  document: "ARJ technical information, technote.txt",
  recognise: ({ head }: Glimpse) => head.length > 40 && head.readUInt16LE(0) === 0xea60 && hasHeader(head),
  open: (source, context) => openBySevenZip(source, context, { type: "Arj", holds: "archive" }),
};

/** The mark is two bytes, so the header's checksum must hold as well. */
function hasHeader(head: Buffer): boolean {
  const sizeBytes = head.readUInt16LE(2);
  if (sizeBytes < 30 || sizeBytes > LONGEST_HEADER_BYTES || head.length < sizeBytes + 8) return false;
  return crc32(head.subarray(4, 4 + sizeBytes)) === head.readUInt32LE(4 + sizeBytes);
}
