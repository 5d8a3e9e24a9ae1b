/**
 * TLSH: a digest whose distance tells how alike two files are. 128 buckets, one byte of checksum, windows of five bytes.
 * Source: Oliver, Cheng, Chen, "TLSH - A Locality Sensitive Hash" (CTC 2013), §3, and the reference implementation's
 * constants (github.com/trendmicro/tlsh).
 * @module
 */

/** Fewer bytes say too little; the reference asks for 256 in its conservative mode. */
export const MIN_DIGEST_BYTES = 256;

const WINDOW_BYTES = 5;
const BUCKETS = 128;
const BODY_BYTES = BUCKETS / 4;

/** Pearson's table: CACM 33(6), 1990, p. 677. */
const PEARSON = Uint8Array.from([
  1, 87, 49, 12, 176, 178, 102, 166, 121, 193, 6, 84, 249, 230, 44, 163, 14, 197, 213, 181, 161, 85, 218, 80,
  64, 239, 24, 226, 236, 142, 38, 200, 110, 177, 104, 103, 141, 253, 255, 50, 77, 101, 81, 18, 45, 96, 31,
  222, 25, 107, 190, 70, 86, 237, 240, 34, 72, 242, 20, 214, 244, 227, 149, 235, 97, 234, 57, 22, 60, 250, 82,
  175, 208, 5, 127, 199, 111, 62, 135, 248, 174, 169, 211, 58, 66, 154, 106, 195, 245, 171, 17, 187, 182, 179,
  0, 243, 132, 56, 148, 75, 128, 133, 158, 100, 130, 126, 91, 13, 153, 246, 216, 219, 119, 68, 223, 78, 83,
  88, 201, 99, 122, 11, 92, 32, 136, 114, 52, 10, 138, 30, 48, 183, 156, 35, 61, 26, 143, 74, 251, 94, 129,
  162, 63, 152, 170, 7, 115, 167, 241, 206, 3, 150, 55, 59, 151, 220, 90, 53, 23, 131, 125, 173, 15, 238, 79,
  95, 89, 16, 105, 137, 225, 224, 217, 160, 37, 123, 118, 73, 2, 157, 46, 116, 9, 145, 134, 228, 207, 212,
  202, 215, 69, 229, 27, 188, 67, 124, 168, 252, 42, 4, 29, 108, 21, 247, 19, 205, 39, 203, 233, 40, 186, 147,
  198, 192, 155, 33, 164, 191, 98, 204, 165, 180, 117, 76, 140, 36, 210, 172, 41, 54, 159, 8, 185, 232, 113,
  196, 231, 47, 146, 120, 51, 65, 28, 144, 254, 221, 93, 189, 194, 139, 112, 43, 71, 109, 184, 209,
]);

/**
 * Digests bytes. One pass; the six hashes of a window share a table for their first two letters.
 * @returns 35 bytes as upper-case hex, without the `T1` the reference puts in front; undefined for fewer than
 *   {@link MIN_DIGEST_BYTES} bytes, or when they are too alike to say anything
 */
export function similarityDigest(bytes: Uint8Array): string | undefined {
  if (bytes.length < MIN_DIGEST_BYTES) return undefined;
  const { buckets, checksum } = countTriplets(bytes);
  const counts = buckets.subarray(0, BUCKETS);
  if (counts.filter((count) => count > 0).length <= BUCKETS / 2) return undefined;
  const sorted = counts.toSorted();
  const quartile = (quarter: number): number => sorted[(BUCKETS / 4) * quarter - 1] ?? 0;
  const [first, second, third] = [quartile(1), quartile(2), quartile(3)];
  const body = new Uint8Array(BODY_BYTES);
  for (let index = 0; index < BUCKETS; index += 1) {
    const count = counts[index] ?? 0;
    const rank = Number(count > first) + Number(count > second) + Number(count > third);
    const place = BODY_BYTES - 1 - (index >> 2);
    body[place] = (body[place] ?? 0) | (rank << ((index & 3) * 2));
  }
  const ratio = (part: number): number => Math.floor((part * 100) / third) % 16;
  const head = [checksum, lengthCode(bytes.length), (ratio(second) << 4) | ratio(first)].map(swapHalves);
  return Buffer.from([...head, ...body])
    .toString("hex")
    .toUpperCase();
}

const swapHalves = (byte: number): number => ((byte & 0xf) << 4) | (byte >> 4);

/** Logarithm of the length, its base smaller for longer files: reference, `l_capturing`. */
function lengthCode(length: number): number {
  const log = Math.log(length);
  if (length <= 656) return Math.floor(log / 0.4054651) & 0xff;
  if (length <= 3199) return Math.floor(log / 0.26236426 - 8.72777) & 0xff;
  return Math.floor(log / 0.09531018 - 62.5472) & 0xff;
}

const pearson = (index: number): number => PEARSON[index] ?? 0;

/** Salts of the six triplets of a window, in the order of {@link countTriplets}. */
const SALTS = [2, 3, 11, 5, 7, 13];
let prefixTables: Uint8Array | undefined;

/** For each salt, what two letters hash to: 64 KiB each, made when they are first needed. */
function twoLetterTables(): Uint8Array {
  if (prefixTables !== undefined) return prefixTables;
  const tables = new Uint8Array(SALTS.length << 16);
  for (const [index, salt] of SALTS.entries())
    for (let letters = 0; letters < 1 << 16; letters += 1)
      tables[(index << 16) | letters] = pearson(pearson(pearson(salt) ^ (letters >> 8)) ^ (letters & 0xff));
  prefixTables = tables;
  return tables;
}

function countTriplets(bytes: Uint8Array): { readonly buckets: Uint32Array; readonly checksum: number } {
  const tables = twoLetterTables();
  const buckets = new Uint32Array(256);
  const count = (table: number, letters: number, last: number): void => {
    const bucket = pearson((tables[(table << 16) | letters] ?? 0) ^ last);
    buckets[bucket] = (buckets[bucket] ?? 0) + 1;
  };
  const byteAt = (index: number): number => bytes[index] ?? 0;
  let checksum = 0;
  let [fifth, fourth, third, second] = [byteAt(0), byteAt(1), byteAt(2), byteAt(3)];
  for (let index = WINDOW_BYTES - 1; index < bytes.length; index += 1) {
    const newest = byteAt(index);
    const high = newest << 8;
    checksum = pearson(pearson(pearson(pearson(0) ^ newest) ^ second) ^ checksum);
    count(0, high | second, third);
    count(1, high | second, fourth);
    count(2, high | second, fifth);
    count(3, high | third, fourth);
    count(4, high | third, fifth);
    count(5, high | fourth, fifth);
    fifth = fourth;
    fourth = third;
    third = second;
    second = newest;
  }
  return { buckets, checksum };
}
