/** How far two TLSH digests are apart. Source: as `digest.ts`, §3.5 of the paper. @module */

const DIGEST = /^[0-9A-F]{70}$/;

/** A digest as bytes, to be compared many times. */
export type ReadDigest = Uint8Array;

/** @returns the 35 bytes; undefined when the text is no digest */
export const readDigest = (text: string): ReadDigest | undefined =>
  DIGEST.test(text) ? Buffer.from(text, "hex") : undefined;

/**
 * @returns 0 for what is nearly the same; up to about 50 for versions of one file; over 150 for strangers
 */
export function digestDistance(a: ReadDigest, b: ReadDigest): number {
  const at = (digest: ReadDigest, index: number): number => digest[index] ?? 0;
  const swapped = (digest: ReadDigest, index: number): number => swapHalves(at(digest, index));
  let distance = at(a, 0) === at(b, 0) ? 0 : 1;
  const length = around(swapped(a, 1), swapped(b, 1), 256);
  distance += length <= 1 ? length : length * 12;
  for (const half of [around(at(a, 2) >> 4, at(b, 2) >> 4, 16), around(at(a, 2) & 15, at(b, 2) & 15, 16)])
    distance += half <= 1 ? half : (half - 1) * 12;
  for (let index = 3; index < 35; index += 1) distance += pairDistance(at(a, index), at(b, index));
  return distance;
}

const swapHalves = (byte: number): number => ((byte & 0xf) << 4) | (byte >> 4);

/** The shorter way around a circle. */
function around(from: number, to: number, size: number): number {
  const straight = Math.abs(from - to);
  return Math.min(straight, size - straight);
}

/** Four quartile ranks of two bits each; from the lowest to the highest counts double. */
function pairDistance(a: number, b: number): number {
  let sum = 0;
  for (let shift = 0; shift < 8; shift += 2) {
    const apart = Math.abs(((a >> shift) & 3) - ((b >> shift) & 3));
    sum += apart === 3 ? 6 : apart;
  }
  return sum;
}
