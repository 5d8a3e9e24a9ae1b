/** Decodes one LZ4 block behind what came before it. Source: LZ4 Block Format Description 2022-07-31. @module */

import { ArtifactError } from "@sallyport/core";

/** How far back a match may reach. */
export const HISTORY_BYTES = 64 * 1024;
const LEAST_MATCH_BYTES = 4;
/** A length of this in the token goes on behind it. */
const MORE = 15;
/** Below this a call into native code costs more than a loop. */
const NATIVE_BYTES = 48;

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
    let literals = token >> 4;
    if (literals === MORE) {
      const more = moreBytes(input, at);
      literals = readLength(input, at, more);
      at += more;
    }
    if (at + literals > input.length || end + literals > output.length) throw damaged();
    if (literals > NATIVE_BYTES) input.copy(output, end, at, at + literals);
    else for (let from = at, to = end; from < at + literals; ) output[to++] = input[from++] as number;
    end += literals;
    at += literals;
    // The last sequence has no match.
    if (at === input.length) return end;
    if (at + 2 > input.length) throw damaged();
    const distance = input.readUInt16LE(at);
    at += 2;
    let length = token & 0x0f;
    if (length === MORE) {
      const more = moreBytes(input, at);
      length = readLength(input, at, more);
      at += more;
    }
    length += LEAST_MATCH_BYTES;
    if (distance === 0 || distance > end || end + length > output.length) throw damaged();
    end = repeat(output, { end, distance, length });
  }
}

/** How many bytes tell the rest of a length: all but the last are 255. */
function moreBytes(input: Buffer, from: number): number {
  for (let at = from; at < input.length; at += 1) if (input[at] !== 255) return at - from + 1;
  throw damaged();
}

const readLength = (input: Buffer, from: number, more: number): number =>
  MORE + 255 * (more - 1) + (input[from + more - 1] as number);

/** A match may overlap what it writes: then its bytes are the last `distance` ones over and over. */
function repeat(
  output: Buffer,
  { end, distance, length }: { end: number; distance: number; length: number },
): number {
  if (distance >= length && length > NATIVE_BYTES) {
    output.copyWithin(end, end - distance, end - distance + length);
    return end + length;
  }
  const stop = end + length;
  for (let from = end - distance, to = end; to < stop; ) output[to++] = output[from++] as number;
  return stop;
}

const damaged = (): ArtifactError => new ArtifactError("artifact.malformed", "lz4: a block is damaged");
