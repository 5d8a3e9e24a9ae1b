/**
 * Notes: which build this is and which package it came from. Claims of whoever built it.
 * Source: System V gABI, chapter 5 "Note Section"; NT_GNU_BUILD_ID of the GNU linker; systemd, "Package Metadata for
 * Executable Files".
 * @module
 */

import { type ByteSource, readExactly } from "@sallyport/core";
import { type ElfHeaders, SECTION, SEGMENT } from "./headers.ts";

export interface ElfNotes {
  /** Lower-case hex. */
  readonly buildId?: string;
  readonly packageName?: string;
  readonly packageVersion?: string;
}

const NT_GNU_BUILD_ID = 3;
const FDO_PACKAGING_METADATA = 0xcafe1a7e;
const HEADER_BYTES = 12;
const MAX_AREA_BYTES = 64 * 1024;
const MAX_AREAS = 32;
/** The longest hash in use has 64. */
const MAX_BUILD_ID_BYTES = 64;
const MAX_TEXT_LENGTH = 256;

/** Reads what can be read; an area that is not in the file, or broken, says nothing. */
export async function readElfNotes(source: ByteSource, headers: ElfHeaders): Promise<ElfNotes> {
  let notes: ElfNotes = {};
  for (const area of areasOf(headers)) {
    const sizeBytes = Math.min(area.sizeBytes, MAX_AREA_BYTES);
    if (!Number.isSafeInteger(area.offsetBytes) || area.offsetBytes + sizeBytes > source.sizeBytes) continue;
    const bytes = await readExactly(source, area.offsetBytes, sizeBytes, "ELF: notes");
    // The first of several counts, as for the tools that print them.
    for (const note of splitNotes(bytes, headers, area.alignmentBytes))
      notes = { ...readNote(note), ...notes };
  }
  return notes;
}

interface Area {
  readonly offsetBytes: number;
  readonly sizeBytes: number;
  readonly alignmentBytes: number;
}

/** Programs have note segments; object files and kernel modules only sections. */
function areasOf({ segments, sections }: ElfHeaders): Area[] {
  const inSegments = segments
    .filter(({ type }) => type === SEGMENT.note)
    .map(({ offsetBytes, fileBytes, alignmentBytes }) => ({
      offsetBytes,
      sizeBytes: fileBytes,
      alignmentBytes,
    }));
  const inSections = sections.filter(({ type }) => type === SECTION.note);
  return (inSegments.length > 0 ? inSegments : inSections).slice(0, MAX_AREAS);
}

interface Note {
  readonly name: string;
  readonly type: number;
  readonly description: Buffer;
}

function* splitNotes(bytes: Buffer, { words }: ElfHeaders, alignmentBytes: number): Generator<Note> {
  // Only a stated alignment of 8 makes it 8; 64-bit files use 4 otherwise, whatever the gABI says.
  const boundary = alignmentBytes === 8 ? 8 : 4;
  for (let at = 0; at + HEADER_BYTES <= bytes.length; ) {
    const nameEnd = at + HEADER_BYTES + words.word(bytes, at);
    const start = align(nameEnd, boundary);
    const end = start + words.word(bytes, at + 4);
    if (end > bytes.length) return;
    yield {
      name: bytes.toString("latin1", at + HEADER_BYTES, Math.min(nameEnd, at + HEADER_BYTES + 16)),
      type: words.word(bytes, at + 8),
      description: bytes.subarray(start, end),
    };
    at = align(end, boundary);
  }
}

function readNote({ name, type, description }: Note): ElfNotes {
  if (name === "GNU\0" && type === NT_GNU_BUILD_ID)
    return description.length === 0 || description.length > MAX_BUILD_ID_BYTES
      ? {}
      : { buildId: description.toString("hex") };
  if (name === "FDO\0" && type === FDO_PACKAGING_METADATA) return readPackage(description);
  return {};
}

function readPackage(description: Buffer): ElfNotes {
  const text = description.toString("utf8");
  const end = text.indexOf("\0");
  let metadata: unknown;
  try {
    metadata = JSON.parse(end < 0 ? text : text.slice(0, end));
  } catch {
    return {};
  }
  const name = textOf(metadata, "name");
  const version = textOf(metadata, "version");
  return {
    ...(name !== undefined && { packageName: name }),
    ...(version !== undefined && { packageVersion: version }),
  };
}

function textOf(metadata: unknown, key: string): string | undefined {
  if (typeof metadata !== "object" || metadata === null) return undefined;
  const value: unknown = Object.getOwnPropertyDescriptor(metadata, key)?.value;
  return typeof value === "string" && value !== "" ? value.slice(0, MAX_TEXT_LENGTH) : undefined;
}

const align = (offset: number, boundary: number): number => Math.ceil(offset / boundary) * boundary;
