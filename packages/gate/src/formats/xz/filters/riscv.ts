/**
 * RISC-V: `jal`, and the pairs of `auipc` with the instruction behind it, which hold 32 bits of distance together.
 * Sources: xz-file-format 1.2.1 §5.3.2; how pairs are packed: the comments of XZ Utils 5.6, src/liblzma/simple/riscv.c.
 * @module
 */

import type { AddressConverter } from "./filter.ts";

const PAIR_BYTES = 8;
const JAL = 0xef;
const AUIPC = 0x17;
/** A register that programs do not use there: it marks a pair whose distance was made an address. */
const MARK_REGISTER = 2;
const MARKED = AUIPC | (MARK_REGISTER << 7);
const WHOLE_INSTRUCTION = 3;

/** Instructions may have two bytes, so each even place is looked at. */
export const riscv: AddressConverter = (bytes, start) => {
  let at = 0;
  while (at + PAIR_BYTES <= bytes.length) {
    const opcode = bytes[at] as number;
    if (opcode === JAL) at += convertJump(bytes, at, start + at);
    else if ((opcode & 0x7f) === AUIPC) at += convertPair(bytes, at, start + at);
    else at += 2;
  }
  return at;
};

/**
 * Calls alone: those that keep where they came from in register 1 or 5. The packed form has the address's bits in
 * order, highest first; the processor's has them scattered.
 */
function convertJump(bytes: Buffer, at: number, address: number): number {
  const low = bytes[at + 1] as number;
  if ((low & 0x0d) !== 0) return 2;
  const target = ((low >> 4) << 17) | (bytes.readUInt16BE(at + 2) << 1);
  const distance = target - address;
  const bit = (from: number, count: number): number => (distance >> from) & ((1 << count) - 1);
  bytes[at + 1] = (low & 0x0f) | (bit(12, 4) << 4);
  bytes.writeUInt16LE(bit(16, 4) | (bit(11, 1) << 4) | (bit(1, 10) << 5) | (bit(20, 1) << 15), at + 2);
  return 4;
}

function convertPair(bytes: Buffer, at: number, address: number): number {
  const first = bytes.readUInt32LE(at);
  const register = (first >>> 7) & 0x1f;
  if (register === 0 || register === MARK_REGISTER) return convertMarked(bytes, at, address);
  // What looks like a pair now was no pair: the program had the mark itself, and the compressor took it away.
  const second = bytes.readUInt32LE(at + 4);
  if (((second >>> 15) & 0x1f) !== register || (second & 3) !== WHOLE_INSTRUCTION) return 6;
  bytes.writeInt32LE(MARKED | (second << 12), at);
  bytes.writeInt32LE((first & 0xffff_f000) | (second >>> 20), at + 4);
  return PAIR_BYTES;
}

/** The second instruction, without its distance, stands in the first; the address follows, highest byte first. */
function convertMarked(bytes: Buffer, at: number, address: number): number {
  const first = bytes.readUInt32LE(at);
  const register = first >>> 27;
  const isPair = ((first >>> 12) & 3) === WHOLE_INSTRUCTION && ((first >>> 7) & 0x1f) === MARK_REGISTER;
  if (!isPair || register === 0 || register === MARK_REGISTER) return 4;
  const distance = (bytes.readInt32BE(at + 4) - address) | 0;
  // The processor takes the second instruction's twelve bits with their sign.
  bytes.writeInt32LE(AUIPC | (register << 7) | ((distance + 0x800) & 0xffff_f000), at);
  bytes.writeInt32LE((first >>> 12) | (distance << 20), at + 4);
  return PAIR_BYTES;
}
