/**
 * Where pictures, sounds and fonts end, by their own account. What stands behind is shown to nobody.
 * Sources: PNG (third edition) §5, §11; JPEG: ITU-T T.81 Annex B; GIF89a Appendix A; Microsoft, BITMAPFILEHEADER, ICONDIR,
 * RIFF; OpenType 1.9 `otff`; W3C WOFF 1.0 and 2.0 §4; Apple icns.
 * @module
 */

export interface Media {
  readonly kind: string;
  /** First byte behind it; undefined when its structure leads nowhere. */
  readonly endBytes: number | undefined;
}

type Reader = (bytes: Buffer) => number | undefined;

interface Row {
  readonly kind: string;
  readonly isBegun: (head: Buffer) => boolean;
  /** Absent: only its beginning is known here. */
  readonly end?: Reader;
}

const begins = (hex: string, at = 0): ((head: Buffer) => boolean) => {
  const mark = Buffer.from(hex, "hex");
  return (head) => head.subarray(at, at + mark.length).equals(mark);
};

/** Atoms that files begin with. Source: Apple, QuickTime File Format; ISO/IEC 14496-12. */
const QUICKTIME: ReadonlySet<string> = new Set(["ftyp", "moov", "mdat", "wide", "free", "skip", "pnot"]);

const ROWS: readonly Row[] = [
  { kind: "PNG picture", isBegun: begins("89504e470d0a1a0a"), end: endOfPng },
  { kind: "JPEG picture", isBegun: begins("ffd8ff"), end: endOfJpeg },
  { kind: "GIF picture", isBegun: (head) => /^GIF8[79]a/.test(head.toString("latin1", 0, 6)), end: endOfGif },
  { kind: "icon", isBegun: begins("00000100"), end: endOfIcon },
  { kind: "cursor", isBegun: begins("00000200"), end: endOfIcon },
  { kind: "RIFF file", isBegun: begins("52494646"), end: endOfRiff },
  { kind: "font", isBegun: begins("00010000"), end: endOfFont },
  { kind: "font", isBegun: begins("4f54544f"), end: endOfFont },
  { kind: "font", isBegun: begins("74727565"), end: endOfFont },
  { kind: "font collection", isBegun: begins("74746366") },
  { kind: "WOFF font", isBegun: begins("774f4646"), end: endByLength(8) },
  { kind: "WOFF2 font", isBegun: begins("774f4632"), end: endByLength(8) },
  { kind: "embedded font", isBegun: begins("4c50", 34) },
  { kind: "Apple icon", isBegun: begins("69636e73"), end: endByLength(4) },
  {
    kind: "bitmap",
    isBegun: (head) => begins("424d")(head) && head.length >= 26 && head.readUInt32LE(6) === 0,
    end: endOfBitmap,
  },
  {
    kind: "TIFF picture",
    isBegun: (head) => begins("49492a00")(head) || begins("4d4d002a")(head) || begins("49492b00")(head),
  },
  { kind: "Ogg file", isBegun: begins("4f676753") },
  { kind: "FLAC file", isBegun: begins("664c6143") },
  {
    kind: "MP3 file",
    isBegun: (head) => begins("494433")(head) || (head[0] === 0xff && ((head[1] ?? 0) & 0xe6) === 0xe2),
  },
  { kind: "MPEG-4 file", isBegun: (head) => QUICKTIME.has(head.toString("latin1", 4, 8)) },
  { kind: "Matroska file", isBegun: begins("1a45dfa3") },
  { kind: "AIFF file", isBegun: begins("464f524d") },
  { kind: "PDF document", isBegun: begins("255044462d") },
];

/** @returns undefined when it begins like none of those known here */
export function readMedia(bytes: Buffer): Media | undefined {
  const row = ROWS.find(({ isBegun }) => isBegun(bytes));
  if (row === undefined) return undefined;
  const end = row.end?.(bytes);
  const isInside = end !== undefined && end > 0 && end <= bytes.length;
  return { kind: row.kind, endBytes: row.end === undefined ? bytes.length : isInside ? end : undefined };
}

