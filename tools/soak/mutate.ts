/** Seeded damage: the same seed makes the same file again. @module */

export type Random = (bound: number) => number;

/** Numbers that look random and are the same in every run. Source: Marsaglia, Xorshift RNGs (2003). */
export function sequence(seed: number): Random {
  let state = Math.imul(seed, 2_654_435_761) | 1;
  const next = () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return state >>> 0;
  };
  for (let round = 0; round < 8; round += 1) next();
  return (bound) => (bound <= 1 ? 0 : next() % bound);
}

/** Sizes, counts and offsets that break arithmetic. */
const NASTY = [
  0, 1, 2, 0x7f, 0x80, 0xff, 0x7fff, 0x8000, 0xffff, 0x7fff_ffff, 0x8000_0000, 0xffff_fffe, 0xffff_ffff,
];

/** @param other - another file, to be spliced in */
export function mutate(whole: Buffer, other: Buffer, random: Random): Buffer {
  let bytes: Buffer = Buffer.from(whole);
  const changes = 1 + random(6);
  for (let change = 0; change < changes; change += 1) bytes = mutateOnce(bytes, other, random);
  return bytes;
}

function mutateOnce(bytes: Buffer, other: Buffer, random: Random): Buffer {
  const at = placeIn(bytes, random);
  switch (random(9)) {
    case 0:
      return bytes.subarray(0, at);
    case 1:
      return Buffer.concat([bytes.subarray(0, at), bytes.subarray(at + 1 + random(64))]);
    case 2:
      return Buffer.concat([bytes.subarray(0, at), other.subarray(0, random(4096)), bytes.subarray(at)]);
    case 3:
      return Buffer.concat([bytes, bytes.subarray(at, at + random(4096))]);
    case 4:
    case 5:
      return writeNumber(bytes, at, NASTY[random(NASTY.length)] ?? 0, 2 + 2 * random(2));
    case 6:
      return writeNumber(bytes, at, random(0xffff_ffff), 1 + random(4));
    default:
      if (at < bytes.length) bytes[at] = (bytes[at] ?? 0) ^ (1 << random(8));
      return bytes;
  }
}

/** Half of the time near an end, where headers and directories are. */
function placeIn(bytes: Buffer, random: Random): number {
  const near = Math.min(1024, bytes.length);
  if (random(4) === 0) return random(near);
  if (random(3) === 0) return bytes.length - 1 - random(near);
  return random(bytes.length);
}

function writeNumber(bytes: Buffer, at: number, value: number, length: number): Buffer {
  for (let index = 0; index < length && at + index < bytes.length && at >= 0; index += 1)
    bytes[at + index] = (value >>> (8 * index)) & 0xff;
  return bytes;
}
