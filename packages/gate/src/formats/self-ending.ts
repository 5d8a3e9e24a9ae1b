/** Runs a decompressor whose data tells its own end, and gives back to the reader what lies behind it. @module */

import { once } from "node:events";
import type { Transform } from "node:stream";
import type { Budget } from "@sallyport/core";
import { asArtifactError } from "./decompression.ts";
import type { FrontReader } from "./front-reader.ts";

/** Of node:zlib; `bytesWritten` counts the input that it really took. */
export type Engine = Transform & { readonly bytesWritten: number };

/**
 * @param what - names the data in errors
 * @throws {@link ArtifactError} `artifact.truncated`, `artifact.malformed`, `artifact.over-limit`
 */
export async function* decompressOne(
  reader: FrontReader,
  engine: Engine,
  options: { budget: Budget; what: string },
): AsyncGenerator<Buffer> {
  const fed: Buffer[] = [];
  const feeding = feed(reader, engine, fed);
  try {
    for await (const chunk of engine) {
      options.budget.spendBytes(chunk.length);
      yield chunk;
    }
  } catch (error) {
    throw asArtifactError(error, options.what);
  } finally {
    engine.destroy();
    // Only then nobody reads from the reader any more.
    await feeding;
  }
  const fedBytes = await feeding;
  let restBytes = fedBytes - engine.bytesWritten;
  for (let last = fed.pop(); last !== undefined && restBytes > 0; last = fed.pop()) {
    reader.unread(last.subarray(Math.max(0, last.length - restBytes)));
    restBytes -= last.length;
  }
}

/** Never throws: an error of the reader ends the engine, whose consumer sees it. */
async function feed(reader: FrontReader, engine: Engine, fed: Buffer[]): Promise<number> {
  let fedBytes = 0;
  let heldBytes = 0;
  try {
    while (!engine.destroyed && !engine.readableEnded) {
      const piece = await reader.piece();
      if (piece === undefined) {
        engine.end();
        break;
      }
      fed.push(piece);
      fedBytes += piece.length;
      heldBytes += piece.length;
      for (
        let first = fed[0];
        first && heldBytes - first.length >= fedBytes - engine.bytesWritten;
        first = fed[0]
      ) {
        heldBytes -= first.length;
        fed.shift();
      }
      if (!engine.destroyed && !engine.write(piece) && !engine.destroyed) await roomOrEnd(engine);
    }
  } catch (error) {
    engine.destroy(error instanceof Error ? error : new Error(String(error)));
  }
  return fedBytes;
}

async function roomOrEnd(engine: Engine): Promise<void> {
  const waiting = new AbortController();
  try {
    // After its data's end the engine takes nothing more and never asks for more.
    await Promise.race(
      [
        once(engine, "drain", { signal: waiting.signal }),
        once(engine, "close", { signal: waiting.signal }),
      ].map((event) => event.catch(() => undefined)),
    );
  } finally {
    waiting.abort();
  }
}
