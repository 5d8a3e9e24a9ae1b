/** Reads a stream from front to back in exact amounts, without copying what is only passed on. @module */

import { ArtifactError, asBuffer } from "@sallyport/core";

const NOTHING = Buffer.alloc(0);

export class FrontReader {
  readonly #pieces: AsyncIterator<Uint8Array>;
  #held: Buffer = NOTHING;
  #offsetBytes = 0;

  constructor(bytes: AsyncIterable<Uint8Array>) {
    this.#pieces = bytes[Symbol.asyncIterator]();
  }

  /** How many bytes were taken so far. */
  get offsetBytes(): number {
    return this.#offsetBytes;
  }

  /** @returns the next bytes as they come, at most `most` of them; undefined at the end */
  async piece(most = Number.POSITIVE_INFINITY): Promise<Buffer | undefined> {
    while (this.#held.length === 0) {
      const { done, value } = await this.#pieces.next();
      if (done) return undefined;
      this.#held = asBuffer(value);
    }
    return this.#take(most);
  }

  /** @returns `length` bytes, fewer only at the end; `length` must be bounded by the caller */
  async upTo(length: number): Promise<Buffer> {
    if (this.#held.length >= length) return this.#take(length);
    const pieces: Buffer[] = [];
    for (let missing = length; missing > 0; ) {
      const piece = await this.piece(missing);
      if (piece === undefined) break;
      pieces.push(piece);
      missing -= piece.length;
    }
    return pieces.length === 1 ? (pieces[0] ?? NOTHING) : Buffer.concat(pieces);
  }

  /** @throws {@link ArtifactError} `artifact.truncated` when the stream ends before, naming `what` */
  async exactly(length: number, what: string): Promise<Buffer> {
    const bytes = await this.upTo(length);
    if (bytes.length < length) throw new ArtifactError("artifact.truncated", `${what} is cut short`);
    return bytes;
  }

  /** @returns the bytes up to and including the first `end` */
  async through(end: number, options: { mostBytes: number; what: string }): Promise<Buffer> {
    const pieces: Buffer[] = [];
    for (let length = 0; length < options.mostBytes; ) {
      const piece = await this.piece(options.mostBytes - length);
      if (piece === undefined) throw new ArtifactError("artifact.truncated", `${options.what} is cut short`);
      const at = piece.indexOf(end);
      if (at >= 0) {
        this.unread(piece.subarray(at + 1));
        return Buffer.concat([...pieces, piece.subarray(0, at + 1)]);
      }
      pieces.push(piece);
      length += piece.length;
    }
    throw new ArtifactError("artifact.over-limit", `${options.what} is too long`);
  }

  /** Gives back bytes that were taken, so that they come again. They are copied only when it cannot be helped. */
  unread(bytes: Buffer): void {
    this.#offsetBytes -= bytes.length;
    const held = this.#held;
    if (held.length === 0) this.#held = bytes;
    else if (bytes.buffer === held.buffer && bytes.byteOffset + bytes.length === held.byteOffset)
      this.#held = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length + held.length);
    else this.#held = Buffer.concat([bytes, held]);
  }

  #take(most: number): Buffer {
    const taken = this.#held.subarray(0, Math.min(most, this.#held.length));
    this.#held = this.#held.subarray(taken.length);
    this.#offsetBytes += taken.length;
    return taken;
  }
}

/**
 * Reads to the end.
 * @returns how many bytes there were, and whether any of them was not zero
 */
export async function judgeRest(
  reader: FrontReader,
  checkTime: () => void,
): Promise<{ lengthBytes: number; isZero: boolean }> {
  let lengthBytes = 0;
  let isZero = true;
  for (let piece = await reader.piece(); piece !== undefined; piece = await reader.piece()) {
    checkTime();
    lengthBytes += piece.length;
    isZero &&= isAllZero(piece);
  }
  return { lengthBytes, isZero };
}

/** Bytes equal to themselves moved by one, and a first zero: all are zero. The comparison is native code. */
export const isAllZero = (bytes: Buffer): boolean =>
  bytes.length === 0 || (bytes[0] === 0 && bytes.subarray(1).equals(bytes.subarray(0, -1)));
