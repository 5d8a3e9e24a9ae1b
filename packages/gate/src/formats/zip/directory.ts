/** Reads the central directory. Source: APPNOTE 6.3.10 §4.3.12, §4.4, §4.5; Info-ZIP extra field 0x7075 §4.6.9. @module */

import { crc32 } from "node:zlib";
import { ArtifactError } from "@sallyport/core";
import { type ClaimedAttributes, dosSeconds } from "../member-attributes.ts";

export interface Entry {
  readonly name: string;
  readonly rawName: Buffer;
  readonly flags: number;
  readonly method: number;
  readonly crc: number;
  readonly packedBytes: number;
  readonly sizeBytes: number;
  readonly localOffset: number;
  readonly isSymbolicLink: boolean;
  readonly isFolder: boolean;
  readonly claims: ClaimedAttributes;
  /** What other readers would take differently, completing "the member …". */
  readonly lies: readonly string[];
}

const HEADER_BYTES = 46;
const UTF8_FLAG = 0x0800;
export const UNICODE_PATH = 0x7075;
/** §4.4.2: Unix and macOS. Archive Utility and ditto write UTF-8 and set no flag. */
const UNIX_HOSTS: ReadonlySet<number> = new Set([3, 19]);
const UNIX_FOLDER = 0x4000;
const UNIX_LINK = 0xa000;
const strictUtf8 = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });
/** Code page 437, upper half, APPNOTE appendix D. */
const CP437 =
  "ÇüéâäàåçêëèïîìÄÅÉæÆôöòûùÿÖÜ¢£¥₧ƒáíóúñÑªº¿⌐¬½¼¡«»░▒▓│┤╡╢╖╕╣║╗╝╜╛┐└┴┬├─┼╞╟╚╔╩╦╠═╬╧╨╤╥╙╘╒╓╫╪┘┌█▄▌▐▀αßΓπΣσµτΦΘΩδ∞φε∩≡±≥≤⌠⌡÷≈°∙·√ⁿ²■\u00a0";

/** @returns the entries and how many bytes of the directory they leave unexplained */
export function readDirectory(directory: Buffer, most: number): { entries: Entry[]; restBytes: number } {
  const entries: Entry[] = [];
  let at = 0;
  while (at + HEADER_BYTES <= directory.length && directory.readUInt32LE(at) === 0x02014b50) {
    if (entries.length >= most)
      throw new ArtifactError("artifact.over-limit", `zip: more than ${most} members`);
    const nameEnd = at + HEADER_BYTES + directory.readUInt16LE(at + 28);
    const extraEnd = nameEnd + directory.readUInt16LE(at + 30);
    const end = extraEnd + directory.readUInt16LE(at + 32);
    if (end > directory.length) throw new ArtifactError("artifact.truncated", "zip: directory is cut short");
    entries.push(readEntry(directory.subarray(at, nameEnd), directory.subarray(nameEnd, extraEnd)));
    at = end;
  }
  return { entries, restBytes: directory.length - at };
}

function readEntry(header: Buffer, extra: Buffer): Entry {
  const rawName = header.subarray(HEADER_BYTES);
  const flags = header.readUInt16LE(8);
  const fields = readExtra(extra);
  const sizes = [header.readUInt32LE(24), header.readUInt32LE(20), header.readUInt32LE(42)];
  const [sizeBytes = 0, packedBytes = 0, localOffset = 0] = widen(sizes, fields.get(1));
  const isUtf8 = (flags & UTF8_FLAG) !== 0;
  const plain = decodeName(rawName, { isUtf8, isByUnix: UNIX_HOSTS.has(header.readUInt8(5)) });
  const { name, lies } = judgeName(plain, { rawName, isUtf8, field: fields.get(UNICODE_PATH) });
  // The Unix mode stands in the upper half; some tools put it there and name MS-DOS as the maker (§4.4.2).
  const kind = header.readUInt16LE(40) & 0xf000;
  const isFolder = name.endsWith("/");
  if (isFolder && sizeBytes > 0) lies.push("is a folder by its name and has content");
  if (!isFolder && sizeBytes > 0 && (kind === UNIX_FOLDER || isDosFolder(header)))
    lies.push("is a folder by its attributes and has content");
  if (header.readUInt16LE(34) !== 0 && !isOnFirstDisk(header, sizes, fields.get(1)))
    lies.push("says it lies on another disk");
  return {
    name,
    rawName,
    flags,
    sizeBytes,
    packedBytes,
    localOffset,
    isFolder,
    lies,
    method: header.readUInt16LE(10),
    crc: header.readUInt32LE(16),
    isSymbolicLink: kind === UNIX_LINK,
    claims: readClaims(header, fields),
  };
}

/** Info-ZIP's extended timestamp: a byte of flags, then the time of modification when the first flag is set. */
const EXTENDED_TIMESTAMP = 0x5455;

