/** Bytes that look like code of each processor, dense with what filters turn and with what only resembles it. @module */

import { sequence } from "@sallyport/testkit";

type Random = (bound: number) => number;

const byte = (random: Random) => random(256);
const pick = (random: Random, values: readonly number[]): number => values[random(values.length)] ?? 0;

function littleWord(value: number): number[] {
  const bytes = Buffer.alloc(4);
  bytes.writeInt32LE(value | 0);
  return [...bytes];
}
const bigWord = (value: number): number[] => littleWord(value).reverse();
const word = (random: Random): number => random(2 ** 32);

const KINDS: Readonly<Record<string, (random: Random) => readonly number[]>> = {
  x86: (random) => [pick(random, [0xe8, 0xe9, 0xe8, 0, 0xff, 0xff, 1, byte(random)])],
  powerpc: (random) =>
    bigWord((word(random) & 0x03ff_ffff) | pick(random, [0x4800_0000, 0x4800_0001, 0x4000_0001])),
  ia64: (random) => Array.from({ length: 16 }, (_, at) => (at === 0 ? random(32) : ia64Byte(random, at))),
  arm: (random) => littleWord((word(random) & 0xff_ffff) | (pick(random, [0xeb, 0xea, 0x0b]) << 24)),
  armthumb: (random) => [byte(random), pick(random, [0xf0, 0xf7, 0xf8, 0xff, 0xf3, 0xe0])],
  sparc: (random) => bigWord((word(random) & 0xff_ffff) | (pick(random, [0x40, 0x7f, 0x41]) << 24)),
  arm64: (random) =>
    littleWord(
      (word(random) & pick(random, [0x03ff_ffff, 0x601f_ffff, 0x60ff_ffff])) |
        pick(random, [0x9400_0000, 0x9000_0000]),
    ),
  riscv: riscvPiece,
};

/** Opcode 5 lies in different bits of each instruction of a bundle. */
const ia64Byte = (random: Random, at: number): number =>
  at === 5 || at === 10 || at === 15
    ? pick(random, [0x40, 0x50, 0x05, 0x14, 0x28, 0x2a, 0xa0, byte(random)])
    : pick(random, [0, byte(random)]);

function riscvPiece(random: Random): readonly number[] {
  const register = random(8);
  const first = (word(random) & 0xffff_f000) | (register << 7) | 0x17;
  const second =
    (word(random) & 0xfff0_7fff) | (pick(random, [register, random(32)]) << 15) | pick(random, [3, 0x67, 0]);
  const marked = (word(random) & 0xffff_0000) | 0x3117;
  return pickPiece(random, [
    [...littleWord(first), ...littleWord(second)],
    [...littleWord(marked), ...littleWord(word(random))],
    [0xef, pick(random, [0x00, 0x02, 0xf0, 0x52, byte(random)]), byte(random), byte(random)],
    [byte(random), byte(random)],
  ]);
}

const pickPiece = (random: Random, pieces: readonly (readonly number[])[]): readonly number[] =>
  pieces[random(pieces.length)] ?? [];

export const ARCHITECTURES = Object.keys(KINDS);

/** @param sizeBytes - at least; what comes out is not cut within a piece */
export function codeOf(architecture: string, sizeBytes: number): Buffer {
  const random = sequence(1970 + architecture.length);
  const kind = KINDS[architecture];
  if (kind === undefined) throw new Error(`no code of ${architecture} is known`);
  const pieces: number[] = [];
  while (pieces.length < sizeBytes) pieces.push(...kind(random));
  return Buffer.from(pieces);
}
