/** One directory record. Source: ECMA-119 §9.1. @module */

import { ArtifactError } from "@sallyport/core";

/** Told of each thing that two readers would take differently. */
export type Lies = (because: string) => void;

export interface DirectoryRecord {
  /** First block. */
  readonly extent: number;
  readonly sizeBytes: number;
  readonly isFolder: boolean;
  /** More records of this name follow, §9.1.6. */
  readonly goesOn: boolean;
  /** A resource fork or the like, which readers keep apart. */
  readonly isAssociated: boolean;
  readonly isInterleaved: boolean;
  readonly name: Buffer;
  /** Rock Ridge and others. */
  readonly systemUse: Buffer;
}

const LEAST_BYTES = 34;

/**
 * @param bytes - from the record's length byte on
 * @returns undefined when no record stands there
 * @throws {@link ArtifactError} `artifact.malformed`
 */
export function readRecord(bytes: Buffer, lies: Lies): DirectoryRecord | undefined {
  const length = bytes[0] ?? 0;
  if (length === 0) return undefined;
  const nameBytes = bytes[32] ?? 0;
  if (length < LEAST_BYTES || length > bytes.length || 33 + nameBytes > length)
    throw new ArtifactError("artifact.malformed", "iso: a directory record contradicts itself");
  const flags = bytes.readUInt8(25);
  const nameEnd = 33 + nameBytes;
  return {
    extent: bothOrders(bytes, 2, 4, lies) + bytes.readUInt8(1),
    sizeBytes: bothOrders(bytes, 10, 4, lies),
    isFolder: (flags & 2) !== 0,
    isAssociated: (flags & 4) !== 0,
    goesOn: (flags & 0x80) !== 0,
    isInterleaved: bytes[26] !== 0 || bytes[27] !== 0,
    name: bytes.subarray(33, nameEnd),
    // Padded to an even length.
    systemUse: bytes.subarray(Math.min(length, nameEnd + (nameBytes % 2 === 0 ? 1 : 0)), length),
  };
}

/** §7.2.3, §7.3.3: every number stands there twice, in both orders. A reader looks at one of them. */
export function bothOrders(bytes: Buffer, at: number, width: 2 | 4, lies: Lies): number {
  const little = bytes.readUIntLE(at, width);
  if (little !== bytes.readUIntBE(at + width, width))
    lies("says one number in two ways, and readers take one of them");
  return little;
}