/** §4.4.15 for the mode, §4.4.6 for a time of no known zone. */
function readClaims(header: Buffer, fields: ReadonlyMap<number, Buffer>): ClaimedAttributes {
  const mode = header.readUInt16LE(40);
  const field = fields.get(EXTENDED_TIMESTAMP);
  const hasTime = field !== undefined && field.length >= 5 && (field.readUInt8(0) & 1) !== 0;
  return {
    mode: mode === 0 ? undefined : mode,
    modifiedSeconds: hasTime
      ? field.readUInt32LE(1)
      : dosSeconds(header.readUInt16LE(14), header.readUInt16LE(12)),
  };
}

/** MS-DOS attributes stand in the lower byte, whoever made the archive (§4.4.15). */
const isDosFolder = (header: Buffer): boolean => (header.readUInt8(38) & 0x10) !== 0;

/** §4.5.3: the disk's number stands last in the field, four bytes wide. */
function isOnFirstDisk(header: Buffer, sizes: readonly number[], wide: Buffer | undefined): boolean {
  const at = sizes.filter((value) => value === 0xffffffff).length * 8;
  return (
    header.readUInt16LE(34) === 0xffff &&
    wide !== undefined &&
    wide.length >= at + 4 &&
    wide.readUInt32LE(at) === 0
  );
}

/** §4.5.3: the wide values stand in this order, each only when its plain field is all ones. */
export function widen(values: readonly number[], wide: Buffer | undefined): number[] {
  let at = 0;
  return values.map((value) => {
    if (value !== 0xffffffff || wide === undefined) return value;
    if (at + 8 > wide.length) throw new ArtifactError("artifact.malformed", "zip64: field is too short");
    at += 8;
    return Number(wide.readBigUInt64LE(at - 8));
  });
}

/** The first field of each kind; a tail too short for a field is alignment padding. */
export function readExtra(extra: Buffer): ReadonlyMap<number, Buffer> {
  const fields = new Map<number, Buffer>();
  for (let at = 0; at + 4 <= extra.length; ) {
    const end = at + 4 + extra.readUInt16LE(at + 2);
    if (end > extra.length) break;
    const id = extra.readUInt16LE(at);
    if (!fields.has(id)) fields.set(id, extra.subarray(at + 4, end));
    at = end;
  }
  return fields;
}

interface NameParts {
  readonly rawName: Buffer;
  readonly isUtf8: boolean;
  /** The Unicode path field, where there is one. */
  readonly field: Buffer | undefined;
}

/** The name a reader of today takes (§4.4.4 bit 11, §4.6.9), and how readers would differ over it. */
function judgeName(plain: string, { rawName, isUtf8, field }: NameParts): { name: string; lies: string[] } {
  if (isUtf8 && decodeStrictly(rawName) === undefined)
    return { name: plain, lies: ["has a name that is not the UTF-8 it claims to be"] };
  if (field === undefined) return { name: plain, lies: [] };
  const unicode = readUnicodePath(field, rawName);
  const agrees = unicode !== undefined && (unicode === plain || (!isUtf8 && isSpellingOf(rawName, unicode)));
  if (!agrees) return { name: plain, lies: ["has a second name in its Unicode path field"] };
  return { name: unicode, lies: [] };
}

/** Programs of Unix write names as their system has them, which is UTF-8 wherever the bytes agree. */
function decodeName(raw: Buffer, { isUtf8, isByUnix }: { isUtf8: boolean; isByUnix: boolean }): string {
  if (raw.every((byte) => byte < 0x80)) return raw.toString("latin1");
  if (isUtf8 || (isByUnix && decodeStrictly(raw) !== undefined)) return raw.toString("utf8");
  return Array.from(raw, (byte) =>
    byte < 0x80 ? String.fromCharCode(byte) : CP437.charAt(byte - 0x80),
  ).join("");
}

function decodeStrictly(raw: Buffer): string | undefined {
  try {
    return strictUtf8.decode(raw);
  } catch {
    return undefined;
  }
}

/** A checksum of another name means the field is stale and readers ignore it; some do not check. */
export function readUnicodePath(field: Buffer, rawName: Buffer): string | undefined {
  if (field.length < 5 || field.readUInt8(0) !== 1 || field.readUInt32LE(1) !== crc32(rawName))
    return undefined;
  return decodeStrictly(field.subarray(5));
}

/** Old code pages lose characters: each stretch of others must stand where one of theirs, or its stand-in, stood. */
function isSpellingOf(raw: Buffer, unicode: string): boolean {
  const skeleton = (text: string) =>
    text.replace(/(?:[^\0-\x7f]|[?_]|#U[0-9A-Fa-f]{4}|#L[0-9A-Fa-f]{6})+/g, "?");
  return raw.toString("utf8") === unicode || skeleton(raw.toString("latin1")) === skeleton(unicode);
}
