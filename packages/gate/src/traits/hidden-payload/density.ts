/** How dense bytes are: what is packed or encrypted reads like noise. @module */

/** Bits per byte from which on bytes look packed or encrypted. */
export const DENSE_BITS = 7.5;

/** Shannon entropy in bits per byte, two decimals; 0 for nothing. */
export function entropyOf(bytes: Uint8Array): number {
  const counts = new Uint32Array(256);
  for (let at = 0; at < bytes.length; at += 1) {
    const byte = bytes[at] ?? 0;
    counts[byte] = (counts[byte] ?? 0) + 1;
  }
  return entropyOfCounts(counts, bytes.length);
}

export function entropyOfCounts(counts: Uint32Array, total: number): number {
  let bits = 0;
  for (const count of counts) if (count > 0) bits -= (count / total) * Math.log2(count / total);
  return Math.round(bits * 100) / 100;
}
