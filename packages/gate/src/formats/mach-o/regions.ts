/**
 * What of a Mach-O image is compared piece by piece: its sections, and segments that have none.
 * Source: Apple, mach-o/loader.h.
 * @module
 */

import { type ByteSource, readExactly } from "@sallyport/core";
import type { RegionPlan } from "../executable-regions.ts";
import type { MachHeaders } from "./headers.ts";
import type { Section, Segment } from "./segments.ts";

/** S_ATTR_PURE_INSTRUCTIONS, S_ATTR_SOME_INSTRUCTIONS. */
const INSTRUCTIONS = 0x8000_0400;
/** S_ZEROFILL, S_GB_ZEROFILL, S_THREAD_LOCAL_ZEROFILL. */
const ZERO_FILLED: ReadonlySet<number> = new Set([0x01, 0x0c, 0x12]);

export const planRegions = (segments: readonly Segment[]): readonly RegionPlan[] =>
  segments.flatMap((segment) => {
    if (segment.sections.length > 0) return segment.sections.map((section) => planSection(segment, section));
    // `__PAGEZERO` keeps a range of addresses free.
    return segment.fileBytes === 0 && segment.protection === 0 ? [] : [planSegment(segment)];
  });

function planSection(segment: Segment, section: Section): RegionPlan {
  const { name, address, flags, offsetBytes, sizeBytes } = section;
  const isInFile = !ZERO_FILLED.has(flags & 0xff) && segment.fileBytes > 0;
  return {
    name: segment.name === "" ? name : `${segment.name},${name}`,
    address,
    memoryBytes: sizeBytes,
    offsetBytes,
    fileBytes: isInFile ? sizeBytes : 0,
    access: accessOf(segment),
    isCode: (flags & INSTRUCTIONS) !== 0,
  };
}

const planSegment = (segment: Segment): RegionPlan => ({
  name: segment.name,
  address: segment.address,
  memoryBytes: segment.memoryBytes,
  offsetBytes: segment.offsetBytes,
  fileBytes: segment.fileBytes,
  access: accessOf(segment),
  isCode: (segment.protection & 4) !== 0,
});

const accessOf = ({ protection }: Segment): string =>
  `${(protection & 1) === 0 ? "-" : "r"}${(protection & 2) === 0 ? "-" : "w"}${(protection & 4) === 0 ? "-" : "x"}`;

const MAX_GAP_BYTES = 1024 * 1024;

/**
 * Linkers leave room behind the load commands, filled with zeros, for tools that add one. It is mapped with the code.
 * @returns a region for what stands there instead
 */
export async function findGap(
  source: ByteSource,
  { endBytes }: MachHeaders,
  segments: readonly Segment[],
): Promise<readonly RegionPlan[]> {
  const segment = segments.find(({ offsetBytes, fileBytes }) => offsetBytes === 0 && fileBytes > 0);
  if (segment === undefined) return [];
  const first = segment.sections.reduce(
    (least, { offsetBytes, sizeBytes }) =>
      sizeBytes > 0 && offsetBytes >= endBytes ? Math.min(least, offsetBytes) : least,
    segment.fileBytes,
  );
  const gapEnd = Math.min(first, source.sizeBytes, endBytes + MAX_GAP_BYTES);
  if (gapEnd <= endBytes) return [];
  const bytes = await readExactly(source, endBytes, gapEnd - endBytes, "Mach-O: room behind load commands");
  const start = bytes.findIndex((byte) => byte !== 0);
  if (start < 0) return [];
  const end = bytes.findLastIndex((byte) => byte !== 0) + 1;
  return [
    {
      name: `${segment.name},(behind the load commands)`,
      address: segment.address + endBytes + start,
      memoryBytes: end - start,
      offsetBytes: endBytes + start,
      fileBytes: end - start,
      access: accessOf(segment),
      isCode: (segment.protection & 4) !== 0,
    },
  ];
}
