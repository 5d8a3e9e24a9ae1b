/**
 * Reads GVariant's serialised form, little-endian. Every place comes from the bytes themselves, so each is checked before
 * it is used. Source: GLib, "GVariant Specification" 1.0, §2.
 * @module
 */

import { ArtifactError } from "@sallyport/core";

/** How a member of a tuple is laid out. Undefined size: its end is written behind the tuple. */
export interface Layout {
  readonly alignment: number;
  readonly sizeBytes?: number;
}

export const TEXT: Layout = { alignment: 1 };
export const BYTES: Layout = { alignment: 1 };
export const UINT32: Layout = { alignment: 4, sizeBytes: 4 };
export const UINT64: Layout = { alignment: 8, sizeBytes: 8 };
/** A variant, and whatever holds a number of 64 bits or a variant. */
export const WIDE: Layout = { alignment: 8 };
/** Whatever holds numbers of 32 bits at most. */
export const MIDDLE: Layout = { alignment: 4 };

const MOST_MEMBERS = 1_000_000;

/** §2.3.3: as many bytes as are needed to point anywhere into the container. */
export function offsetBytes(sizeBytes: number): number {
  if (sizeBytes <= 0xff) return 1;
  if (sizeBytes <= 0xffff) return 2;
  return sizeBytes <= 0xffff_ffff ? 4 : 8;
}

export function readOffset(bytes: Buffer, at: number, width: number): number {
  if (at < 0 || at + width > bytes.length) refuse("points outside itself");
  const value = width === 8 ? Number(bytes.readBigUInt64LE(at)) : bytes.readUIntLE(at, width);
  return Number.isSafeInteger(value) ? value : refuse("points outside itself");
}

export const align = (at: number, alignment: number): number => Math.ceil(at / alignment) * alignment;

/** §2.5.4. @returns the members' bytes */
export function readTuple(bytes: Buffer, layouts: readonly Layout[]): Buffer[] {
  return tupleRanges(bytes, bytes.length, layouts).map(([start, end]) => bytes.subarray(start, end));
}

/**
 * @param tail - the end of the tuple, at least its framing offsets
 * @returns where the members stand in the tuple
 */
export function tupleRanges(
  tail: Buffer,
  sizeBytes: number,
  layouts: readonly Layout[],
): (readonly [start: number, end: number])[] {
  const width = offsetBytes(sizeBytes);
  const framed = layouts.filter(
    (layout, index) => layout.sizeBytes === undefined && index < layouts.length - 1,
  ).length;
  const contentEnd = sizeBytes - framed * width;
  let taken = 0;
  let at = 0;
  return layouts.map((layout, index) => {
    const start = align(at, layout.alignment);
    let end = contentEnd;
    if (layout.sizeBytes !== undefined) end = start + layout.sizeBytes;
    else if (index < layouts.length - 1) {
      taken += 1;
      end = readOffset(tail, tail.length - taken * width, width);
    }
    // An empty last member may begin behind what aligning leaves.
    const from = Math.min(start, end);
    if (end > contentEnd || from < at) refuse("has members that overlap or lie outside");
    at = end;
    return [from, end] as const;
  });
}

/** §2.5.3. @returns the ranges of an array's members of no fixed size */
export function arrayRanges(
  offsets: Buffer,
  sizeBytes: number,
  alignment: number,
): (readonly [start: number, end: number])[] {
  if (sizeBytes === 0) return [];
  const width = offsetBytes(sizeBytes);
  const tableStart = readOffset(offsets, offsets.length - width, width);
  const tableBytes = sizeBytes - tableStart;
  if (tableBytes <= 0 || tableBytes % width !== 0 || tableBytes > offsets.length)
    refuse("has a list of no whole length");
  const count = tableBytes / width;
  if (count > MOST_MEMBERS) refuse("has a list that is too long");
  let at = 0;
  return Array.from({ length: count }, (_, index) => {
    const start = align(at, alignment);
    const end = readOffset(offsets, offsets.length - tableBytes + index * width, width);
    const from = Math.min(start, end);
    if (from < at || end > tableStart) refuse("has list members that overlap or lie outside");
    at = end;
    return [from, end] as const;
  });
}

export const readArray = (bytes: Buffer, alignment: number): Buffer[] =>
  arrayRanges(bytes, bytes.length, alignment).map(([start, end]) => bytes.subarray(start, end));

/** §2.5.1: a text ends with a zero byte and has none inside. */
export function readText(bytes: Buffer): string {
  if (bytes.length === 0 || bytes.indexOf(0) !== bytes.length - 1) refuse("has a text without its end");
  return bytes.toString("utf8", 0, bytes.length - 1);
}

/** §2.5.2: the value, a zero byte, its type. */
export function splitVariant(bytes: Buffer): { readonly value: Buffer; readonly type: string } {
  const zero = bytes.lastIndexOf(0);
  if (zero < 0 || bytes.length - zero > 256) refuse("has a value without a type");
  return { value: bytes.subarray(0, zero), type: bytes.toString("latin1", zero + 1) };
}

export function refuse(what: string): never {
  throw new ArtifactError("artifact.malformed", `flatpak: its data ${what}`);
}
