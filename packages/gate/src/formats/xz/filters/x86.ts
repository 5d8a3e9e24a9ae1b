/**
 * `call` and `jmp` of x86 with a distance of 32 bits. Instructions have any length, so that an opcode may as well be part
 * of another's operand: which ones the compressor turned must be found out in the same way again.
 * Sources: xz-file-format 1.2.1 §5.3.2; which ones are turned: XZ Utils 5.6, src/liblzma/simple/x86.c.
 * @module
 */

import type { AddressConverter } from "./filter.ts";

const INSTRUCTION_BYTES = 5;
/** Nearer opcodes lie in front of an operand's highest byte. */
const NEAR_BYTES = 3;

/** @returns a converter that remembers what it left alone; for one block */
export function x86(): AddressConverter {
  /** Bit 0: one byte before the current one stands an opcode that was left alone; bit 1: two bytes before; and so on. */
  let left = 0;
  return (bytes, start) => {
    let at = 0;
    while (at + INSTRUCTION_BYTES <= bytes.length) {
      if (!isBranch(bytes[at] as number)) {
        left = (left << 1) & 7;
        at += 1;
      } else if (isTurned(bytes, at, left)) {
        turn(bytes, at, { next: start + at + INSTRUCTION_BYTES, near: NEAREST[left] ?? 0 });
        left = 0;
        at += INSTRUCTION_BYTES;
      } else {
        left = ((left << 1) | 1) & 7;
        at += 1;
      }
    }
    return at;
  };
}

/** By what was left alone: how many bytes before, where it is one; more than one is never turned. */
const NEAREST: readonly (number | undefined)[] = [0, 1, 2, undefined, NEAR_BYTES];

const isBranch = (byte: number): boolean => byte === 0xe8 || byte === 0xe9;

/** Of a distance that does not leave the program. */
const isHighest = (byte: number): boolean => byte === 0 || byte === 0xff;

/** Not where an opcode that was left alone could be the real one: its distance ends inside of this one. */
function isTurned(bytes: Buffer, at: number, left: number): boolean {
  const near = NEAREST[left];
  if (near === undefined || !isHighest(bytes[at + 4] as number)) return false;
  return near === 0 || !isHighest(bytes[at + 4 - near] as number);
}

/**
 * Where a byte of the distance would make the opcode before look like the real one, the compressor turned the bytes up to
 * there once more. Once is enough: the byte then is the opposite of the one that was seen not to look so.
 */
function turn(bytes: Buffer, at: number, { next, near }: { next: number; near: number }): void {
  let distance = (bytes.readInt32LE(at + 1) - next) | 0;
  if (near > 0 && isHighest((distance >>> (24 - near * 8)) & 0xff))
    distance = ((distance ^ (2 ** (32 - near * 8) - 1)) - next) | 0;
  // 25 bits are kept, of which the highest is the sign.
  bytes.writeInt32LE((distance << 7) >> 7, at + 1);
}
