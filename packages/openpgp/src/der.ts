/**
 * Writes the little DER that `node:crypto` wants around numbers of OpenPGP. Every function returns one whole value and
 * takes whole values as parts. Source: ITU-T X.690 (2021) §8, §10.
 * @module
 */

const TAG = {
  integer: 0x02,
  bitString: 0x03,
  octetString: 0x04,
  null: 0x05,
  objectIdentifier: 0x06,
} as const;
const SEQUENCE = 0x30;

export const writeSequence = (...parts: readonly Uint8Array[]): Buffer =>
  writeValue(SEQUENCE, Buffer.concat(parts));

export const writeNull = (): Buffer => writeValue(TAG.null, Buffer.alloc(0));

export const writeOctetString = (content: Uint8Array): Buffer => writeValue(TAG.octetString, content);

export const writeBitString = (content: Uint8Array): Buffer =>
  writeValue(TAG.bitString, Buffer.concat([Buffer.from([0]), content]));

/** @param octets - of an unsigned number */
export function writeInteger(octets: Uint8Array): Buffer {
  let start = 0;
  while (start < octets.length - 1 && octets[start] === 0) start += 1;
  const trimmed = octets.subarray(start);
  const first = trimmed[0] ?? 0x80;
  return writeValue(TAG.integer, first < 0x80 ? trimmed : Buffer.concat([Buffer.from([0]), trimmed]));
}

/** @param dotted - `1.2.840.113549.1.1.1` */
export function writeObjectIdentifier(dotted: string): Buffer {
  const [first = 0, second = 0, ...rest] = dotted.split(".").map(Number);
  return writeOidContent(Buffer.from([first * 40 + second, ...rest.flatMap(base128)]));
}

/** @param content - the identifier as OpenPGP holds it: without tag and length */
export const writeOidContent = (content: Uint8Array): Buffer => writeValue(TAG.objectIdentifier, content);

function writeValue(tag: number, content: Uint8Array): Buffer {
  return Buffer.concat([Buffer.from([tag]), writeLength(content.length), content]);
}

function writeLength(length: number): Buffer {
  if (length < 0x80) return Buffer.from([length]);
  const octets: number[] = [];
  for (let rest = length; rest > 0; rest >>>= 8) octets.unshift(rest & 0xff);
  return Buffer.from([0x80 | octets.length, ...octets]);
}

function base128(arc: number): number[] {
  const octets = [arc & 0x7f];
  for (let rest = arc >>> 7; rest > 0; rest >>>= 7) octets.unshift((rest & 0x7f) | 0x80);
  return octets;
}
