/**
 * Zips with a signature behind their end. Extensions of Business Central begin with a header that tells how long the zip
 * is; Silverlight applications end with a mark that tells how long the signature is.
 * Source: Microsoft never published either; the fields are those that jsign and relic write and read.
 * @module
 */

import { ArtifactError, asBuffer, type ByteSource, readExactly } from "@sallyport/core";

export interface AppendedSignature {
  readonly format: "navx" | "xap";
  /** Where the zip ends; a signature covers everything up to there. */
  readonly contentEnd: number;
  /** The PKCS#7; undefined when nothing follows the zip. */
  readonly signature: { readonly offset: number; readonly sizeBytes: number } | undefined;
}

const NAVX_HEADER_BYTES = 40;
const NAVX_FRAME_BYTES = 12;
const XAP_HEADER_BYTES = 8;
const XAP_TRAILER_BYTES = 10;

export const startsAsNavx = (head: Buffer): boolean =>
  head.length >= NAVX_HEADER_BYTES &&
  head.toString("latin1", 0, 4) === "NAVX" &&
  head.toString("latin1", 36, 40) === "NAVX";

/**
 * @returns undefined for a zip of another kind
 * @throws {@link ArtifactError} `artifact.malformed`, `artifact.truncated` when its sizes do not fit the file
 */
export async function readAppended(source: ByteSource): Promise<AppendedSignature | undefined> {
  const head = asBuffer(await source.read(0, NAVX_HEADER_BYTES));
  return startsAsNavx(head) ? readNavx(source, head) : readXap(source);
}

async function readNavx(source: ByteSource, head: Buffer): Promise<AppendedSignature> {
  const contentEnd = NAVX_HEADER_BYTES + Number(head.readBigUInt64LE(28));
  if (contentEnd > source.sizeBytes)
    throw new ArtifactError("artifact.truncated", "navx: it is shorter than its header says");
  const blockBytes = source.sizeBytes - contentEnd;
  if (blockBytes === 0) return { format: "navx", contentEnd, signature: undefined };
  if (blockBytes < NAVX_FRAME_BYTES) throw loose(blockBytes);
  const begin = await readExactly(source, contentEnd, 4, "navx: signature");
  const end = await readExactly(source, source.sizeBytes - 8, 8, "navx: signature");
  const isBlock = begin.toString("latin1") === "NXSB" && end.toString("latin1", 4) === "NXSB";
  if (!isBlock || end.readUInt32LE(0) !== contentEnd) throw loose(blockBytes);
  const signature = { offset: contentEnd + 4, sizeBytes: blockBytes - NAVX_FRAME_BYTES };
  return { format: "navx", contentEnd, signature };
}

async function readXap(source: ByteSource): Promise<AppendedSignature | undefined> {
  const { sizeBytes } = source;
  if (sizeBytes < XAP_HEADER_BYTES + XAP_TRAILER_BYTES) return undefined;
  const trailer = await readExactly(
    source,
    sizeBytes - XAP_TRAILER_BYTES,
    XAP_TRAILER_BYTES,
    "xap: signature",
  );
  if (trailer.toString("latin1", 0, 4) !== "XapS" || trailer.readUInt16LE(4) !== 1) return undefined;
  const blockBytes = trailer.readUInt32LE(6);
  const contentEnd = sizeBytes - XAP_TRAILER_BYTES - blockBytes;
  if (blockBytes < XAP_HEADER_BYTES || contentEnd < 0) throw loose(sizeBytes);
  const header = await readExactly(source, contentEnd, XAP_HEADER_BYTES, "xap: signature");
  const isHeader = header.readUInt32LE(0) === 0x0001_0001;
  if (!isHeader || header.readUInt32LE(4) !== blockBytes - XAP_HEADER_BYTES) throw loose(blockBytes);
  const signature = { offset: contentEnd + XAP_HEADER_BYTES, sizeBytes: blockBytes - XAP_HEADER_BYTES };
  return { format: "xap", contentEnd, signature };
}

const loose = (lengthBytes: number): ArtifactError =>
  new ArtifactError("artifact.malformed", `zip: ${lengthBytes} bytes behind it are no signature`);
