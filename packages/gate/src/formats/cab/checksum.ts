/** Checksums of data blocks. Source: [MS-CAB] §3.1, CSUMCompute. @module */

/** XOR of little-endian 32-bit words; what is left over at the end is read in the other direction. */
export function blockChecksum(bytes: Buffer, seed: number): number {
  let sum = seed;
  const whole = bytes.length - (bytes.length % 4);
  for (let at = 0; at < whole; at += 4) sum ^= bytes.readUInt32LE(at);
  const rest = bytes.length - whole;
  if (rest > 0) sum ^= bytes.readUIntBE(whole, rest);
  return sum >>> 0;
}
