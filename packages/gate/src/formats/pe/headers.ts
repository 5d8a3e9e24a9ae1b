/**
 * The headers of a Portable Executable: what lies where, as the file claims it. Every offset is from the start of
 * the file unless its name says otherwise. Source: Microsoft, PE Format, "MS-DOS Stub" to "Section Table".
 * @module
 */

import { ArtifactError, type ByteSource, readExactly } from "@sallyport/core";

export interface PeHeaders {
  /** Of the `PE\0\0` mark. */
  readonly peOffsetBytes: number;
  readonly magic: "pe32" | "pe32+";
  /** IMAGE_FILE_MACHINE_*: 0x8664 is x64. */
  readonly machine: number;
  readonly characteristics: number;
  /** IMAGE_SUBSYSTEM_*: 10 to 13 are EFI. */
  readonly subsystem: number;
  /** Relative virtual address; 0 in many libraries. */
  readonly entryPoint: number;
  readonly imageBase: bigint;
  /** Alignment of sections in memory and of their raw data in the file. */
  readonly sectionAlignmentBytes: number;
  readonly fileAlignmentBytes: number;
  readonly sizeOfHeadersBytes: number;
  readonly checksum: number;
  readonly checksumOffsetBytes: number;
  /** Of directory entry 4 itself; undefined when the file has fewer directories. */
  readonly securityDirectoryOffsetBytes: number | undefined;
  /** What that entry says; undefined when it is all zero. Its "virtual address" is a file offset. */
  readonly certificateTable: FileRange | undefined;
  /** By number: 0 exports, 1 imports, 2 resources, 6 debug, 14 .NET. At most 16. */
  readonly directories: readonly DataDirectory[];
  /** Where the section table begins and ends. */
  readonly sectionTable: FileRange;
  readonly sections: readonly Section[];
  /** COFF symbols, left by GNU tools behind the sections. Undefined when there are none. */
  readonly symbolTable: SymbolTable | undefined;
}

export interface SymbolTable extends FileRange {
  /** Behind the symbols, inside the range. */
  readonly strings: FileRange;
}

export interface FileRange {
  readonly offsetBytes: number;
  readonly sizeBytes: number;
}

export interface DataDirectory {
  /** Relative virtual address, except for directory 4. */
  readonly address: number;
  readonly sizeBytes: number;
}

export interface Section {
  /** Without trailing zeros; not meant for people, and not trusted. */
  readonly name: string;
  /** Relative virtual address. */
  readonly address: number;
  readonly virtualSizeBytes: number;
  readonly rawOffsetBytes: number;
  readonly rawSizeBytes: number;
  readonly characteristics: number;
}

export const DIRECTORY = {
  exports: 0,
  imports: 1,
  resources: 2,
  security: 4,
  debug: 6,
  tls: 9,
  delayImports: 13,
  managed: 14,
} as const;

export const RESOURCE_SECTION = ".rsrc";

const DOS_HEADER_BYTES = 64;
const COFF_HEADER_BYTES = 24;
const SECTION_BYTES = 40;
const SYMBOL_BYTES = 18;
/** Windows looks at no more, whatever the file says. */
const MAX_DIRECTORIES = 16;

/** Where the optional header's fields stand, by its magic. */
const LAYOUTS = {
  267: { magic: "pe32", directories: 96 },
  523: { magic: "pe32+", directories: 112 },
} as const;

/**
 * Reads all headers.
 * @throws {@link ArtifactError} `artifact.malformed` when it is no PE or its headers contradict themselves,
 * `artifact.truncated` when it ends inside them
 */
export async function readPeHeaders(source: ByteSource): Promise<PeHeaders> {
  const dos = await readExactly(source, 0, DOS_HEADER_BYTES, "PE: DOS header");
  if (dos.readUInt16LE(0) !== 0x5a4d) throw malformed("it does not begin with MZ");
  const peOffsetBytes = dos.readUInt32LE(0x3c);
  const coff = await readExactly(source, peOffsetBytes, COFF_HEADER_BYTES, "PE: file header");
  if (coff.readUInt32LE(0) !== 0x4550) throw malformed("there is no PE mark where the DOS header points");
  const optionalOffset = peOffsetBytes + COFF_HEADER_BYTES;
  const optional = await readExactly(source, optionalOffset, coff.readUInt16LE(20), "PE: optional header");
  const fields = readOptionalHeader(optional, optionalOffset);
  const sectionTable = {
    offsetBytes: optionalOffset + optional.length,
    sizeBytes: coff.readUInt16LE(6) * SECTION_BYTES,
  };
  const table = await readExactly(
    source,
    sectionTable.offsetBytes,
    sectionTable.sizeBytes,
    "PE: section table",
  );
  return {
    peOffsetBytes,
    machine: coff.readUInt16LE(4),
    characteristics: coff.readUInt16LE(22),
    ...fields,
    sectionTable,
    sections: readSections(table),
    symbolTable: await readSymbolTable(source, coff),
  };
}

