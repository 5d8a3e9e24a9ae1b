/**
 * The mark of an NSIS installer's data, 28 bytes behind its stub.
 * Source: NSIS 3.08, Source/exehead/fileform.h (`firstheader`).
 * @module
 */

import { ArtifactError, asBuffer, type ByteSource, readExactly } from "@sallyport/core";

export const FIRST_HEADER_BYTES = 28;
/** Behind the flags: 0xdeadbeef and the name. */
export const MARK = Buffer.from("efbeadde4e756c6c736f6674496e7374", "hex");
export const MARK_OFFSET = 4;

const UNINSTALLER = 1;
const NO_CHECKSUM = 4;
const KNOWN_FLAGS = 0x1f;

export interface FirstHeader {
  readonly isUninstaller: boolean;
  /** Of the script, when it is unpacked. */
  readonly headerBytes: number;
  /** Everything from this header on, the checksum at the end included. */
  readonly wholeBytes: number;
  readonly hasChecksum: boolean;
}

/** The stub looks for the header at each of its own blocks. */
const BLOCK_BYTES = 512;
const SEARCHED_BYTES = 1024 * 1024;

/**
 * Finds the header as the stub does, but only behind the image: at a multiple of 512 from the start of the program.
 * @returns where it stands in the program; undefined when it is not there
 */
export async function findFirstHeader(
  program: ByteSource,
  behind: { readonly offsetBytes: number; readonly sizeBytes: number },
): Promise<number | undefined> {
  const start = Math.ceil(behind.offsetBytes / BLOCK_BYTES) * BLOCK_BYTES;
  const lengthBytes = Math.min(behind.offsetBytes + behind.sizeBytes - start, SEARCHED_BYTES);
  if (lengthBytes < FIRST_HEADER_BYTES) return undefined;
  const bytes = asBuffer(await program.read(start, lengthBytes));
  for (let at = bytes.indexOf(MARK); at >= 0; at = bytes.indexOf(MARK, at + 1))
    if (at >= MARK_OFFSET && (at - MARK_OFFSET) % BLOCK_BYTES === 0) return start + at - MARK_OFFSET;
  return undefined;
}

/** Where what follows begins and ends. */
export const contentEnd = (first: FirstHeader): number => first.wholeBytes - (first.hasChecksum ? 4 : 0);

/**
 * @throws {@link ArtifactError} `artifact.malformed` for sizes that cannot be, `artifact.truncated`
 */
export async function readFirstHeader(source: ByteSource): Promise<FirstHeader> {
  const bytes = await readExactly(source, 0, FIRST_HEADER_BYTES, "NSIS: header");
  const flags = bytes.readUInt32LE(0);
  if (!bytes.subarray(MARK_OFFSET, MARK_OFFSET + MARK.length).equals(MARK) || flags > KNOWN_FLAGS)
    throw new ArtifactError("artifact.malformed", "NSIS: this is no header of its data");
  const first = {
    isUninstaller: (flags & UNINSTALLER) !== 0,
    headerBytes: bytes.readUInt32LE(20),
    wholeBytes: bytes.readUInt32LE(24),
    hasChecksum: (flags & NO_CHECKSUM) === 0,
  };
  if (first.headerBytes === 0 || contentEnd(first) < FIRST_HEADER_BYTES + 4)
    throw new ArtifactError("artifact.malformed", "NSIS: the header gives impossible sizes");
  if (first.wholeBytes > source.sizeBytes)
    throw new ArtifactError("artifact.truncated", "NSIS: the data is cut short");
  return first;
}
