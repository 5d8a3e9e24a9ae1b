/** Reads the fields of a packet from front to back; every length is checked. Source: RFC 9580 §3. @module */

import { ArtifactError } from "@sallyport/core";

export class Octets {
  readonly #bytes: Buffer;
  readonly #what: string;
  #at = 0;

  /** @param what - names the packet in errors */
  constructor(bytes: Buffer, what: string) {
    this.#bytes = bytes;
    this.#what = what;
  }

  get offset(): number {
    return this.#at;
  }

  get left(): number {
    return this.#bytes.length - this.#at;
  }

  /** @throws {@link ArtifactError} `artifact.truncated` when fewer bytes are left */
  take(length: number): Buffer {
    if (length > this.left)
      throw new ArtifactError("artifact.truncated", `OpenPGP: ${this.#what} is cut short`);
    this.#at += length;
    return this.#bytes.subarray(this.#at - length, this.#at);
  }

  /** A number of 1, 2 or 4 octets, big-endian. */
  number(octets: 1 | 2 | 4): number {
    return this.take(octets).readUIntBE(0, octets);
  }

  rest(): Buffer {
    return this.take(this.left);
  }

  /** A multiprecision integer (§3.2), without its leading zeros. */
  integer(): Buffer {
    const octets = this.take(Math.ceil(this.number(2) / 8));
    let start = 0;
    while (start < octets.length && octets[start] === 0) start += 1;
    return octets.subarray(start);
  }

  /** @throws {@link ArtifactError} `artifact.malformed` when bytes are left that no field explains */
  end(): void {
    if (this.left > 0)
      throw new ArtifactError("artifact.malformed", `OpenPGP: ${this.#what} has ${this.left} bytes too many`);
  }
}
