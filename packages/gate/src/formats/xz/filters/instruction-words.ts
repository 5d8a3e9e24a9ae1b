/**
 * Processors whose instructions are words of four bytes: only the word itself tells whether it holds an address.
 * Sources: xz-file-format 1.2.1 §5.3.2; which instructions are meant: XZ Utils 5.6, src/liblzma/simple.
 * @module
 */

import type { AddressConverter } from "./filter.ts";

const WORD_BYTES = 4;

/** @returns the instruction as the program had it; words beyond 32 bits are cut */
type WordConverter = (word: number, address: number) => number;

const littleEndian =
  (convert: WordConverter): AddressConverter =>
  (bytes, start) => {
    const end = bytes.length - (bytes.length % WORD_BYTES);
    for (let at = 0; at < end; at += WORD_BYTES)
      bytes.writeInt32LE(convert(bytes.readInt32LE(at), start + at) | 0, at);
    return end;
  };

const bigEndian =
  (convert: WordConverter): AddressConverter =>
  (bytes, start) => {
    const end = bytes.length - (bytes.length % WORD_BYTES);
    for (let at = 0; at < end; at += WORD_BYTES)
      bytes.writeInt32BE(convert(bytes.readInt32BE(at), start + at) | 0, at);
    return end;
  };

/** `bl`: opcode 18, relative, with link; 24 bits count words. */
export const powerPc: AddressConverter = bigEndian((word, address) =>
  (word & 0xfc00_0003) === (0x4800_0001 | 0) ? 0x4800_0001 | ((word - address) & 0x03ff_fffc) : word,
);

/** `bl` that is always executed. The processor counts from two instructions further on. */
export const arm: AddressConverter = littleEndian((word, address) =>
  word >>> 24 === 0xeb ? 0xeb00_0000 | ((word - ((address + 8) >>> 2)) & 0x00ff_ffff) : word,
);

/** `call` to what lies within 16 MiB: the seven bits above the 23 of the distance say its sign. */
export const sparc: AddressConverter = bigEndian((word, address) => {
  const high = word >>> 22;
  if (high !== 0x100 && high !== 0x1ff) return word;
  // 22 bits and a sign are kept; the processor has 30.
  const distance = ((word - (address >>> 2)) << 9) >> 9;
  return 0x4000_0000 | (distance & 0x3fff_ffff);
});

/** `bl` with 26 bits of words, and `adrp` with 21 bits of pages as far as they lie within 512 MiB. */
export const arm64: AddressConverter = littleEndian((word, address) => {
  if (word >>> 26 === 0x25) return 0x9400_0000 | ((word - (address >>> 2)) & 0x03ff_ffff);
  if ((word & 0x9f00_0000) !== (0x9000_0000 | 0)) return word;
  const pages = ((word >>> 3) & 0x1f_fffc) | ((word >>> 29) & 3);
  if (((pages + 0x2_0000) & 0x1c_0000) !== 0) return word;
  // 18 bits are kept, of which the highest is the sign.
  const distance = ((pages - ((address >>> 0) >>> 12)) << 14) >> 14;
  return (word & 0x9000_001f) | ((distance & 3) << 29) | ((distance & 0x1f_fffc) << 3);
});
