/**
 * Branches of Itanium: bundles of 16 bytes hold five bits that say what its three instructions of 41 bits are.
 * Sources: xz-file-format 1.2.1 §5.3.2; which instructions are meant: XZ Utils 5.6, src/liblzma/simple/ia64.c.
 * @module
 */

import type { AddressConverter } from "./filter.ts";

const BUNDLE_BYTES = 16;
const INSTRUCTION_BITS = 41n;
const INSTRUCTION_MASK = (1n << INSTRUCTION_BITS) - 1n;
/** Twenty bits of the distance, and its sign 23 bits further up. */
const DISTANCE_AT = 13n;
const SIGN_AT = 36n;
const DISTANCE_BITS = (0xfffffn << DISTANCE_AT) | (1n << SIGN_AT);

/** By the bundle's template, less 16: which instructions may be branches, the first one as bit 0. */
const BRANCH_SLOTS = [4, 4, 6, 6, 0, 0, 7, 7, 4, 4, 0, 0, 4, 4, 0, 0];

export const ia64: AddressConverter = (bytes, start) => {
  const end = bytes.length - (bytes.length % BUNDLE_BYTES);
  for (let at = 0; at < end; at += BUNDLE_BYTES) {
    const slots = BRANCH_SLOTS[((bytes[at] as number) & 0x1f) - 16] ?? 0;
    if (slots !== 0) convertBundle(bytes.subarray(at, at + BUNDLE_BYTES), slots, start + at);
  }
  return end;
};

function convertBundle(bundle: Buffer, slots: number, address: number): void {
  let whole = bundle.readBigUInt64LE(0) | (bundle.readBigUInt64LE(8) << 64n);
  for (let slot = 0; slot < 3; slot += 1) {
    if (((slots >> slot) & 1) === 0) continue;
    const shift = 5n + BigInt(slot) * INSTRUCTION_BITS;
    const instruction = (whole >> shift) & INSTRUCTION_MASK;
    if (!isBranch(instruction)) continue;
    whole ^= (instruction ^ convert(instruction, address)) << shift;
  }
  bundle.writeBigUInt64LE(BigInt.asUintN(64, whole), 0);
  bundle.writeBigUInt64LE(whole >> 64n, 8);
}

/** Opcode 5, `br.call`, and no other kind of branch. */
const isBranch = (instruction: bigint): boolean =>
  instruction >> 37n === 5n && ((instruction >> 9n) & 7n) === 0n;

/** Distances count bundles. */
function convert(instruction: bigint, address: number): bigint {
  const target =
    Number((instruction >> DISTANCE_AT) & 0xfffffn) | (Number((instruction >> SIGN_AT) & 1n) << 20);
  const distance = BigInt((target - (address >>> 4)) & 0x1f_ffff);
  const bits = ((distance & 0xfffffn) << DISTANCE_AT) | ((distance >> 20n) << SIGN_AT);
  return (instruction & ~DISTANCE_BITS) | bits;
}
