/** Decodes one LZ4 block behind what came before it. Source: LZ4 Block Format Description 2022-07-31. @module */

import { ArtifactError } from "@sallyport/core";

/** How far back a match may reach. */
export const HISTORY_BYTES = 64 * 1024;
const LEAST_MATCH_BYTES = 4;

/**
 * @param output - its first `start` bytes may be copied from; what is decoded goes behind them
 * @returns where in `output` the decoded bytes end
 * @throws {@link ArtifactError} `artifact.malformed`, also when the output has no room for more
 */
export function decodeBlock(input: Buffer, output: Buffer, start: number): number {
  let at = 0;
  let end = start;
  for (;;) {
    const token = input[at];
    if (token === undefined) throw damaged();
    at += 1;
    const literals = readLength(input, at, token >> 4);
    at = literals.at;
    if (at + literals.length > input.length || end + literals.length > output.length) throw damaged();
    end += input.copy(output, end, at, at + literals.length);
    at += literals.length;
    // The last sequence has no match.
    if (at === input.length) return end;
    if (at + 2 > input.length) throw damaged();
    const distance = input.readUInt16LE(at);
    const match = readLength(input, at + 2, token & 0x0f);
    at = match.at;
    const length = match.length + LEAST_MATCH_BYTES;
    if (distance === 0 || distance > end || end + length > output.length) throw damaged();
    end = repeat(output, { end, distance, length });
  }
}

/** Fifteen means that more follows: bytes that are added up, the last one below 255. */
function readLength(input: Buffer, from: number, nibble: number): { length: number; at: number } {
  let length = nibble;
  let at = from;
  for (let more = nibble === 15; more; at += 1) {
    const byte = input[at];
    if (byte === undefined) throw damaged();
    length += byte;
    more = byte === 255;
  }
  return { length, at };
}

/** A match may overlap what it writes: then its bytes are the last `distance` ones over and over. */
function repeat(
  output: Buffer,
  { end, distance, length }: { end: number; distance: number; length: number },
): number {
  if (distance >= length) {
    output.copyWithin(end, end - distance, end - distance + length);
    return end + length;
  }
  for (let to = end; to < end + length; to += 1) output[to] = output[to - distance] as number;
  return end + length;
}

const damaged = (): ArtifactError => new ArtifactError("artifact.malformed", "lz4: a block is damaged");
