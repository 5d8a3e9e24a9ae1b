/** Reads the central directory. Source: APPNOTE 6.3.10 §4.3.12, §4.4, §4.5; Info-ZIP extra field 0x7075 §4.6.9. @module */

import { crc32 } from "node:zlib";
import { ArtifactError } from "@sallyport/core";

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
  /** The Unicode path field says another name than the header. */
  readonly hasTwoNames: boolean;
}

const HEADER_BYTES = 46;
const UTF8_FLAG = 0x0800;
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
  const name = decodeName(rawName, flags);
  const unicode = fields.get(0x7075);
  return {
    name,
    rawName,
    flags,
    sizeBytes,
    packedBytes,
    localOffset,
    method: header.readUInt16LE(10),
    crc: header.readUInt32LE(16),
    // Unix mode in the upper half when the maker is Unix (3) or macOS (19), §4.4.2.
    isSymbolicLink: (header.readUInt16LE(40) & 0xf000) === 0xa000 && [3, 19].includes(header.readUInt8(5)),
    hasTwoNames: unicode !== undefined && saysOtherName(unicode, rawName, name),
  };
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

function decodeName(raw: Buffer, flags: number): string {
  if (raw.every((byte) => byte < 0x80)) return raw.toString("latin1");
  if (flags & UTF8_FLAG) return raw.toString("utf8");
  return Array.from(raw, (byte) =>
    byte < 0x80 ? String.fromCharCode(byte) : CP437.charAt(byte - 0x80),
  ).join("");
}

function saysOtherName(field: Buffer, rawName: Buffer, name: string): boolean {
  if (field.length < 5 || field.readUInt8(0) !== 1) return true;
  const unicode = field.subarray(5);
  // A checksum of another name means the field is stale and readers ignore it; some do not check.
  if (field.readUInt32LE(1) !== crc32(rawName)) return true;
  try {
    const text = strictUtf8.decode(unicode);
    return rawName.every((byte) => byte < 0x80) && text !== name;
  } catch {
    return true;
  }
}
