/**
 * The headers of an ELF file: what lies where, as the file claims it. Offsets are from the start of the file.
 * Source: System V gABI, chapter 4 "ELF Header" and "Section Header", chapter 5 "Program Header".
 * @module
 */

import { ArtifactError, type ByteSource, readExactly } from "@sallyport/core";
import { WordReader } from "../word-reader.ts";
import { type ElfTable, readRows } from "./table.ts";

export interface ElfHeaders {
  readonly words: WordReader;
  /** ET_*: 1 relocatable, 2 executable, 3 shared object, 4 core. */
  readonly type: number;
  /** EM_*: 62 is x86-64. */
  readonly machine: number;
  /** Address of the first instruction; 0 for none. */
  readonly entryAddress: number;
  readonly headerBytes: number;
  /** Undefined when the file has none. */
  readonly segmentTable: ElfTable | undefined;
  readonly sectionTable: ElfTable | undefined;
  readonly segments: readonly Segment[];
  readonly sections: readonly Section[];
  /** Which section holds the sections' names; 0 for none. */
  readonly sectionNamesIndex: number;
}

export interface Segment {
  /** PT_*. */
  readonly type: number;
  /** PF_*: 1 executable, 2 writable, 4 readable. */
  readonly flags: number;
  readonly offsetBytes: number;
  readonly address: number;
  readonly fileBytes: number;
  readonly memoryBytes: number;
  readonly alignmentBytes: number;
}

export interface Section {
  /** Where its name begins in the section of names. */
  readonly nameOffset: number;
  /** SHT_*. */
  readonly type: number;
  /** SHF_*: 1 writable, 2 in memory, 4 executable. */
  readonly flags: number;
  readonly address: number;
  readonly offsetBytes: number;
  readonly sizeBytes: number;
  /** The section this one refers to: a symbol table's names. */
  readonly link: number;
  readonly alignmentBytes: number;
}

export const SEGMENT = { load: 1, dynamic: 2, note: 4 } as const;
export const SECTION = { unused: 0, note: 7, noBits: 8 } as const;
/** SHF_ALLOC: the section is in memory while the program runs. */
export const ALLOCATED = 2;

/** From here on the count does not fit its field, and section header 0 holds it. */
const PN_XNUM = 0xffff;
const SHN_LORESERVE = 0xff00;
const SHN_XINDEX = 0xffff;

/** Field offsets by width. The two widths also order a program header's fields differently. */
const NARROW = { header: 52, segment: 32, section: 40, phoff: 28, shoff: 32, counts: 40 } as const;
const WIDE = { header: 64, segment: 56, section: 64, phoff: 32, shoff: 40, counts: 52 } as const;

/**
 * Reads all headers.
 * @throws {@link ArtifactError} `artifact.malformed` when it is no ELF file or its headers contradict themselves,
 * `artifact.truncated` when it ends inside them, `artifact.over-limit` when a table has more rows than may be held
 */
export async function readElfHeaders(source: ByteSource): Promise<ElfHeaders> {
  const words = readIdentification(await readExactly(source, 0, 16, "ELF: identification"));
  const layout = words.wide ? WIDE : NARROW;
  const header = await readExactly(source, 0, layout.header, "ELF: file header");
  const field = (index: number): number => words.half(header, layout.counts + index * 2);
  if (field(0) !== layout.header) throw malformed(`the file header claims ${field(0)} bytes`);
  const tables = {
    segments: { offsetBytes: words.address(header, layout.phoff), rowBytes: field(1), count: field(2) },
    sections: { offsetBytes: words.address(header, layout.shoff), rowBytes: field(3), count: field(4) },
  };
  const extended = await readExtendedCounts(source, words, tables);
  const segmentTable = checkTable(extended.segments, layout.segment, "program header");
  const sectionTable = checkTable(extended.sections, layout.section, "section header");
  const sections = await readRows(source, sectionTable, "ELF: section headers", (row) =>
    readSection(words, row),
  );
  return {
    words,
    type: words.half(header, 16),
    machine: words.half(header, 18),
    entryAddress: words.address(header, 24),
    headerBytes: layout.header,
    segmentTable,
    sectionTable,
    segments: await readRows(source, segmentTable, "ELF: program headers", (row) => readSegment(words, row)),
    sections,
    sectionNamesIndex: field(5) === SHN_XINDEX ? (sections[0]?.link ?? 0) : field(5),
  };
}

