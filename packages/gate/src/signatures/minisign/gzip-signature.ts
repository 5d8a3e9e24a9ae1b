/**
 * The signature that signify puts into the comment of a gzip header: a message with the digests of everything behind
 * the header, block by block. OpenBSD signs its packages so. Sources: signify(1), option -z; RFC 1952 §2.3.
 * @module
 */

import { createHash } from "node:crypto";
import { ArtifactError, asBuffer, type Budget, type ByteSource } from "@sallyport/core";
import { type MinisignSignature, readSignature } from "./text-file.ts";

export interface GzipSignature {
  readonly signature: MinisignSignature;
  /** Where the bytes begin that the message speaks of. */
  readonly dataOffset: number;
}

const HEADER_BYTES = 10;
const COMMENT_ONLY = 0x10;
const MARK = "untrusted comment: ";
/** signify's COMMENTMAXLEN. Nothing signs the remark, so that it must not be a hiding place. */
const MAX_REMARK_BYTES = 1024;
/** 65 bytes for each 64 KiB: enough for a package of 16 GB. */
const MAX_COMMENT_BYTES = 16 * 1024 * 1024;

/**
 * @returns undefined when the header has no such comment
 * @throws {@link ArtifactError} `artifact.malformed`, `artifact.truncated`, `artifact.unsupported`, `artifact.over-limit`
 */
export async function readGzipSignature(source: ByteSource): Promise<GzipSignature | undefined> {
  const head = asBuffer(await source.read(0, Math.min(source.sizeBytes, HEADER_BYTES + MARK.length)));
  if (head.toString("latin1", HEADER_BYTES) !== MARK) return undefined;
  // The name and other fields would stand in front of the comment; the time of signify's files is none.
  if (head.readUInt8(3) !== COMMENT_ONLY || head.readUInt32LE(4) !== 0)
    throw malformed("a gzip header says more than its signature covers");
  const most = Math.min(MAX_COMMENT_BYTES, source.sizeBytes - HEADER_BYTES);
  const rest = asBuffer(await source.read(HEADER_BYTES, most));
  const end = rest.indexOf(0);
  if (end < 0 && most === MAX_COMMENT_BYTES)
    throw new ArtifactError("artifact.over-limit", "minisign: the comment of a gzip header is too long");
  if (rest.subarray(0, MARK.length + MAX_REMARK_BYTES + 1).indexOf(0x0a) < 0)
    throw malformed("the remark in a gzip header is longer than any that signify writes");
  if (end < 0) throw new ArtifactError("artifact.truncated", "minisign: a gzip header is cut short");
  return { signature: readSignature(rest.subarray(0, end)), dataOffset: HEADER_BYTES + end + 1 };
}

const MESSAGE =
  /^date=[^\n]{1,100}\nkey=[^\n]{0,1024}\nalgorithm=SHA512\/256\nblocksize=([1-9][0-9]{3,7})\n\n((?:[0-9a-f]{64}\n)*)$/;

/** @returns what is wrong with the data, going by the signed message; undefined when it covers every byte */
export async function compareBlocks(
  message: Buffer,
  source: ByteSource,
  { dataOffset, budget }: { readonly dataOffset: number; readonly budget: Budget },
): Promise<string | undefined> {
  const [, blockSize, list = ""] = MESSAGE.exec(message.toString("latin1")) ?? [];
  if (blockSize === undefined) return "its message is not of a kind that is known here";
  const expected = list.split("\n").slice(0, -1);
  const blockBytes = Number(blockSize);
  const dataBytes = source.sizeBytes - dataOffset;
  if (expected.length !== Math.ceil(dataBytes / blockBytes))
    return "the file is longer or shorter than what was signed";
  for (const [index, digest] of expected.entries()) {
    budget.checkTime();
    const from = index * blockBytes;
    const block = await source.read(dataOffset + from, Math.min(blockBytes, dataBytes - from));
    if (createHash("sha512-256").update(block).digest("hex") !== digest)
      return "the bytes are not those that were signed";
  }
  return undefined;
}

const malformed = (message: string): ArtifactError =>
  new ArtifactError("artifact.malformed", `minisign: ${message}`);
