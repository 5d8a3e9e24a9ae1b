/**
 * What of an ELF file is compared piece by piece: its sections, and those parts of its segments that no section names, which
 * is where infected files keep what was added.
 * Source: System V gABI, chapter 4 "Sections", chapter 5 "Program Header".
 * @module
 */

import { type ByteSource, readExactly } from "@sallyport/core";
import type { RegionPlan } from "../executable-regions.ts";
import { Names } from "../names.ts";
import { ALLOCATED, type ElfHeaders, SECTION, SEGMENT, type Section, type Segment } from "./headers.ts";

/** How regions are named that no section names. */
export const REST_OF_SEGMENT = "rest of segment";
const WRITABLE = 1;
const EXECUTABLE = 4;
const MAX_NAMES_BYTES = 16 * 1024 * 1024;
/** Object files of C++ come to some ten thousand sections. */
const MAX_PLANS = 65_536;

export interface NamedSection extends Section {
  readonly name: string;
}

/** Sections with their names; a name that is not in the file is empty. */
export async function nameSections(
  source: ByteSource,
  headers: ElfHeaders,
): Promise<readonly NamedSection[]> {
  const table = headers.sections[headers.sectionNamesIndex];
  const isThere =
    table !== undefined && table.type !== SECTION.noBits && table.offsetBytes < source.sizeBytes;
  const sizeBytes = isThere
    ? Math.min(table.sizeBytes, MAX_NAMES_BYTES, source.sizeBytes - table.offsetBytes)
    : 0;
  const names = new Names(
    isThere
      ? await readExactly(source, table.offsetBytes, sizeBytes, "ELF: names of sections")
      : Buffer.alloc(0),
  );
  return headers.sections.map((section) => ({ ...section, name: names.at(section.nameOffset) }));
}

/** @param named - with names, as {@link nameSections} gives them */
export function planRegions(headers: ElfHeaders, named: readonly NamedSection[]): readonly RegionPlan[] {
  const sections = named.slice(0, MAX_PLANS).filter(({ type }) => type !== SECTION.unused);
  return [...sections.map(planSection), ...planRests(headers.segments, sections)].toSorted(
    (one, other) => one.offsetBytes - other.offsetBytes,
  );
}

function planSection({ name, type, flags, address, offsetBytes, sizeBytes }: NamedSection): RegionPlan {
  const isMapped = (flags & ALLOCATED) !== 0;
  const isCode = (flags & EXECUTABLE) !== 0;
  return {
    name,
    address: isMapped ? address : 0,
    memoryBytes: isMapped ? sizeBytes : 0,
    offsetBytes,
    fileBytes: type === SECTION.noBits ? 0 : sizeBytes,
    access: isMapped ? `r${(flags & WRITABLE) === 0 ? "-" : "w"}${isCode ? "x" : "-"}` : "---",
    isCode: isMapped && isCode,
  };
}

/** What is left of each loaded segment when its sections, the headers and filling between them are taken away. */
function planRests(segments: readonly Segment[], sections: readonly NamedSection[]): RegionPlan[] {
  const inFile = sections
    .filter(
      ({ type, flags, sizeBytes }) => type !== SECTION.noBits && (flags & ALLOCATED) !== 0 && sizeBytes > 0,
    )
    .toSorted((one, other) => one.offsetBytes - other.offsetBytes);
  return segments
    .filter(({ type, fileBytes }) => type === SEGMENT.load && fileBytes > 0)
    .slice(0, MAX_LOADED)
    .flatMap((segment, index) => {
      const rest = restOf(segment, inFile);
      return rest === undefined ? [] : [planRest(segment, rest, inFile.length === 0 ? index : -1)];
    });
}

const MAX_LOADED = 64;
/** Headers and what aligns the first section behind them. */
const ALIGNMENT_BYTES = 4096;

interface Rest {
  readonly offsetBytes: number;
  readonly endBytes: number;
}

/** The tail behind the last section, or all of it where no section begins in it. */
function restOf(
  { offsetBytes, fileBytes, flags }: Segment,
  sections: readonly NamedSection[],
): Rest | undefined {
  const endBytes = offsetBytes + fileBytes;
  let last = offsetBytes;
  for (const section of sections) {
    if (section.offsetBytes >= endBytes) break;
    const sectionEnd = section.offsetBytes + section.sizeBytes;
    if (section.offsetBytes >= offsetBytes && sectionEnd > last) last = Math.min(sectionEnd, endBytes);
  }
  // The first segment of some linkers holds the headers alone.
  const isHeaders = offsetBytes === 0 && fileBytes <= ALIGNMENT_BYTES && (flags & 1) === 0;
  if (isHeaders && last === offsetBytes && sections.length > 0) return undefined;
  return last < endBytes ? { offsetBytes: last, endBytes } : undefined;
}

function planRest(segment: Segment, rest: Rest, index: number): RegionPlan {
  const access = `${letter(segment, 4, "r")}${letter(segment, 2, "w")}${letter(segment, 1, "x")}`;
  const isWhole = rest.offsetBytes === segment.offsetBytes;
  return {
    name: index >= 0 ? `segment ${index}` : isWhole ? `segment ${access}` : `${REST_OF_SEGMENT} ${access}`,
    address: segment.address + (rest.offsetBytes - segment.offsetBytes),
    memoryBytes: isWhole ? segment.memoryBytes : rest.endBytes - rest.offsetBytes,
    offsetBytes: rest.offsetBytes,
    fileBytes: rest.endBytes - rest.offsetBytes,
    access,
    isCode: access.endsWith("x"),
  };
}

const letter = ({ flags }: Segment, bit: number, text: string): string => ((flags & bit) === 0 ? "-" : text);
