/** Compares local headers with the directory. Source: APPNOTE 6.3.10 §4.3.7. @module */

import { ArtifactError, asBuffer, type ByteSource, readExactly } from "@sallyport/core";
import { type Entry, readExtra, readUnicodePath, UNICODE_PATH, widen } from "./directory.ts";

const HEADER_BYTES = 30;
const WINDOW_BYTES = 1024 * 1024;
/** Read where the last place tells nothing of the next: members may be asked for in any order. */
const JUMP_BYTES = 16 * 1024;
/** Encrypted, sizes follow the data, patch, strongly encrypted, names are UTF-8, values are masked (§4.4.4). */
const COMPARED_FLAGS = 0x2869;

/** Reads ahead, so that thousands of small headers cost few reads. */
export class ReadAhead {
  readonly #source: ByteSource;
  #from = 0;
  #held: Buffer = Buffer.alloc(0);

  constructor(source: ByteSource) {
    this.#source = source;
  }

  holds(offset: number, length: number): boolean {
    return offset >= this.#from && offset + length <= this.#from + this.#held.length;
  }

  async read(offset: number, length: number, what: string): Promise<Buffer> {
    if (length > WINDOW_BYTES) return readExactly(this.#source, offset, length, what);
    if (offset < 0 || offset + length > this.#source.sizeBytes)
      throw new ArtifactError("artifact.truncated", `${what} is cut short`);
    if (!this.holds(offset, length)) {
      const isNear = offset >= this.#from && offset <= this.#from + this.#held.length + WINDOW_BYTES;
      const wantedBytes = isNear ? WINDOW_BYTES : Math.max(JUMP_BYTES, length);
      this.#held = asBuffer(await this.#source.read(offset, wantedBytes));
      this.#from = offset;
    }
    return this.#held.subarray(offset - this.#from, offset - this.#from + length);
  }
}

export interface Placed {
  readonly dataOffset: number;
  readonly endOffset: number;
  readonly disagreements: readonly string[];
}

export async function readLocalHeader(window: ReadAhead, entry: Entry, offset: number): Promise<Placed> {
  const fixed = await window.read(offset, HEADER_BYTES, "zip: local header");
  if (fixed.readUInt32LE(0) !== 0x04034b50)
    throw new ArtifactError("artifact.malformed", "zip: the directory points to something that is no member");
  const nameBytes = fixed.readUInt16LE(26);
  const dataOffset = offset + HEADER_BYTES + nameBytes + fixed.readUInt16LE(28);
  const whole = await window.read(offset, dataOffset - offset, "zip: local header");
  const extra = readExtra(whole.subarray(HEADER_BYTES + nameBytes));
  const [sizeBytes, packedBytes] = widen([whole.readUInt32LE(22), whole.readUInt32LE(18)], extra.get(1));
  const crc = whole.readUInt32LE(14);
  const flags = whole.readUInt16LE(6);
  // With bit 3 the values may be left zero here, because they follow the data (§4.4.4).
  const differs = (here: number | undefined, there: number) =>
    here !== there && !((flags & 8) !== 0 && here === 0);
  const disagreements: string[] = [];
  if (!whole.subarray(HEADER_BYTES, HEADER_BYTES + nameBytes).equals(entry.rawName))
    disagreements.push("name");
  if (whole.readUInt16LE(8) !== entry.method) disagreements.push("method");
  if (((flags ^ entry.flags) & COMPARED_FLAGS) !== 0) disagreements.push("flags");
  if (differs(crc, entry.crc)) disagreements.push("checksum");
  if (differs(sizeBytes, entry.sizeBytes) || differs(packedBytes, entry.packedBytes))
    disagreements.push("size");
  const unicode = extra.get(UNICODE_PATH);
  if (unicode !== undefined && readUnicodePath(unicode, entry.rawName) !== entry.name)
    disagreements.push("Unicode name");
  return { dataOffset, endOffset: dataOffset + entry.packedBytes, disagreements };
}