function endOfPng(bytes: Buffer): number | undefined {
  for (let at = 8; at + 12 <= bytes.length; ) {
    const next = at + 12 + bytes.readUInt32BE(at);
    if (bytes.toString("latin1", at + 4, at + 8) === "IEND") return next;
    at = next;
  }
  return undefined;
}

/** Segments up to a scan, then its data up to the next marker that is neither a stuffed byte nor a restart. */
function endOfJpeg(bytes: Buffer): number | undefined {
  let at = 2;
  while (at + 4 <= bytes.length) {
    if (bytes[at] !== 0xff) return undefined;
    const marker = bytes[at + 1] ?? 0;
    if (marker === 0xd9) return at + 2;
    if (marker === 0xff) {
      at += 1;
      continue;
    }
    at += 2 + bytes.readUInt16BE(at + 2);
    if (marker !== 0xda) continue;
    for (at = bytes.indexOf(0xff, at); at >= 0; at = bytes.indexOf(0xff, at + 1)) {
      const next = bytes[at + 1] ?? 0;
      if (next !== 0 && next !== 0xff && (next < 0xd0 || next > 0xd7)) break;
    }
    if (at < 0) return undefined;
    if (bytes[at + 1] === 0xd9) return at + 2;
  }
  return undefined;
}

function endOfGif(bytes: Buffer): number | undefined {
  if (bytes.length < 13) return undefined;
  const tableBytes = (flags: number): number => ((flags & 0x80) === 0 ? 0 : 3 << ((flags & 7) + 1));
  let at = 13 + tableBytes(bytes[10] ?? 0);
  while (at < bytes.length) {
    const mark = bytes[at];
    if (mark === 0x3b) return at + 1;
    if (mark === 0x21) at += 2;
    else if (mark === 0x2c) at += 11 + tableBytes(bytes[at + 9] ?? 0);
    else return undefined;
    for (let size = bytes[at] ?? 0; size !== 0 && at < bytes.length; size = bytes[at] ?? 0) at += 1 + size;
    at += 1;
  }
  return undefined;
}

function endOfIcon(bytes: Buffer): number | undefined {
  if (bytes.length < 6) return undefined;
  const count = bytes.readUInt16LE(4);
  let end = 6 + count * 16;
  if (count === 0 || end > bytes.length) return undefined;
  for (let index = 0; index < count; index += 1) {
    const entry = 6 + index * 16;
    end = Math.max(end, bytes.readUInt32LE(entry + 8) + bytes.readUInt32LE(entry + 12));
  }
  return end;
}

function endOfRiff(bytes: Buffer): number | undefined {
  if (bytes.length < 12) return undefined;
  const size = bytes.readUInt32LE(4);
  const end = 8 + size + (size % 2);
  // The padding byte may be missing at the end of the file.
  return Math.min(end, end - 1 === bytes.length ? bytes.length : end);
}

function endOfFont(bytes: Buffer): number | undefined {
  if (bytes.length < 12) return undefined;
  const count = bytes.readUInt16BE(4);
  let end = 12 + count * 16;
  if (count === 0 || end > bytes.length) return undefined;
  for (let index = 0; index < count; index += 1) {
    const record = 12 + index * 16;
    end = Math.max(end, bytes.readUInt32BE(record + 8) + bytes.readUInt32BE(record + 12));
  }
  // Tables are padded to four bytes, the last one not always.
  return Math.max(end, Math.min(bytes.length, Math.ceil(end / 4) * 4));
}

/** The size of the pixels is often left out of the header of a bitmap, that of the file hardly ever. */
function endOfBitmap(bytes: Buffer): number | undefined {
  const size = bytes.readUInt32LE(2);
  return size === 0 ? bytes.length : size;
}

function endByLength(at: number): Reader {
  return (bytes) => (bytes.length < at + 4 ? undefined : bytes.readUInt32BE(at));
}
