/**
 * Explains the bytes between members: descriptors, filling, and the APK Signing Block. What is left is reported.
 * Sources: APPNOTE 6.3.10 §4.3.9; Android "APK Signature Scheme v2", signing block.
 * @module
 */

import type { Budget } from "@sallyport/core";
import { isAllZero } from "../front-reader.ts";
import type { Entry } from "./directory.ts";
import type { ReadAhead } from "./local-header.ts";

const HELD_BYTES = 64 * 1024;
const LOCAL_HEADER_BYTES = 30;
const LOCAL_SIGNATURE = 0x04034b50;
const SIGNING_BLOCK_MARK = "APK Sig Block 42";
/** The signing block begins on a page; Android's tools fill up to it. */
const PAGE_BYTES = 4096;
const MOST_SIGNING_PAIRS = 1000;

export interface Gap {
  readonly from: number;
  readonly to: number;
  /** The member before the gap. */
  readonly before: Entry | undefined;
  /** The directory follows, not a member. */
  readonly isLast: boolean;
}

/** §4.4.4 bit 3: sizes and checksum follow the data. */
export const promisesDescriptor = (entry: Entry | undefined): boolean =>
  entry !== undefined && (entry.flags & 8) !== 0;

/** @returns what is wrong with the bytes from the end of one member to the next, undefined when they are explained */
export async function judgeGap(window: ReadAhead, gap: Gap, budget: Budget): Promise<string | undefined> {
  const { from, to, before } = gap;
  const head = await window.read(from, Math.min(to - from, HELD_BYTES), "zip: gap");
  const descriptor = before ? descriptorBytes(head, before) : 0;
  if (descriptor === undefined)
    return head.length === 0 || isAllZero(head)
      ? "has no data descriptor where its header promises one"
      : "has a data descriptor that disagrees with the directory";
  const start = from + descriptor;
  if (start === to) return undefined;
  const filledTo = gap.isLast ? await signingBlockStart(window, start, to) : to;
  if (await isFilling(window, { from: start, to: filledTo }, budget)) return undefined;
  if (await holdsHeader(window, { from: start, to: filledTo }, budget))
    return "holds a member that its directory does not list";
  return `holds ${filledTo - start} bytes that belong to no member`;
}

/** §4.3.9: with or without a signature, sizes of four or eight bytes. Undefined when it must be there and is not. */
function descriptorBytes(gap: Buffer, entry: Entry): number | undefined {
  if (!promisesDescriptor(entry)) return 0;
  for (const at of [4, 0]) {
    if (at === 4 && (gap.length < 4 || gap.readUInt32LE(0) !== 0x08074b50)) continue;
    if (
      gap.length >= at + 20 &&
      gap.readUInt32LE(at) === entry.crc &&
      gap.readBigUInt64LE(at + 4) === BigInt(entry.packedBytes) &&
      gap.readBigUInt64LE(at + 12) === BigInt(entry.sizeBytes)
    )
      return at + 20;
    if (
      gap.length >= at + 12 &&
      gap.readUInt32LE(at) === entry.crc &&
      gap.readUInt32LE(at + 4) === entry.packedBytes &&
      gap.readUInt32LE(at + 8) === entry.sizeBytes
    )
      return at + 12;
  }
  return undefined;
}

/**
 * Less than one piece of zeros, or headers of nothing with whatever time: tools that edit archives in place leave both to
 * align what follows (Android's zipflinger calls them virtual entries).
 */
async function isFilling(
  window: ReadAhead,
  range: { from: number; to: number },
  budget: Budget,
): Promise<boolean> {
  let at = range.from;
  while (at < range.to) {
    budget.checkTime();
    const piece = await window.read(at, Math.min(range.to - at, HELD_BYTES), "zip: gap");
    if (piece.length < LOCAL_HEADER_BYTES || piece.readUInt32LE(0) !== LOCAL_SIGNATURE)
      return range.to - at <= HELD_BYTES && isAllZero(piece);
    const lengthBytes = LOCAL_HEADER_BYTES + piece.readUInt16LE(28);
    const isOfNothing = isAllZero(piece.subarray(4, 10)) && isAllZero(piece.subarray(14, 28));
    if (at + lengthBytes > range.to || !isOfNothing) return false;
    const extra = await window.read(
      at + LOCAL_HEADER_BYTES,
      lengthBytes - LOCAL_HEADER_BYTES,
      "zip: filling",
    );
    if (!isAllZero(extra)) return false;
    at += lengthBytes;
  }
  return true;
}

/** Headers of nothing may also stand in front of everything; zeros may not, because then the file begins as none. */
export async function isFillingInFront(
  window: ReadAhead,
  lengthBytes: number,
  budget: Budget,
): Promise<boolean> {
  if (lengthBytes < LOCAL_HEADER_BYTES) return false;
  const start = await window.read(0, 4, "zip: beginning");
  return start.readUInt32LE(0) === LOCAL_SIGNATURE && isFilling(window, { from: 0, to: lengthBytes }, budget);
}

/** Looks for a header over the whole gap, a piece at a time; the pieces overlap, so none hides at a seam. */
async function holdsHeader(
  window: ReadAhead,
  range: { from: number; to: number },
  budget: Budget,
): Promise<boolean> {
  for (let at = range.from; at < range.to; at += HELD_BYTES - 3) {
    budget.checkTime();
    const piece = await window.read(at, Math.min(range.to - at, HELD_BYTES), "zip: gap");
    if (piece.includes("PK\x03\x04", 0, "latin1")) return true;
  }
  return false;
}

/**
 * The APK Signing Block stands right before the directory, gives its size at both ends, and is full of pairs.
 * @returns where it starts, or `end` when there is none
 */
async function signingBlockStart(window: ReadAhead, from: number, end: number): Promise<number> {
  if (end - from < 32) return end;
  const footer = await window.read(end - 24, 24, "apk: signing block");
  if (footer.toString("latin1", 8) !== SIGNING_BLOCK_MARK) return end;
  const start = end - Number(footer.readBigUInt64LE(0)) - 8;
  if (start < from || start - from >= PAGE_BYTES) return end;
  const head = await window.read(start, 8, "apk: signing block");
  if (head.readBigUInt64LE(0) !== footer.readBigUInt64LE(0)) return end;
  let at = start + 8;
  for (let count = 0; at < end - 24 && count < MOST_SIGNING_PAIRS; count += 1) {
    if (at + 12 > end - 24) return end;
    const pair = await window.read(at, 8, "apk: signing block");
    const pairBytes = pair.readBigUInt64LE(0);
    if (pairBytes < 4n || pairBytes > BigInt(end)) return end;
    at += 8 + Number(pairBytes);
  }
  return at === end - 24 ? start : end;
}