function readIdentification(bytes: Buffer): WordReader {
  if (bytes.readUInt32BE(0) !== 0x7f454c46) throw malformed("it does not begin with the ELF mark");
  const [width, order, version] = [bytes[4], bytes[5], bytes[6]];
  if ((width !== 1 && width !== 2) || (order !== 1 && order !== 2) || version !== 1)
    throw malformed(`unknown class ${width}, byte order ${order} or version ${version}`);
  return new WordReader({ littleEndian: order === 1, wide: width === 2 });
}

interface Tables {
  readonly segments: ElfTable;
  readonly sections: ElfTable;
}

async function readExtendedCounts(source: ByteSource, words: WordReader, tables: Tables): Promise<Tables> {
  const { segments, sections } = tables;
  const more = segments.count === PN_XNUM;
  if (sections.offsetBytes === 0) {
    if (more || sections.count > 0) throw malformed("counts sections but has no place for their headers");
    return tables;
  }
  if (!more && sections.count > 0 && sections.count < SHN_LORESERVE) return tables;
  const rowBytes = words.wide ? WIDE.section : NARROW.section;
  const first = await readExactly(source, sections.offsetBytes, rowBytes, "ELF: section header 0");
  const size = words.address(first, words.wide ? 32 : 20);
  const info = words.word(first, words.wide ? 44 : 28);
  return {
    segments: more ? { ...segments, count: info } : segments,
    sections: sections.count === 0 ? { ...sections, count: size } : sections,
  };
}

function checkTable(table: ElfTable, rowBytes: number, what: string): ElfTable | undefined {
  if (table.count === 0) return undefined;
  if (table.rowBytes !== rowBytes)
    throw malformed(`a ${what} claims ${table.rowBytes} bytes, not ${rowBytes}`);
  return table;
}

const readSegment = (words: WordReader, row: Buffer): Segment => ({
  type: words.word(row, 0),
  flags: words.word(row, words.wide ? 4 : 24),
  offsetBytes: words.address(row, words.wide ? 8 : 4),
  address: words.address(row, words.wide ? 16 : 8),
  fileBytes: words.address(row, words.wide ? 32 : 16),
  memoryBytes: words.address(row, words.wide ? 40 : 20),
  alignmentBytes: words.address(row, words.wide ? 48 : 28),
});

const readSection = (words: WordReader, row: Buffer): Section => ({
  nameOffset: words.word(row, 0),
  type: words.word(row, 4),
  flags: words.address(row, 8),
  address: words.address(row, words.wide ? 16 : 12),
  offsetBytes: words.address(row, words.wide ? 24 : 16),
  sizeBytes: words.address(row, words.wide ? 32 : 20),
  link: words.word(row, words.wide ? 40 : 24),
  alignmentBytes: words.address(row, words.wide ? 48 : 32),
});

/** Sections whose bytes stand in the file. */
export const sectionsInFile = (headers: ElfHeaders): readonly Section[] =>
  headers.sections.filter(
    ({ type, sizeBytes }) => type !== SECTION.noBits && type !== SECTION.unused && sizeBytes > 0,
  );

/** End of everything the headers claim: where an overlay begins. */
export function claimedEndBytes(headers: ElfHeaders): number {
  let end = headers.headerBytes;
  for (const table of [headers.segmentTable, headers.sectionTable])
    if (table !== undefined) end = Math.max(end, table.offsetBytes + table.count * table.rowBytes);
  for (const { offsetBytes, fileBytes } of headers.segments)
    if (fileBytes > 0) end = Math.max(end, offsetBytes + fileBytes);
  for (const { offsetBytes, sizeBytes } of sectionsInFile(headers))
    end = Math.max(end, offsetBytes + sizeBytes);
  return end;
}

const malformed = (what: string): ArtifactError => new ArtifactError("artifact.malformed", `ELF: ${what}`);