function readOptionalHeader(optional: Buffer, offsetBytes: number) {
  if (optional.length < 2) throw malformed("there is no optional header");
  const word = optional.readUInt16LE(0);
  if (word !== 0x10b && word !== 0x20b)
    throw malformed(`the optional header's magic is 0x${word.toString(16)}`);
  const layout = LAYOUTS[word];
  if (optional.length < layout.directories) throw malformed("the optional header is too small");
  const count = Math.min(optional.readUInt32LE(layout.directories - 4), MAX_DIRECTORIES);
  // Windows takes the count's word for it; a reader that believes the header's size would see other directories.
  if (layout.directories + count * 8 > optional.length)
    throw malformed("the optional header is too small for the directories it counts");
  const directories = Array.from({ length: count }, (_, index) => ({
    address: optional.readUInt32LE(layout.directories + index * 8),
    sizeBytes: optional.readUInt32LE(layout.directories + index * 8 + 4),
  }));
  const security = directories[DIRECTORY.security];
  return {
    magic: layout.magic,
    entryPoint: optional.readUInt32LE(16),
    imageBase: word === 0x10b ? BigInt(optional.readUInt32LE(28)) : optional.readBigUInt64LE(24),
    sectionAlignmentBytes: optional.readUInt32LE(32),
    fileAlignmentBytes: optional.readUInt32LE(36),
    sizeOfHeadersBytes: optional.readUInt32LE(60),
    checksum: optional.readUInt32LE(64),
    checksumOffsetBytes: offsetBytes + 64,
    subsystem: optional.readUInt16LE(68),
    directories,
    securityDirectoryOffsetBytes:
      security === undefined ? undefined : offsetBytes + layout.directories + DIRECTORY.security * 8,
    certificateTable:
      security === undefined || (security.address === 0 && security.sizeBytes === 0)
        ? undefined
        : { offsetBytes: security.address, sizeBytes: security.sizeBytes },
  };
}

function readSections(table: Buffer): Section[] {
  return Array.from({ length: table.length / SECTION_BYTES }, (_, index) => {
    const row = table.subarray(index * SECTION_BYTES);
    return {
      name: untilNul(row.toString("latin1", 0, 8)),
      virtualSizeBytes: row.readUInt32LE(8),
      address: row.readUInt32LE(12),
      rawSizeBytes: row.readUInt32LE(16),
      rawOffsetBytes: row.readUInt32LE(20),
      characteristics: row.readUInt32LE(36),
    };
  });
}

/**
 * Symbols are followed by a string table whose first four bytes are its size, themselves included. Stripped images may
 * keep the strings alone, for the long names of their sections.
 */
async function readSymbolTable(source: ByteSource, coff: Buffer): Promise<SymbolTable | undefined> {
  const offsetBytes = coff.readUInt32LE(12);
  const symbolsBytes = coff.readUInt32LE(16) * SYMBOL_BYTES;
  if (offsetBytes === 0) return undefined;
  const stringsOffset = offsetBytes + symbolsBytes;
  if (stringsOffset + 4 > source.sizeBytes) return undefined;
  const sizeField = await readExactly(source, stringsOffset, 4, "PE: string table");
  const stringsBytes = Math.max(4, sizeField.readUInt32LE(0));
  const sizeBytes = symbolsBytes + stringsBytes;
  if (offsetBytes + sizeBytes > source.sizeBytes) return undefined;
  return { offsetBytes, sizeBytes, strings: { offsetBytes: stringsOffset, sizeBytes: stringsBytes } };
}

/** End of the headers and of every section's raw data: where an overlay or a certificate table may begin. */
export function imageEndBytes(headers: PeHeaders): number {
  const tableEnd = headers.sectionTable.offsetBytes + headers.sectionTable.sizeBytes;
  return headers.sections.reduce(
    (end, section) =>
      section.rawSizeBytes === 0 ? end : Math.max(end, section.rawOffsetBytes + section.rawSizeBytes),
    Math.max(tableEnd, headers.sizeOfHeadersBytes),
  );
}

/** EFI application, boot driver, runtime driver, ROM: the only images that may carry several signatures side by side. */
export const isEfi = (headers: PeHeaders): boolean => headers.subsystem >= 10 && headers.subsystem <= 13;

const malformed = (what: string): ArtifactError => new ArtifactError("artifact.malformed", `PE: ${what}`);

function untilNul(text: string): string {
  const end = text.indexOf("\0");
  return end < 0 ? text : text.slice(0, end);
}
