/** What was unpacked so far, bounded, which matches look back into. @module */

import { ArtifactError } from "@sallyport/core";

/** Up to here a loop is faster than a call that copies. */
const SHORT_BYTES = 32;

export class Output {
  readonly #bytes: Buffer;
  #sizeBytes = 0;

  /** @param sizeBytes - of the whole; what would be more is refused */
  constructor(sizeBytes: number) {
    this.#bytes = Buffer.alloc(sizeBytes);
  }

  get sizeBytes(): number {
    return this.#sizeBytes;
  }

  /** @param from - where in `source`, and how many, which the caller has made sure of */
  write(source: Buffer, from = 0, lengthBytes = source.length): void {
    this.#expectRoom(lengthBytes);
    const bytes = this.#bytes;
    const start = this.#sizeBytes;
    if (lengthBytes > SHORT_BYTES) source.copy(bytes, start, from, from + lengthBytes);
    else for (let at = 0; at < lengthBytes; at += 1) bytes[start + at] = source[from + at] ?? 0;
    this.#sizeBytes = start + lengthBytes;
  }

  /** Copies what stands `distance` back, which may be made by the copy itself. */
  repeat(distance: number, lengthBytes: number): void {
    this.#expectRoom(lengthBytes);
    if (distance <= 0 || distance > this.#sizeBytes) throw damaged("it looks back before its beginning");
    const bytes = this.#bytes;
    const end = this.#sizeBytes + lengthBytes;
    if (distance >= lengthBytes && lengthBytes > SHORT_BYTES)
      bytes.copy(bytes, this.#sizeBytes, this.#sizeBytes - distance, end - distance);
    else for (let at = this.#sizeBytes; at < end; at += 1) bytes[at] = bytes[at - distance] ?? 0;
    this.#sizeBytes = end;
  }

  /** @throws {@link ArtifactError} `artifact.malformed` when it is not whole */
  finish(): Buffer {
    if (this.#sizeBytes !== this.#bytes.length) throw damaged("it unpacks to less than it should");
    return this.#bytes;
  }

  #expectRoom(lengthBytes: number): void {
    if (this.#sizeBytes + lengthBytes > this.#bytes.length)
      throw damaged("it unpacks to more than it should");
  }
}

export const damaged = (what: string): ArtifactError =>
  new ArtifactError("artifact.malformed", `LZFSE: ${what}`);
