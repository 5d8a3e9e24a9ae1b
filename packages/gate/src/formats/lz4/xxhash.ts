/** XXH32, the checksum of LZ4 frames. Source: xxHash specification 0.1.1, "XXH32 Algorithm Description". @module */

const PRIME_1 = 0x9e3779b1;
const PRIME_2 = 0x85ebca77;
const PRIME_3 = 0xc2b2ae3d;
const PRIME_4 = 0x27d4eb2f;
const PRIME_5 = 0x165667b1;
const STRIPE_BYTES = 16;

/** Seed 0, as LZ4 uses it. */
export class XxHash32 {
  readonly #lanes = new Int32Array([PRIME_1 + PRIME_2, PRIME_2, 0, -PRIME_1]);
  readonly #held = Buffer.alloc(STRIPE_BYTES);
  #heldBytes = 0;
  #sizeBytes = 0;

  update(bytes: Buffer): this {
    this.#sizeBytes += bytes.length;
    let at = 0;
    if (this.#heldBytes > 0) {
      at = bytes.copy(this.#held, this.#heldBytes, 0, STRIPE_BYTES - this.#heldBytes);
      this.#heldBytes += at;
      if (this.#heldBytes < STRIPE_BYTES) return this;
      this.#stripes(this.#held, 0, STRIPE_BYTES);
      this.#heldBytes = 0;
    }
    const end = bytes.length - ((bytes.length - at) % STRIPE_BYTES);
    this.#stripes(bytes, at, end);
    this.#heldBytes = bytes.copy(this.#held, 0, end);
    return this;
  }

  digest(): number {
    const [a = 0, b = 0, c = 0, d = 0] = this.#lanes;
    const merged = rotate(a, 1) + rotate(b, 7) + rotate(c, 12) + rotate(d, 18);
    let hash = ((this.#sizeBytes >= STRIPE_BYTES ? merged : PRIME_5) + this.#sizeBytes) | 0;
    let at = 0;
    for (; at + 4 <= this.#heldBytes; at += 4) {
      hash = (hash + Math.imul(this.#held.readInt32LE(at), PRIME_3)) | 0;
      hash = Math.imul(rotate(hash, 17), PRIME_4);
    }
    for (; at < this.#heldBytes; at += 1) {
      hash = (hash + Math.imul(this.#held[at] ?? 0, PRIME_5)) | 0;
      hash = Math.imul(rotate(hash, 11), PRIME_1);
    }
    hash = Math.imul(hash ^ (hash >>> 15), PRIME_2);
    hash = Math.imul(hash ^ (hash >>> 13), PRIME_3);
    return (hash ^ (hash >>> 16)) >>> 0;
  }

  #stripes(bytes: Buffer, from: number, to: number): void {
    let [a = 0, b = 0, c = 0, d = 0] = this.#lanes;
    for (let at = from; at < to; at += STRIPE_BYTES) {
      a = round(a, bytes.readInt32LE(at));
      b = round(b, bytes.readInt32LE(at + 4));
      c = round(c, bytes.readInt32LE(at + 8));
      d = round(d, bytes.readInt32LE(at + 12));
    }
    this.#lanes.set([a, b, c, d]);
  }
}

const round = (lane: number, word: number): number =>
  Math.imul(rotate((lane + Math.imul(word, PRIME_2)) | 0, 13), PRIME_1);

const rotate = (word: number, bits: number): number => (word << bits) | (word >>> (32 - bits));
