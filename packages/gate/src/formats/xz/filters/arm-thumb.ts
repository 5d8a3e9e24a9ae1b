/**
 * `bl` of ARM's short instructions: two halves, each with eleven bits of the distance.
 * Sources: xz-file-format 1.2.1 §5.3.2; which instructions are meant: XZ Utils 5.6, src/liblzma/simple/armthumb.c.
 * @module
 */

import type { AddressConverter } from "./filter.ts";

const FIRST = 0xf000;
const SECOND = 0xf800;
const KIND = 0xf800;
const DISTANCE = 0x7ff;

/** The processor counts from two instructions further on, in units of two bytes. */
export const armThumb: AddressConverter = (bytes, start) => {
  let at = 0;
  for (; at + 4 <= bytes.length; at += 2) {
    const first = bytes.readUInt16LE(at);
    const second = bytes.readUInt16LE(at + 2);
    if ((first & KIND) !== FIRST || (second & KIND) !== SECOND) continue;
    const target = ((first & DISTANCE) << 11) | (second & DISTANCE);
    const distance = target - ((start + at + 4) >>> 1);
    bytes.writeUInt16LE(FIRST | ((distance >>> 11) & DISTANCE), at);
    bytes.writeUInt16LE(SECOND | (distance & DISTANCE), at + 2);
    at += 2;
  }
  return at;
};
