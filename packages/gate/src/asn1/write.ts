/**
 * A small DER writer, for building fixtures and for completing algorithm identifiers. Every function returns one
 * whole value and takes whole values as parts. Source: ITU-T X.690 (2021) §8, §10, §11.
 * @module
 */

import { contextConstructed, contextPrimitive, TAG } from "./der.ts";

/** One value of any tag around content octets. */
export function writeValue(tag: number, content: Uint8Array): Buffer {
  return Buffer.concat([Buffer.from([tag]), writeLength(content.length), content]);
}

export const writeSequence = (...parts: readonly Uint8Array[]): Buffer =>
  writeValue(TAG.sequence, Buffer.concat(parts));

/** A SET OF: sorted as DER wants it (X.690 §11.6). */
export const writeSetOf = (...parts: readonly Uint8Array[]): Buffer =>
  writeValue(TAG.set, Buffer.concat(parts.toSorted(Buffer.compare)));

/** `[number]` EXPLICIT, or IMPLICIT over a constructed value's content. */
export const writeContext = (number: number, ...parts: readonly Uint8Array[]): Buffer =>
  writeValue(contextConstructed(number), Buffer.concat(parts));

/** `[number]` IMPLICIT over a primitive value's content octets. */
export const writeContextPrimitive = (number: number, content: Uint8Array): Buffer =>
  writeValue(contextPrimitive(number), content);

/** The same value under another tag: IMPLICIT tagging. */
export function retag(value: Uint8Array, tag: number): Buffer {
  const copy = Buffer.from(value);
  copy[0] = tag;
  return copy;
}

/** A number, or the octets of an unsigned one. */
export function writeInteger(value: number | bigint | Uint8Array): Buffer {
  return writeValue(
    TAG.integer,
    value instanceof Uint8Array ? unsignedContent(value) : signedContent(BigInt(value)),
  );
}

export const writeEnumerated = (value: number): Buffer =>
  writeValue(TAG.enumerated, signedContent(BigInt(value)));

export const writeBoolean = (value: boolean): Buffer =>
  writeValue(TAG.boolean, Buffer.from([value ? 0xff : 0]));

export const writeNull = (): Buffer => writeValue(TAG.null, Buffer.alloc(0));

export const writeOctetString = (content: Uint8Array): Buffer => writeValue(TAG.octetString, content);

export const writeBitString = (content: Uint8Array, unusedBits = 0): Buffer =>
  writeValue(TAG.bitString, Buffer.concat([Buffer.from([unusedBits]), content]));

/** Dotted form in. */
export function writeObjectIdentifier(dotted: string): Buffer {
  const [first = 0n, second = 0n, ...rest] = dotted.split(".").map(BigInt);
  return writeValue(TAG.objectIdentifier, Buffer.from([first * 40n + second, ...rest].flatMap(base128)));
}

export const writeUtf8String = (text: string): Buffer =>
  writeValue(TAG.utf8String, Buffer.from(text, "utf8"));

export const writePrintableString = (text: string): Buffer =>
  writeValue(TAG.printableString, Buffer.from(text, "latin1"));

/** UTF-16 big-endian, as SpcString and names of old authorities carry it. */
export const writeBmpString = (text: string): Buffer =>
  writeValue(TAG.bmpString, Buffer.from(text, "utf16le").swap16());

/** Seconds, Zulu. */
export const writeGeneralizedTime = (time: Date): Buffer =>
  writeValue(TAG.generalizedTime, Buffer.from(`${digitsOf(time)}Z`, "latin1"));

/** RFC 5280 §4.1.2.5: UTCTime through 2049, GeneralizedTime from 2050. */
export function writeTime(time: Date): Buffer {
  const year = time.getUTCFullYear();
  if (year < 1950 || year > 2049) return writeGeneralizedTime(time);
  return writeValue(TAG.utcTime, Buffer.from(`${digitsOf(time).slice(2)}Z`, "latin1"));
}

function digitsOf(time: Date): string {
  return time.toISOString().replaceAll(/[-:T]/g, "").slice(0, 14);
}

function writeLength(length: number): Buffer {
  if (length < 0x80) return Buffer.from([length]);
  const octets = unsignedOctets(BigInt(length));
  return Buffer.from([0x80 | octets.length, ...octets]);
}

function unsignedOctets(value: bigint): number[] {
  const octets: number[] = [];
  for (let rest = value; rest > 0n; rest >>= 8n) octets.unshift(Number(rest & 0xffn));
  return octets;
}

function unsignedContent(octets: Uint8Array): Buffer {
  let start = 0;
  while (start < octets.length - 1 && octets[start] === 0) start += 1;
  const trimmed = octets.subarray(start);
  const first = trimmed[0];
  if (first === undefined) return Buffer.from([0]);
  return first < 0x80 ? Buffer.from(trimmed) : Buffer.concat([Buffer.from([0]), trimmed]);
}

/** Two's complement in the fewest octets (X.690 §8.3.2). */
function signedContent(value: bigint): Buffer {
  let length = 1;
  while (BigInt.asIntN(8 * length, value) !== value) length += 1;
  const octets = unsignedOctets(BigInt.asUintN(8 * length, value));
  return Buffer.from([...new Array<number>(length - octets.length).fill(0), ...octets]);
}

function base128(arc: bigint): number[] {
  const octets = [Number(arc & 0x7fn)];
  for (let rest = arc >> 7n; rest > 0n; rest >>= 7n) octets.unshift(Number(rest & 0x7fn) | 0x80);
  return octets;
}
