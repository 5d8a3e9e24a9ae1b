/** Compares local headers with the directory and explains what lies between members. Source: APPNOTE 6.3.10 §4.3.7-§4.3.9. @module */

import { ArtifactError, asBuffer, type ByteSource, readExactly } from "@sallyport/core";
import { type Entry, readExtra, widen } from "./directory.ts";

const HEADER_BYTES = 30;
const WINDOW_BYTES = 1024 * 1024;
const LONGEST_PADDING_BYTES = 64 * 1024;
/** Encrypted, sizes follow the data, names are UTF-8. */
const COMPARED_FLAGS = 0x0809;

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
      this.#held = asBuffer(await this.#source.read(offset, WINDOW_BYTES));
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
  const unicode = extra.get(0x7075);
  if (unicode && unicode.length >= 5 && !isSameName(unicode.subarray(5), entry))
    disagreements.push("Unicode name");
  return { dataOffset, endOffset: dataOffset + entry.packedBytes, disagreements };
}

const isSameName = (name: Buffer, entry: Entry): boolean =>
  name.equals(entry.rawName) ||
  name.toString("utf8") === entry.name ||
  entry.rawName.some((byte) => byte > 0x7f);

/** @returns what is wrong with the bytes from the end of one member to the next, undefined when they are explained */
export async function judgeGap(
  window: ReadAhead,
  entry: Entry | undefined,
  range: { from: number; to: number },
): Promise<string | undefined> {
  const length = range.to - range.from;
  const head = await window.read(range.from, Math.min(length, LONGEST_PADDING_BYTES), "zip: gap");
  const rest = head.subarray(entry ? descriptorBytes(head, entry) : 0);
  if (entry && (entry.flags & 8) !== 0 && rest === head && !head.every((byte) => byte === 0))
    return "has a data descriptor that disagrees with the directory";
  if (rest.length === 0) return undefined;
  const restBytes = length - (head.length - rest.length);
  if (restBytes === rest.length && rest.every((byte) => byte === 0)) return undefined;
  if (await isSigningBlock(window, range.to, restBytes)) return undefined;
  if (rest.includes("PK\x03\x04", 0, "latin1")) return "holds a member that its directory does not list";
  return `holds ${restBytes} bytes that belong to no member`;
}

/** §4.3.9: with or without a signature, sizes of four or eight bytes. */
function descriptorBytes(gap: Buffer, entry: Entry): number {
  if ((entry.flags & 8) === 0) return 0;
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
  return 0;
}

/** The APK Signing Block stands right before the directory and gives its size at both ends. */
async function isSigningBlock(window: ReadAhead, end: number, lengthBytes: number): Promise<boolean> {
  if (lengthBytes < 32) return false;
  const footer = await window.read(end - 24, 24, "apk: signing block");
  if (footer.toString("latin1", 8) !== "APK Sig Block 42") return false;
  const sizeBytes = Number(footer.readBigUInt64LE(0));
  if (sizeBytes + 8 > lengthBytes || lengthBytes - sizeBytes - 8 > 4096) return false;
  const head = await window.read(end - sizeBytes - 8, 8, "apk: signing block");
  return Number(head.readBigUInt64LE(0)) === sizeBytes;
}
