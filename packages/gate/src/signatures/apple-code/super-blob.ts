/**
 * The SuperBlob: an index of blobs, each a magic number and a length. Every byte of it must belong to the index or to
 * one blob. All numbers are big-endian. Source: Apple, xnu, osfmk/kern/cs_blobs.h.
 * @module
 */

import { ArtifactError } from "@sallyport/core";
import type { Finding } from "../../finding.ts";

export interface Blob {
  /** CSSLOT_*: what it is for. */
  readonly slot: number;
  readonly magic: number;
  /** The whole blob, magic number and length included: what is hashed. */
  readonly bytes: Buffer;
  /** From the start of the SuperBlob. */
  readonly offsetBytes: number;
}

export interface SuperBlob {
  /** In the order of the index. */
  readonly blobs: readonly Blob[];
  /** Of check `certificate-table`: bytes that belong to nothing. */
  readonly findings: readonly Finding[];
}

export const EMBEDDED_SIGNATURE = 0xfade0cc0;

export const SLOT = {
  codeDirectory: 0,
  informationList: 1,
  requirements: 2,
  resources: 3,
  application: 4,
  entitlements: 5,
  specific: 6,
  entitlementsDer: 7,
  signature: 0x1_0000,
  identification: 0x1_0001,
  ticket: 0x1_0002,
} as const;

const FIRST_ALTERNATE = 0x1000;
const ALTERNATES = 5;

/** One more CodeDirectory, with another digest. */
export const isAlternate = (slot: number): boolean =>
  slot >= FIRST_ALTERNATE && slot < FIRST_ALTERNATE + ALTERNATES;

/** Slots below this are hashed by each CodeDirectory, at minus their number. */
export const isSpecial = (slot: number): boolean => slot > 0 && slot < FIRST_ALTERNATE;

const HEADER_BYTES = 12;
const ROW_BYTES = 8;
const BLOB_HEADER_BYTES = 8;
/** Some fifteen slots are defined. */
const MAX_BLOBS = 64;

/**
 * @param bytes - from its magic number to the end of its place; the place may be longer
 * @throws {@link ArtifactError} `artifact.malformed`, `artifact.truncated`
 */
export function readSuperBlob(bytes: Buffer): SuperBlob {
  if (bytes.length < HEADER_BYTES) throw truncated("its header");
  if (bytes.readUInt32BE(0) !== EMBEDDED_SIGNATURE) throw malformed("it does not begin with its mark");
  const lengthBytes = bytes.readUInt32BE(4);
  const count = bytes.readUInt32BE(8);
  if (lengthBytes > bytes.length) throw truncated("it");
  const indexEnd = HEADER_BYTES + count * ROW_BYTES;
  if (count > MAX_BLOBS || indexEnd > lengthBytes) throw malformed(`an index of ${count} blobs`);
  const whole = bytes.subarray(0, lengthBytes);
  const blobs = Array.from({ length: count }, (_, index) => readBlob(whole, index, indexEnd));
  if (new Set(blobs.map(({ slot }) => slot)).size !== blobs.length) throw malformed("two blobs for one slot");
  return { blobs, findings: findGaps(blobs, whole, indexEnd) };
}

function readBlob(whole: Buffer, index: number, indexEnd: number): Blob {
  const row = HEADER_BYTES + index * ROW_BYTES;
  const slot = whole.readUInt32BE(row);
  const offsetBytes = whole.readUInt32BE(row + 4);
  if (offsetBytes < indexEnd || offsetBytes + BLOB_HEADER_BYTES > whole.length)
    throw malformed(`the blob of slot ${slot} is not in it`);
  const sizeBytes = whole.readUInt32BE(offsetBytes + 4);
  if (sizeBytes < BLOB_HEADER_BYTES || offsetBytes + sizeBytes > whole.length)
    throw malformed(`the blob of slot ${slot} has an impossible length`);
  const bytes = whole.subarray(offsetBytes, offsetBytes + sizeBytes);
  return { slot, magic: whole.readUInt32BE(offsetBytes), bytes, offsetBytes };
}

/** No signer leaves room between blobs, beyond zeros that align them, and no two share bytes. */
function findGaps(blobs: readonly Blob[], whole: Buffer, indexEnd: number): Finding[] {
  const findings: Finding[] = [];
  let end = indexEnd;
  for (const blob of blobs.toSorted((one, other) => one.offsetBytes - other.offsetBytes)) {
    if (blob.offsetBytes < end) throw malformed("two blobs share the same bytes");
    findings.push(...hiddenIn(whole, end, blob.offsetBytes));
    end = blob.offsetBytes + blob.bytes.length;
  }
  return [...findings, ...hiddenIn(whole, end, whole.length)];
}

function hiddenIn(whole: Buffer, from: number, until: number): Finding[] {
  if (whole.subarray(from, until).every((byte) => byte === 0)) return [];
  return [
    {
      check: "certificate-table",
      outcome: "fail",
      because: "bytes stand between the parts of the code signature",
      facts: { offsetBytes: from, lengthBytes: until - from },
    },
  ];
}

const malformed = (what: string): ArtifactError =>
  new ArtifactError("artifact.malformed", `code signature: ${what}`);
const truncated = (what: string): ArtifactError =>
  new ArtifactError("artifact.truncated", `code signature: ${what} is cut short`);
