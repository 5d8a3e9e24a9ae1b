/**
 * The header before each member of a cpio archive, in the five ways there are.
 * Sources: cpio(5) of FreeBSD 14; POSIX.1-2024 pax "cpio Interchange Format"; RPM manual, "V4 Package format".
 * @module
 */

import { ArtifactError } from "@sallyport/core";

export const MAGIC_BYTES = 6;

export interface Header {
  readonly mode: number;
  /** Seconds since 1970. */
  readonly modifiedSeconds?: number;
  readonly sizeBytes: number;
  /** The zero byte at its end included; 0 when the name stands elsewhere. */
  readonly nameBytes: number;
  /** Sum of the content's bytes, where the kind of archive gives one. */
  readonly checksum?: number;
  /** Of the file in the package's own list, in RPM's stripped headers. */
  readonly fileIndex?: number;
}

export interface HeaderKind {
  readonly id: "newc" | "crc" | "odc" | "binary" | "stripped";
  readonly headerBytes: number;
  /** Name and content each begin at a multiple of this. */
  readonly alignment: 1 | 2 | 4;
  parse(bytes: Buffer): Header;
}

/** @returns undefined when the bytes begin no header; binary ones have a mark of two bytes only */
export function kindOf(magic: Buffer): HeaderKind | undefined {
  if (magic.length < 2) return undefined;
  const word = magic.readUInt16LE(0);
  if (word === 0o070707) return binary(true);
  if (word === 0xc771) return binary(false);
  return BY_MAGIC[magic.toString("latin1", 0, MAGIC_BYTES)];
}

const newc = (id: "newc" | "crc"): HeaderKind => ({
  id,
  headerBytes: 110,
  alignment: 4,
  parse: (bytes) => ({
    mode: digits(bytes, { at: 14, length: 8, radix: 16 }),
    ...timeOf(bytes, { at: 46, length: 8, radix: 16 }),
    sizeBytes: digits(bytes, { at: 54, length: 8, radix: 16 }),
    nameBytes: requireName(digits(bytes, { at: 94, length: 8, radix: 16 })),
    ...(id === "crc" && { checksum: digits(bytes, { at: 102, length: 8, radix: 16 }) }),
  }),
});

const odc: HeaderKind = {
  id: "odc",
  headerBytes: 76,
  alignment: 1,
  parse: (bytes) => ({
    mode: digits(bytes, { at: 18, length: 6, radix: 8 }),
    ...timeOf(bytes, { at: 48, length: 11, radix: 8 }),
    nameBytes: requireName(digits(bytes, { at: 59, length: 6, radix: 8 })),
    sizeBytes: digits(bytes, { at: 65, length: 11, radix: 8 }),
  }),
};

/** Numbers of 32 bits have their upper half first, whatever the order of bytes. */
const binary = (isLittle: boolean): HeaderKind => ({
  id: "binary",
  headerBytes: 26,
  alignment: 2,
  parse: (bytes) => {
    const half = (at: number) => (isLittle ? bytes.readUInt16LE(at) : bytes.readUInt16BE(at));
    return {
      mode: half(6),
      modifiedSeconds: half(16) * 0x10000 + half(18),
      nameBytes: requireName(half(20)),
      sizeBytes: half(22) * 0x10000 + half(24),
    };
  },
});

const stripped: HeaderKind = {
  id: "stripped",
  headerBytes: 14,
  alignment: 4,
  parse: (bytes) => ({
    mode: 0,
    sizeBytes: 0,
    nameBytes: 0,
    fileIndex: digits(bytes, { at: 6, length: 8, radix: 16 }),
  }),
};

const BY_MAGIC: Readonly<Record<string, HeaderKind>> = {
  "070701": newc("newc"),
  "070702": newc("crc"),
  "070707": odc,
  "07070X": stripped,
};

const LONGEST_NAME_BYTES = 64 * 1024;

function requireName(nameBytes: number): number {
  if (nameBytes === 0) throw new ArtifactError("artifact.malformed", "cpio: a member has no name");
  if (nameBytes > LONGEST_NAME_BYTES)
    throw new ArtifactError("artifact.over-limit", "cpio: a name is too long");
  return nameBytes;
}

interface Digits {
  readonly at: number;
  readonly length: number;
  readonly radix: 8 | 16;
}

/** Nothing but digits: readers differ in what they make of spaces and signs. */
function digits(bytes: Buffer, place: Digits): number {
  const number = readDigits(bytes, place);
  if (number === undefined) throw new ArtifactError("artifact.malformed", "cpio: a header's number is none");
  return number;
}

/** Nothing is read by the time: one that is no number says nothing. */
function timeOf(bytes: Buffer, place: Digits): { readonly modifiedSeconds?: number } {
  const modifiedSeconds = readDigits(bytes, place);
  return modifiedSeconds === undefined ? {} : { modifiedSeconds };
}

function readDigits(bytes: Buffer, { at, length, radix }: Digits): number | undefined {
  const text = bytes.toString("latin1", at, at + length);
  const isNumber = (radix === 8 ? /^[0-7]+$/ : /^[0-9a-fA-F]+$/).test(text);
  return isNumber ? Number.parseInt(text, radix) : undefined;
}
