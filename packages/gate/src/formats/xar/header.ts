/**
 * The header of a xar archive. All numbers are big-endian. Sources: Apple, xar 1.8, `xar.h`; mackyle/xar, `xar.h.in`,
 * for digests named by text.
 * @module
 */

import { ArtifactError, type ByteSource, readExactly } from "@sallyport/core";

export interface XarHeader {
  readonly headerBytes: number;
  readonly packedTocBytes: number;
  readonly tocBytes: number;
  /** As the table of contents would name it: `sha1`; `none` for none, undefined for one that is not known. */
  readonly checksum: string | undefined;
}

export const XAR_MARK = "xar!";
const MIN_BYTES = 28;
/** The longest name of a digest that fits behind the header. */
const MAX_BYTES = 64;
const CHECKSUMS = ["none", "sha1", "md5", "sha256", "sha512"];
const NAMED = 3;

/** @throws {@link ArtifactError} `artifact.malformed`, `artifact.truncated`, `artifact.unsupported` */
export async function readXarHeader(source: ByteSource): Promise<XarHeader> {
  const fixed = await readExactly(source, 0, MIN_BYTES, "xar: header");
  if (fixed.toString("latin1", 0, 4) !== XAR_MARK) throw malformed("it does not begin with its mark");
  const headerBytes = fixed.readUInt16BE(4);
  const version = fixed.readUInt16BE(6);
  if (version !== 1) throw new ArtifactError("artifact.unsupported", `xar: version ${version}`);
  if (headerBytes < MIN_BYTES || headerBytes > MAX_BYTES) throw malformed(`a header of ${headerBytes} bytes`);
  const whole = await readExactly(source, 0, headerBytes, "xar: header");
  return {
    headerBytes,
    packedTocBytes: sizeAt(fixed, 8),
    tocBytes: sizeAt(fixed, 16),
    checksum: readChecksum(fixed.readUInt32BE(24), whole.subarray(MIN_BYTES)),
  };
}

/** Number 3 with a name behind the header means that name; without one, SHA-256. */
function readChecksum(number: number, rest: Buffer): string | undefined {
  const end = rest.indexOf(0);
  const name = rest.toString("latin1", 0, end < 0 ? rest.length : end);
  if (rest.subarray(name.length).some((byte) => byte !== 0)) throw malformed("bytes hide behind its header");
  if (name === "") return CHECKSUMS[number];
  if (number !== NAMED) throw malformed("bytes hide behind its header");
  return name.toLowerCase();
}

function sizeAt(bytes: Buffer, offset: number): number {
  const size = bytes.readBigUInt64BE(offset);
  if (size > BigInt(Number.MAX_SAFE_INTEGER)) throw malformed("a size beyond every file");
  return Number(size);
}

const malformed = (what: string): ArtifactError => new ArtifactError("artifact.malformed", `xar: ${what}`);
