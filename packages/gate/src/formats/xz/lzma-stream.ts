/**
 * LZMA without LZMA2 around it: five bytes of properties, then one stream, which ends at a size that is known from
 * elsewhere, at its own end mark, or where its container says so. For `.lzma` files and for installers.
 * Source: Igor Pavlov, "LZMA specification" (lzma-specification.txt, LZMA SDK).
 * @module
 */

import { ArtifactError, type Budget } from "@sallyport/core";
import type { FrontReader } from "../front-reader.ts";
import { LONGEST_MATCH_BYTES, LONGEST_STEP_BYTES, LzmaDecoder } from "./lzma.ts";
import { Window, windowBytes } from "./window.ts";

export const LZMA_PROPERTIES_BYTES = 5;
/** LZMA SDK: decoders use no smaller dictionary. */
const LEAST_DICTIONARY_BYTES = 4096;
const INPUT_BYTES = 64 * 1024;
const OUTPUT_BYTES = 256 * 1024;
const WHAT = "lzma: the data";

export interface LzmaOptions {
  readonly budget: Budget;
  readonly maxHeldBytes: number;
  /** Of what comes out, where it is known; otherwise the stream ends at its mark, or with the reader. */
  readonly sizeBytes?: number | undefined;
  /**
   * Where the stream itself must say that it is over: `required` by its end mark, `allowed` by the mark behind a size
   * that is known, or by the coder's state. Left out, what ends with the reader has ended.
   */
  readonly endMark?: "required" | "allowed" | undefined;
}

/**
 * Reads the properties and unpacks what follows; what lies behind the stream goes back to the reader.
 * @throws {@link ArtifactError} `artifact.truncated`, `artifact.malformed`, `artifact.over-limit`
 */
export async function* unpackLzma(reader: FrontReader, options: LzmaOptions): AsyncGenerator<Buffer> {
  const properties = await reader.exactly(LZMA_PROPERTIES_BYTES, WHAT);
  const window = windowFor(properties.readUInt32LE(1), options);
  const decoder = new LzmaDecoder(window);
  decoder.setPropertiesAlone(properties.readUInt8(0));
  decoder.start(await reader.exactly(LZMA_PROPERTIES_BYTES, WHAT));
  let left = options.sizeBytes ?? Number.POSITIVE_INFINITY;
  for (let isOver = left === 0; !isOver; ) {
    const input = await reader.upTo(INPUT_BYTES);
    const isAll = input.length < INPUT_BYTES;
    let at = 0;
    for (;;) {
      options.budget.checkTime();
      window.makeRoom(OUTPUT_BYTES + LONGEST_MATCH_BYTES);
      const start = window.end;
      const ends = { softEnd: start + Math.min(left, OUTPUT_BYTES), hardEnd: start + left };
      at += decoder.decodeOn(input.subarray(at), isAll, ends);
      const sizeBytes = window.end - start;
      left -= sizeBytes;
      options.budget.spendBytes(sizeBytes);
      if (sizeBytes > 0) yield window.copyLast(sizeBytes);
      isOver = decoder.isEnded || left === 0 || (isAll && at === input.length);
      if (isOver || (!isAll && input.length - at < LONGEST_STEP_BYTES)) break;
    }
    reader.unread(input.subarray(at));
  }
  if (left > 0 && (Number.isFinite(left) || (options.endMark === "required" && !decoder.isEnded)))
    throw new ArtifactError("artifact.truncated", `${WHAT} is cut short`);
  if (options.endMark === "allowed" && !decoder.isEnded && !decoder.isClean)
    await readEndMark(reader, decoder, window);
  if (options.endMark !== undefined && !decoder.isClean)
    throw new ArtifactError("artifact.malformed", `${WHAT} does not end where it must`);
}

/** Behind the size that is known nothing may come but the mark. */
async function readEndMark(reader: FrontReader, decoder: LzmaDecoder, window: Window): Promise<void> {
  window.makeRoom(LONGEST_MATCH_BYTES);
  const input = await reader.upTo(LONGEST_STEP_BYTES);
  const taken = decoder.decodeOn(input, true, { softEnd: window.end + 1, hardEnd: window.end });
  if (!decoder.isEnded) throw new ArtifactError("artifact.malformed", `${WHAT} does not end where it must`);
  reader.unread(input.subarray(taken));
}

/** A dictionary larger than all that comes out is never filled. */
function windowFor(claimedBytes: number, { sizeBytes, maxHeldBytes }: LzmaOptions): Window {
  const dictionaryBytes = Math.max(LEAST_DICTIONARY_BYTES, Math.min(claimedBytes, sizeBytes ?? claimedBytes));
  const needed = windowBytes(dictionaryBytes);
  if (needed > maxHeldBytes)
    throw new ArtifactError(
      "artifact.over-limit",
      `lzma: the dictionary needs ${needed} bytes at once, ${maxHeldBytes} are allowed`,
    );
  return new Window(dictionaryBytes);
}
