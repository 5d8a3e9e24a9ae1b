/**
 * The APK Signing Block: pairs of a number and a value, right before the directory of an Android package.
 * Source: Android, "APK Signature Scheme v2", APK Signing Block.
 * @module
 */

import { ArtifactError, type ByteSource, readExactly } from "@sallyport/core";

export interface SigningBlock {
  /** Where the block begins: the members end there. */
  readonly offset: number;
  readonly pairs: readonly SigningPair[];
}

export interface SigningPair {
  readonly id: number;
  readonly valueOffset: number;
  readonly valueBytes: number;
}

const MARK = "APK Sig Block 42";
const FOOTER_BYTES = 24;
const MAX_PAIRS = 1000;

/**
 * @param directoryOffset - where the archive's directory begins
 * @returns undefined when no block ends there
 * @throws {@link ArtifactError} `artifact.malformed` when its sizes do not fit each other
 */
export async function readSigningBlock(
  source: ByteSource,
  directoryOffset: number,
): Promise<SigningBlock | undefined> {
  if (directoryOffset < 8 + FOOTER_BYTES) return undefined;
  const footer = await readExactly(
    source,
    directoryOffset - FOOTER_BYTES,
    FOOTER_BYTES,
    "apk: signing block",
  );
  if (footer.toString("latin1", 8) !== MARK) return undefined;
  const sizeBytes = Number(footer.readBigUInt64LE(0));
  const offset = directoryOffset - sizeBytes - 8;
  if (sizeBytes < FOOTER_BYTES || offset < 0) throw malformed("reaches past the beginning of the file");
  const head = await readExactly(source, offset, 8, "apk: signing block");
  if (Number(head.readBigUInt64LE(0)) !== sizeBytes) throw malformed("gives two sizes");
  return { offset, pairs: await readPairs(source, offset + 8, directoryOffset - FOOTER_BYTES) };
}

async function readPairs(source: ByteSource, from: number, end: number): Promise<SigningPair[]> {
  const pairs: SigningPair[] = [];
  for (let at = from; at < end; ) {
    if (pairs.length >= MAX_PAIRS)
      throw new ArtifactError("artifact.over-limit", "apk: the signing block holds too many values");
    if (at + 12 > end) throw malformed("ends inside a value");
    const head = await readExactly(source, at, 12, "apk: signing block");
    const lengthBytes = Number(head.readBigUInt64LE(0));
    if (lengthBytes < 4 || at + 8 + lengthBytes > end) throw malformed("holds a value of an impossible size");
    pairs.push({ id: head.readUInt32LE(8), valueOffset: at + 12, valueBytes: lengthBytes - 4 });
    at += 8 + lengthBytes;
  }
  return pairs;
}

const malformed = (message: string): ArtifactError =>
  new ArtifactError("artifact.malformed", `apk: the signing block ${message}`);
