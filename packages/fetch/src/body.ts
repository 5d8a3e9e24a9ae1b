/** The bytes of an answer: as they were before they were packed, counted, and not too slow. Source: RFC 9110 §8.4. @module */

import type { IncomingMessage } from "node:http";
import { createBrotliDecompress, createGunzip, createInflate } from "node:zlib";
import { connectionError } from "./connection-error.ts";
import { FetchError } from "./fetch-error.ts";
import type { FetchLimits } from "./limits.ts";

export interface BodyOptions {
  readonly url: URL;
  /** After unpacking. */
  readonly maxBytes: number;
  readonly limits: FetchLimits;
}

/** How an answer is packed, although nothing was asked for that is: some servers do it all the same. */
export function encodingOf({ headers }: IncomingMessage, url: URL): string | undefined {
  const encoding = (headers["content-encoding"] ?? "").trim().toLowerCase();
  if (encoding === "" || encoding === "identity") return undefined;
  // What is a gzip file itself is often announced as packed by gzip. It is kept as it is, as browsers do.
  const isGzipFile =
    /\b(gzip|x-gzip|x-tgz|x-compressed-tar)\b/.test(headers["content-type"] ?? "") ||
    /\.(gz|tgz|svgz)$/i.test(url.pathname);
  return isGzipFile && /^(x-)?gzip$/.test(encoding) ? undefined : encoding;
}

/**
 * Streams the bytes.
 * @throws FetchError `fetch.over-limit`, `fetch.slow`, `fetch.connection`, `fetch.encoding`
 */
export async function* bodyOf(answer: IncomingMessage, options: BodyOptions): AsyncIterable<Buffer> {
  const { url, maxBytes, limits } = options;
  const encoding = encodingOf(answer, url);
  const unpacker = encoding === undefined ? undefined : unpackerFor(encoding, url);
  const tooSlow = () => answer.destroy(new FetchError("fetch.slow", `${url.host}: sends too slowly`));
  const pace = new Pace(limits, tooSlow);
  if (unpacker !== undefined) answer.on("error", (error) => unpacker.destroy(error));
  const stream: AsyncIterable<Buffer> = unpacker === undefined ? answer : answer.pipe(unpacker);
  const pieces = stream[Symbol.asyncIterator]();
  let count = 0;
  try {
    for (;;) {
      const { done, value } = await pace.wait(() => pieces.next());
      if (done === true) return;
      count += value.length;
      if (count > maxBytes) throw tooMuch(url, maxBytes);
      yield value;
    }
  } catch (error) {
    if (error instanceof Error && "code" in error && String(error.code).startsWith("Z_"))
      throw new FetchError("fetch.encoding", `${url.host}: the answer is packed and damaged`, {
        cause: error,
      });
    throw connectionError(url, error);
  } finally {
    unpacker?.destroy();
    answer.destroy();
  }
}

export const tooMuch = (url: URL, maxBytes: number): FetchError =>
  new FetchError(
    "fetch.over-limit",
    `${url.host}: sends more than the ${maxBytes} bytes that may be fetched`,
  );

function unpackerFor(encoding: string, url: URL) {
  if (encoding === "gzip" || encoding === "x-gzip") return createGunzip();
  if (encoding === "deflate") return createInflate();
  if (encoding === "br") return createBrotliDecompress();
  const shown = JSON.stringify(encoding.slice(0, 40));
  throw new FetchError(
    "fetch.encoding",
    `${url.host}: packs its answer as ${shown}, which was not asked for`,
  );
}

/** Times the waits for pieces, not what is done with them: whoever takes them may be slow as well. */
class Pace {
  readonly #limits: FetchLimits;
  readonly #tooSlow: () => void;
  #waited = 0;
  #bytes = 0;

  constructor(limits: FetchLimits, tooSlow: () => void) {
    this.#limits = limits;
    this.#tooSlow = tooSlow;
  }

  async wait<Piece extends { readonly length: number }>(
    next: () => Promise<IteratorResult<Piece>>,
  ): Promise<IteratorResult<Piece>> {
    const { idleMilliseconds, windowMilliseconds, minWindowBytes } = this.#limits;
    const silence = setTimeout(this.#tooSlow, idleMilliseconds);
    const begin = performance.now();
    const result = await next().finally(() => clearTimeout(silence));
    this.#waited += performance.now() - begin;
    this.#bytes += result.done === true ? 0 : result.value.length;
    if (this.#waited < windowMilliseconds) return result;
    if (this.#bytes < minWindowBytes && result.done !== true) this.#tooSlow();
    this.#waited = 0;
    this.#bytes = 0;
    return result;
  }
}
