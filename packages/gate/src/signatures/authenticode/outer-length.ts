/** How long a DER value says it is, without decoding it. Source: X.690 §8.1.3, §10.1. @module */

/**
 * @returns bytes of the whole SEQUENCE with tag and length; undefined when it is none, its length is indefinite or not
 * the shortest possible, or it reaches past the end of `bytes`
 */
export function readOuterLength(bytes: Buffer): number | undefined {
  if (bytes.length < 2 || bytes.readUInt8(0) !== 0x30) return undefined;
  const first = bytes.readUInt8(1);
  if (first < 0x80) return 2 + first <= bytes.length ? 2 + first : undefined;
  const count = first & 0x7f;
  if (count === 0 || count > 4 || bytes.length < 2 + count) return undefined;
  const length = bytes.readUIntBE(2, count);
  if (length < 0x80 || length < 2 ** (8 * (count - 1))) return undefined;
  return 2 + count + length <= bytes.length ? 2 + count + length : undefined;
}
