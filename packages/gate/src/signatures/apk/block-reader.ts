/** Values in front of which their length stands, in four bytes, little-endian. Source: Android, APK Signature Scheme v2. @module */

import { ArtifactError } from "@sallyport/core";

export class BlockReader {
  readonly #bytes: Buffer;
  #at = 0;

  constructor(bytes: Buffer) {
    this.#bytes = bytes;
  }

  get ended(): boolean {
    return this.#at >= this.#bytes.length;
  }

  number(): number {
    if (this.#at + 4 > this.#bytes.length) throw malformed("ends inside a number");
    this.#at += 4;
    return this.#bytes.readUInt32LE(this.#at - 4);
  }

  value(): Buffer {
    const lengthBytes = this.number();
    if (this.#at + lengthBytes > this.#bytes.length) throw malformed("holds a value longer than itself");
    this.#at += lengthBytes;
    return this.#bytes.subarray(this.#at - lengthBytes, this.#at);
  }

  /** Values one after the other, in a value of their own. */
  values(most: number): readonly Buffer[] {
    const inside = new BlockReader(this.value());
    const list: Buffer[] = [];
    while (!inside.ended) {
      if (list.length >= most)
        throw new ArtifactError("artifact.over-limit", "apk: the signing block holds too many values");
      list.push(inside.value());
    }
    return list;
  }

  /** What is left. */
  rest(): Buffer {
    const left = this.#bytes.subarray(this.#at);
    this.#at = this.#bytes.length;
    return left;
  }

  expectEnd(): void {
    if (!this.ended) throw malformed("holds bytes that are no value");
  }
}

const malformed = (message: string): ArtifactError =>
  new ArtifactError("artifact.malformed", `apk: a signature ${message}`);
