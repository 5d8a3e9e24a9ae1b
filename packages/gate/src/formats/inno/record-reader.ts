/** Reads records of strings and fixed parts from an unpacked block. @module */

import { ArtifactError } from "@sallyport/core";

export class RecordReader {
  readonly #bytes: Buffer;
  #at = 0;

  constructor(bytes: Buffer) {
    this.#bytes = bytes;
  }

  /** What was not read yet. */
  get restBytes(): number {
    return this.#bytes.length - this.#at;
  }

  take(length: number): Buffer {
    if (length > this.restBytes)
      throw new ArtifactError("artifact.malformed", "Inno Setup: a record is cut short");
    this.#at += length;
    return this.#bytes.subarray(this.#at - length, this.#at);
  }

  word(): number {
    return this.take(4).readUInt32LE(0);
  }

  /** A length and as many bytes. */
  string(): Buffer {
    return this.take(this.word());
  }

  strings(count: number): Buffer[] {
    return Array.from({ length: count }, () => this.string());
  }
}
