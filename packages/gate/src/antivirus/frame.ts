/**
 * How members travel from the parser process to its parent, over a pipe of their own: `kind (1 byte), number (4 bytes, big
 * endian)`, and behind the kind `data` so many bytes. What comes out of that process is not believed: the reader checks every
 * frame.
 * @module
 */

export type Frame =
  /** A member begins: its index, in the order members were met. */
  | { readonly kind: "begin"; readonly index: number }
  | { readonly kind: "data"; readonly bytes: Buffer }
  | { readonly kind: "end" }
  /** It is larger than may be sent. */
  | { readonly kind: "over-limit"; readonly index: number };

const HEADER_BYTES = 5;
const CODES = { begin: 1, data: 2, end: 3, "over-limit": 4 } as const;
/** Of one frame. */
export const MOST_DATA_BYTES: number = 256 * 1024;

export function writeFrame(kind: Frame["kind"], number = 0): Buffer {
  const header = Buffer.alloc(HEADER_BYTES);
  header.writeUInt8(CODES[kind], 0);
  header.writeUInt32BE(number, 1);
  return header;
}

/** Puts frames together from the pieces of a stream. */
export class FrameReader {
  #rest: Buffer = Buffer.alloc(0);

  /** @throws Error when it is no frame: nothing more of the stream means anything */
  *add(piece: Buffer): Generator<Frame> {
    this.#rest = this.#rest.length === 0 ? piece : Buffer.concat([this.#rest, piece]);
    for (let frame = this.#take(); frame !== undefined; frame = this.#take()) yield frame;
  }

  /** Whether the stream ended in the middle of a frame. */
  get isOpen(): boolean {
    return this.#rest.length > 0;
  }

  #take(): Frame | undefined {
    if (this.#rest.length < HEADER_BYTES) return undefined;
    const code = this.#rest.readUInt8(0);
    const number = this.#rest.readUInt32BE(1);
    const dataBytes = code === CODES.data ? number : 0;
    // To clamd, a piece without bytes is the end of the file.
    if (code === CODES.data && dataBytes === 0) throw new Error("a frame holds nothing");
    if (dataBytes > MOST_DATA_BYTES) throw new Error("a frame is longer than any that is sent");
    const frameBytes = HEADER_BYTES + dataBytes;
    if (this.#rest.length < frameBytes) return undefined;
    const bytes = this.#rest.subarray(HEADER_BYTES, frameBytes);
    this.#rest = this.#rest.subarray(frameBytes);
    if (code === CODES.begin) return { kind: "begin", index: number };
    if (code === CODES.data) return { kind: "data", bytes };
    if (code === CODES.end) return { kind: "end" };
    if (code === CODES["over-limit"]) return { kind: "over-limit", index: number };
    throw new Error("a frame is of no kind that is sent");
  }
}
