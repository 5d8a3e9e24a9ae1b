/**
 * Extensions of Business Central: a header of 40 bytes that tells how long the zip behind it is, and behind that, when
 * it is signed, a block with the signature. Source: Microsoft never published it; the fields are those that jsign and
 * Business Central's own tools write.
 * @module
 */

import { ArtifactError, asBuffer, type ByteSource, readExactly } from "@sallyport/core";

export interface NavxLayout {
  /** Where the zip ends, which is all that a signature covers. */
  readonly contentEnd: number;
  /** The PKCS#7 inside the signature's block; undefined when nothing follows the zip. */
  readonly signature: { readonly offset: number; readonly sizeBytes: number } | undefined;
}

export const NAVX_HEADER_BYTES = 40;
const MARK = "NAVX";
const BLOCK_MARK = "NXSB";
const BLOCK_FRAME_BYTES = 12;

export const startsAsNavx = (head: Buffer): boolean =>
  head.length >= NAVX_HEADER_BYTES &&
  head.toString("latin1", 0, 4) === MARK &&
  head.toString("latin1", 36, 40) === MARK;

/**
 * @returns undefined when the file does not begin as one
 * @throws {@link ArtifactError} `artifact.malformed` when its sizes do not fit the file
 */
export async function readNavx(source: ByteSource): Promise<NavxLayout | undefined> {
  const head = asBuffer(await source.read(0, NAVX_HEADER_BYTES));
  if (!startsAsNavx(head)) return undefined;
  const contentEnd = NAVX_HEADER_BYTES + Number(head.readBigUInt64LE(28));
  if (contentEnd > source.sizeBytes)
    throw new ArtifactError("artifact.truncated", "navx: it is shorter than its header says");
  const blockBytes = source.sizeBytes - contentEnd;
  if (blockBytes === 0) return { contentEnd, signature: undefined };
  if (blockBytes < BLOCK_FRAME_BYTES) throw loose(blockBytes);
  const begin = await readExactly(source, contentEnd, 4, "navx: signature");
  const end = await readExactly(source, source.sizeBytes - 8, 8, "navx: signature");
  const isBlock = begin.toString("latin1") === BLOCK_MARK && end.toString("latin1", 4) === BLOCK_MARK;
  if (!isBlock || end.readUInt32LE(0) !== contentEnd) throw loose(blockBytes);
  return {
    contentEnd,
    signature: { offset: contentEnd + 4, sizeBytes: blockBytes - BLOCK_FRAME_BYTES },
  };
}

const loose = (lengthBytes: number): ArtifactError =>
  new ArtifactError("artifact.malformed", `navx: ${lengthBytes} bytes behind it are no signature`);
