/** One 512-byte tar header. Sources: POSIX.1-2024 pax "ustar Interchange Format"; GNU tar manual, "Basic Tar Format". @module */

import { ArtifactError } from "@sallyport/core";

export const BLOCK_BYTES = 512;
const CHECKSUM_AT = 148;
const CHECKSUM_BYTES = 8;

export interface Header {
  /** With ustar's prefix in front. */
  readonly name: string;
  readonly linkTarget: string;
  /** One character; NUL, the old mark of a file, is given as `0`. */
  readonly type: string;
  readonly sizeBytes: number;
  /** Rights; undefined when the field is no number. */
  readonly mode: number | undefined;
  /** Seconds since 1970. */
  readonly modifiedSeconds: number | undefined;
  /** True when another reader could take another size from the field. */
  readonly hasOddSize: boolean;
  /** With the magic of GNU tar: what POSIX has for the prefix holds times and a sparse map. */
  readonly isGnu: boolean;
}

/** A header's checksum, which counts its own field as spaces; old writers summed signed bytes. */
export function hasValidChecksum(block: Buffer): boolean {
  const claimed = readOctal(block.subarray(CHECKSUM_AT, CHECKSUM_AT + CHECKSUM_BYTES));
  if (claimed === undefined) return false;
  let sum = 0;
  let high = 0;
  for (let at = 0; at < BLOCK_BYTES; at += 1) {
    const isField = at >= CHECKSUM_AT && at < CHECKSUM_AT + CHECKSUM_BYTES;
    const byte = isField ? 0x20 : (block[at] ?? 0);
    sum += byte;
    if (byte > 0x7f) high += 1;
  }
  return claimed.value === sum || claimed.value === sum - 256 * high;
}

/** Mode, owner, group, size and time, as places and lengths. */
const NUMBER_FIELDS = [
  [100, 8],
  [108, 8],
  [116, 8],
  [124, 12],
  [136, 12],
] as const;

/**
 * Whether numbers stand where a header has numbers: octal between spaces and NULs, or base-256. libarchive takes nothing else
 * without a magic for a tar, and a checksum alone is right by chance once in some thousand files.
 */
export const hasNumberFields = (block: Buffer): boolean =>
  NUMBER_FIELDS.every(([at, length]) => {
    const field = block.toString("latin1", at, at + length);
    return /^[\x80\xff]/.test(field) || /^ *[0-7]*[\0 ]*$/.test(field);
  });

/** With what POSIX and GNU write behind it: programs that speak of tar have the word alone at this very place. */
export const hasUstarMagic = (block: Buffer): boolean =>
  /^ustar[\0 ]$/.test(block.toString("latin1", 257, 263));

/** @throws {@link ArtifactError} `artifact.malformed` when the checksum or the size is wrong */
export function parseHeader(block: Buffer): Header {
  if (!hasValidChecksum(block))
    throw new ArtifactError("artifact.malformed", "tar: a header does not have its checksum");
  const size = readSize(block.subarray(124, 136));
  // GNU's magic is "ustar  \0": the place of the prefix holds times and sparse maps there.
  const magic = block.toString("latin1", 257, 263);
  const prefix = magic === "ustar\0" ? readText(block.subarray(345, 500)) : "";
  const name = readText(block.subarray(0, 100));
  const type = block.toString("latin1", 156, 157);
  return {
    name: prefix === "" ? name : `${prefix}/${name}`,
    linkTarget: readText(block.subarray(157, 257)),
    type: type === "\0" ? "0" : type,
    sizeBytes: size.value,
    mode: readOctal(block.subarray(100, 108))?.value,
    modifiedSeconds: readOctal(block.subarray(136, 148))?.value,
    hasOddSize: size.isOdd,
    isGnu: magic === "ustar ",
  };
}

/** Bytes before the first NUL, UTF-8 when they are, else Latin-1, so that no two names become one. */
export function readText(field: Buffer): string {
  const end = field.indexOf(0);
  const raw = end < 0 ? field : field.subarray(0, end);
  const text = raw.toString("utf8");
  return text.includes("\ufffd") ? raw.toString("latin1") : text;
}

/** A size or offset: octal, or GNU's base-256 with the first bit set for what octal cannot hold. */
export function readSize(field: Buffer): { value: number; isOdd: boolean } {
  const first = field[0] ?? 0;
  if ((first & 0x80) === 0) {
    const octal = readOctal(field);
    if (octal === undefined) throw new ArtifactError("artifact.malformed", "tar: a size is no number");
    return octal;
  }
  const wide = field.readBigUInt64BE(4);
  if (first !== 0x80 || field.readUIntBE(1, 3) !== 0 || wide > BigInt(Number.MAX_SAFE_INTEGER))
    throw new ArtifactError("artifact.malformed", "tar: a size is impossible");
  return { value: Number(wide), isOdd: false };
}

/** Spaces or nothing before, digits, then NULs and spaces to the field's end; anything else is read differently by tools. */
function readOctal(field: Buffer): { value: number; isOdd: boolean } | undefined {
  const match = /^ *([0-7]*)([^0-7][\s\S]*)?$/.exec(field.toString("latin1"));
  if (match === null) return undefined;
  const [, digits = "", rest = ""] = match;
  const isFilled = /^[\0 ]*$/.test(rest);
  if (digits === "" && !isFilled) return undefined;
  const isOdd = digits === "" || !isFilled;
  return { value: digits === "" ? 0 : Number.parseInt(digits, 8), isOdd };
}
