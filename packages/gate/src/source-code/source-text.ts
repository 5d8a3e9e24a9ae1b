/**
 * A member as source text. Read once for all who look at it.
 * Sources: The Unicode Standard §23.8 (byte order marks), §3.9 (UTF-8); ECMA-262 §12.4 (a comment may hold any
 * character) and bash's input.c (zeros are passed over): a zero makes no script unreadable to what runs it.
 * @module
 */

import { isUtf8 } from "node:buffer";
import type { ByteSource } from "@sallyport/core";
import { isMarkup, MAY_BE_SOURCE, type SourceLanguage, sourceLanguageOf } from "./language.ts";
import { scriptsOfMarkup } from "./markup.ts";

/** What is read of a member; of a longer one, half of it from each end. */
export const MAX_SOURCE_BYTES = 16 * 1024 * 1024;

/** Bytes at the beginning that must be text, before more of a member is read. */
const PROBE_BYTES = 4096;

export interface PlainText {
  readonly text: string;
  /** Something in the middle was not read. */
  readonly truncated: boolean;
  /** Where a character stands in the member. */
  offsetBytes(index: number): number;
}

export interface SourceText extends PlainText {
  readonly language: SourceLanguage;
}

export interface SourceRequest {
  readonly path: string;
  readonly format: string;
}

const sources = new WeakMap<ByteSource, Promise<SourceText | undefined>>();

/** @returns undefined when nobody runs the member, or when it is no text */
export function readSourceText(source: ByteSource, request: SourceRequest): Promise<SourceText | undefined> {
  const known = sources.get(source);
  if (known !== undefined) return known;
  const reading = readOnce(source, request);
  sources.set(source, reading);
  return reading;
}

async function readOnce(source: ByteSource, request: SourceRequest): Promise<SourceText | undefined> {
  const { path, format } = request;
  if (!MAY_BE_SOURCE.has(format) || source.sizeBytes === 0) return undefined;
  const probe = Buffer.from(await source.read(0, Math.min(PROBE_BYTES, source.sizeBytes)));
  const language = sourceLanguageOf(path, format, decode(probe, 0)?.text ?? "");
  if (language === undefined || !mayBegin(probe)) return undefined;
  const plain = await readPlainText(source, MAX_SOURCE_BYTES, "skips-zeros");
  if (plain === undefined) return undefined;
  return { language, ...(isMarkup(path) ? scriptsOfMarkup(plain) : plain) };
}

/** Packets of MPEG video share an ending with scripts, and begin like this. Source: ISO/IEC 13818-1 §2.4.3.2. */
const isPackets = (probe: Buffer): boolean => probe[0] === 0x47 && probe[188] === 0x47 && probe[376] === 0x47;

/** No interpreter gets beyond a first byte that begins no text. */
function mayBegin(probe: Buffer): boolean {
  const first = probe[0] ?? 0;
  const isText = first >= 0x20 || (first >= 0x09 && first <= 0x0d);
  return isText && (!probe.includes(0) || (first < 0x80 && !isPackets(probe)) || isMarked(probe));
}

const isMarked = (bytes: Buffer): boolean =>
  bytes.length >= 3 && (isMarked16(bytes.readUInt16BE(0)) || bytes.readUIntBE(0, 3) === UTF8_MARK);
const isMarked16 = (mark: number): boolean => mark === 0xfffe || mark === 0xfeff;
const UTF8_MARK = 0xefbbbf;

/**
 * @param maxBytes - of a longer source, half of that is read from each end
 * @param zeros - what zeros make of it; left out, they make it no text
 * @returns undefined when it begins as no text does
 */
export async function readPlainText(
  source: ByteSource,
  maxBytes: number,
  zeros?: "skips-zeros",
): Promise<PlainText | undefined> {
  const { sizeBytes } = source;
  if (sizeBytes <= maxBytes) {
    const whole = decode(Buffer.from(await source.read(0, sizeBytes)), 0, zeros);
    return whole === undefined ? undefined : { ...whole, truncated: false };
  }
  const half = maxBytes / 2;
  const head = decode(Buffer.from(await source.read(0, half)), 0, zeros);
  if (head === undefined) return undefined;
  const end = Buffer.from(await source.read(sizeBytes - half, half));
  const cut = leadingContinuationBytes(end);
  const tail = decode(end.subarray(cut), sizeBytes - half + cut, zeros);
  if (tail === undefined) return { ...head, truncated: true };
  const text = `${head.text}\n${tail.text}`;
  const seam = head.text.length + 1;
  return {
    text,
    truncated: true,
    offsetBytes: (index) => (index < seam ? head.offsetBytes(index) : tail.offsetBytes(index - seam)),
  };
}

interface Decoded {
  readonly text: string;
  offsetBytes(index: number): number;
}

/** Text without a mark is UTF-8 when it can be, else one character for each byte. */
function decode(bytes: Buffer, startBytes: number, zeros?: "skips-zeros"): Decoded | undefined {
  const marked = bytes.length >= 2 ? bytes.readUInt16BE(0) : 0;
  if (isMarked16(marked)) {
    const even = bytes.subarray(2, bytes.length & ~1);
    const text = (marked === 0xfffe ? even : Buffer.from(even).swap16()).toString("utf16le");
    return { text, offsetBytes: (index) => startBytes + 2 + index * 2 };
  }
  if (zeros === undefined && bytes.subarray(0, PROBE_BYTES).includes(0)) return undefined;
  const isMarked8 = bytes.length >= 3 && bytes.readUIntBE(0, 3) === UTF8_MARK;
  const body = isMarked8 ? bytes.subarray(3) : bytes;
  const start = startBytes + (isMarked8 ? 3 : 0);
  // A character may be cut at the end of a piece.
  const isUnicode = isUtf8(body) || isUtf8(withoutCutCharacter(body));
  const text = body.toString(isUnicode ? "utf8" : "latin1");
  if (text.includes("\0")) return withoutZeros(text, { start, isUnicode });
  if (!isUnicode || text.length === body.length) return { text, offsetBytes: (index) => start + index };
  return { text, offsetBytes: (index) => start + Buffer.byteLength(text.slice(0, index)) };
}

/** Where a character stands is counted when it is asked for. */
function withoutZeros(
  text: string,
  { start, isUnicode }: { readonly start: number; readonly isUnicode: boolean },
): Decoded {
  return {
    text: text.replaceAll("\0", ""),
    offsetBytes(index) {
      let end = index;
      for (let at = text.indexOf("\0"); at >= 0 && at <= end; at = text.indexOf("\0", at + 1)) end += 1;
      return start + (isUnicode ? Buffer.byteLength(text.slice(0, end)) : end);
    },
  };
}

/** Bytes of a character that began in another piece. */
function leadingContinuationBytes(bytes: Buffer): number {
  const first = bytes.subarray(0, 3).findIndex((byte) => (byte & 0xc0) !== 0x80);
  return Math.max(first, 0);
}

/** Without the last character, when more bytes were announced for it than there are. */
function withoutCutCharacter(body: Buffer): Buffer {
  const end = body.length;
  for (let back = 1; back <= 3 && back <= end; back += 1)
    if (((body[end - back] ?? 0) & 0xc0) === 0xc0) return body.subarray(0, end - back);
  return body;
}
