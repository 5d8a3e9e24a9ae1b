/**
 * LZVN: opcodes of literals and matches. Source: Apple, lzfse 1.0, `lzvn_decode_base.c`, whose table of opcodes this is:
 *
 *     LLMMMDDD DDDDDDDD            small distance, unless the low three bits are 110 or 111
 *     101LLMMM DDDDDDMM DDDDDDDD   medium distance
 *     LLMMM111 DDDDDDDD DDDDDDDD   large distance
 *     LLMMM110                     the distance before, LL not 0
 *     00000110                     end; 00001110, 00010110: nothing
 *     1110LLLL / 11100000 LLLLLLLL literals only
 *     1111MMMM / 11110000 MMMMMMMM match only, the distance before
 * @module
 */

import { damaged, type Output } from "./output.ts";

interface Opcode {
  readonly literals: number;
  readonly match: number;
  readonly distance: number;
  /** Of the opcode itself. */
  readonly sizeBytes: number;
}

const END_BYTES = 8;
const SHORTEST_MATCH = 3;

/** @throws {@link ArtifactError} `artifact.malformed` */
export function unpackLzvn(packed: Buffer, output: Output): void {
  let distance = 0;
  let at = 0;
  while (packed[at] !== 0x06) {
    const code = readOpcode(packed, at, distance);
    const literalsAt = at + code.sizeBytes;
    at = literalsAt + code.literals;
    if (at > packed.length) throw damaged("its literals are cut short");
    output.write(packed.subarray(literalsAt, at));
    if (code.match > 0) output.repeat(code.distance, code.match);
    distance = code.distance;
  }
  if (at + END_BYTES !== packed.length || packed.subarray(at + 1).some((byte) => byte !== 0))
    throw damaged("its end is not where it should be");
}

function readOpcode(packed: Buffer, at: number, before: number): Opcode {
  const byte = (offset: number): number => {
    const value = packed[at + offset];
    if (value === undefined) throw damaged("an opcode is cut short");
    return value;
  };
  const word = (offset: number): number => byte(offset) + 256 * byte(offset + 1);
  const code = byte(0);
  const high = code >> 4;
  if (high === 0x7 || high === 0xd) throw damaged("an opcode is not defined");
  if (high === 0xe) return literalsOnly(code & 15, byte, before);
  if (high === 0xf) return matchOnly(code & 15, byte, before);
  if (high === 0xa || high === 0xb) {
    const rest = word(1);
    const match = ((code & 7) << 2) + (rest & 3) + SHORTEST_MATCH;
    return { literals: (code >> 3) & 3, match, distance: rest >> 2, sizeBytes: 3 };
  }
  const literals = code >> 6;
  const match = ((code >> 3) & 7) + SHORTEST_MATCH;
  const low = code & 7;
  if (low === 7) return { literals, match, distance: word(1), sizeBytes: 3 };
  if (low < 6) return { literals, match, distance: low * 256 + byte(1), sizeBytes: 2 };
  if (literals > 0) return { literals, match, distance: before, sizeBytes: 1 };
  if (code === 0x0e || code === 0x16) return { literals: 0, match: 0, distance: before, sizeBytes: 1 };
  throw damaged("an opcode is not defined");
}

const literalsOnly = (low: number, byte: (offset: number) => number, distance: number): Opcode =>
  low > 0
    ? { literals: low, match: 0, distance, sizeBytes: 1 }
    : { literals: byte(1) + 16, match: 0, distance, sizeBytes: 2 };

const matchOnly = (low: number, byte: (offset: number) => number, distance: number): Opcode =>
  low > 0
    ? { literals: 0, match: low, distance, sizeBytes: 1 }
    : { literals: 0, match: byte(1) + 16, distance, sizeBytes: 2 };
