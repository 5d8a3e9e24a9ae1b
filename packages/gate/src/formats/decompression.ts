/** Runs one of Node's decompressors over a stream, bounded and with our errors. @module */

import { pipeline, Readable, type Transform } from "node:stream";
import { ArtifactError, type Budget, SallyportError } from "@sallyport/core";

/**
 * @param what - names the data in errors
 * @throws {@link ArtifactError} `artifact.truncated` or `artifact.malformed` for damaged data, `artifact.over-limit`
 */
export async function* decompress(
  bytes: AsyncIterable<Uint8Array>,
  engine: Transform,
  options: { budget: Budget; what: string },
): AsyncGenerator<Uint8Array> {
  const input = Readable.from(bytes, { objectMode: false, highWaterMark: 1 });
  // The callback is only there so that an error of either side ends both; the loop below sees the error itself.
  pipeline(input, engine, () => {});
  try {
    for await (const chunk of engine) {
      options.budget.spendBytes(chunk.length);
      yield chunk;
    }
  } catch (error) {
    throw asArtifactError(error, options.what);
  } finally {
    input.destroy();
    engine.destroy();
  }
}

/** Turns an error of node:zlib into one of ours. */
export function asArtifactError(error: unknown, what: string): unknown {
  if (error instanceof SallyportError || !(error instanceof Error)) return error;
  const code = "code" in error ? String(error.code) : "";
  if (code === "Z_BUF_ERROR" || /unexpected end/i.test(error.message))
    return new ArtifactError("artifact.truncated", `${what} is cut short`, { cause: error });
  if (/^(?:Z_|ZSTD_|ERR_BUFFER_TOO_LARGE|ERR_ZSTD)/.test(code))
    return new ArtifactError("artifact.malformed", `${what} is damaged`, { cause: error });
  return error;
}
