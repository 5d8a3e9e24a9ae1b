/** What was unpacked so far, bounded, which matches look back into. @module */

import { ArtifactError } from "@sallyport/core";

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

  write(bytes: Buffer): void {
    this.#expectRoom(bytes.length);
    bytes.copy(this.#bytes, this.#sizeBytes);
    this.#sizeBytes += bytes.length;
  }

  /** Copies what stands `distance` back, which may be made by the copy itself. */
  repeat(distance: number, lengthBytes: number): void {
    this.#expectRoom(lengthBytes);
    if (distance <= 0 || distance > this.#sizeBytes) throw damaged("it looks back before its beginning");
    const bytes = this.#bytes;
    const end = this.#sizeBytes + lengthBytes;
    if (distance >= lengthBytes)
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
