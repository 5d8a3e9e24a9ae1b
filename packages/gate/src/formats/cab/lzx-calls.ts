/**
 * LZX makes x86 programs smaller by turning the targets of CALL instructions from relative to absolute; this turns them
 * back. Source: [MS-PATCH] §2.6 (E8 call translation).
 * @module
 */

import type { BitReader } from "./bit-reader.ts";

/** The last bytes of a frame hold no whole instruction. */
const UNTRANSLATED_BYTES = 10;
/** Translation ends after the first gibibyte. */
const TRANSLATED_FRAMES = 32_768;

export class CallTranslation {
  /** Size of the program as its maker said; 0 where nothing is translated. */
  readonly #programBytes: number;
  #offset = 0;
  #frames = 0;

  private constructor(programBytes: number) {
    this.#programBytes = programBytes;
  }

  /** The stream begins with a bit, and a size when it is set. */
  static read(bits: BitReader): CallTranslation {
    return new CallTranslation(bits.read(1) === 1 ? bits.readLong(32) | 0 : 0);
  }

  /** @returns a copy of the frame, its calls relative again */
  translate(frame: Buffer): Buffer {
    const bytes = Buffer.from(frame);
    const offset = this.#offset;
    this.#offset += bytes.length;
    this.#frames += 1;
    if (this.#programBytes === 0 || this.#frames > TRANSLATED_FRAMES || bytes.length <= UNTRANSLATED_BYTES) {
      return bytes;
    }
    const end = bytes.length - UNTRANSLATED_BYTES;
    for (let at = bytes.indexOf(0xe8); at >= 0 && at < end; at = bytes.indexOf(0xe8, at + 5)) {
      const position = offset + at;
      const absolute = bytes.readInt32LE(at + 1);
      if (absolute < -position || absolute >= this.#programBytes) continue;
      bytes.writeInt32LE((absolute >= 0 ? absolute - position : absolute + this.#programBytes) | 0, at + 1);
    }
    return bytes;
  }
}
