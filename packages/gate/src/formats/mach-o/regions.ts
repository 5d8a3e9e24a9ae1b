/**
 * What of a Mach-O image is compared piece by piece: its sections, and segments that have none.
 * Source: Apple, mach-o/loader.h.
 * @module
 */

import type { RegionPlan } from "../executable-regions.ts";
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
