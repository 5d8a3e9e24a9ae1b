/**
 * Fetches one thing over HTTP(S) into a file: within limits, from nowhere private, going on after an interruption.
 * @module
 */

import { createWriteStream } from "node:fs";
import { stat } from "node:fs/promises";
import type { IncomingMessage, OutgoingHttpHeaders } from "node:http";
import { pipeline } from "node:stream/promises";
import { setTimeout as delay } from "node:timers/promises";
import { hasCode, WorldError } from "@sallyport/core";
import { parseAddress } from "./address-text.ts";
import { bodyOf, encodingOf, tooMuch } from "./body.ts";
import { tooLong } from "./connection-error.ts";
import { type Connections, openConnections } from "./exchange.ts";
import { FetchError } from "./fetch-error.ts";
import { anywhere, type Guard, publicOnly } from "./guard.ts";
import { DEFAULT_FETCH_LIMITS, type FetchLimits } from "./limits.ts";
import {
  continues,
  findPartial,
  forgetPartial,
  notePartial,
  type Partial as PartialFile,
} from "./partial.ts";
import type { ProxySettings } from "./proxy.ts";
import { type Arrived, arrive } from "./redirects.ts";
import { statusError } from "./status.ts";
import type { TlsFacts } from "./tls.ts";

export interface FetcherOptions {
  /** Names the program to servers: `sallyport/0.1.0`. */
  readonly userAgent: string;
  /** Addresses that are not on the public internet as well; only when a person said so. */
  readonly allowPrivateNetwork?: boolean;
  readonly proxy?: ProxySettings;
  readonly authorities?: readonly string[];
  readonly limits?: Partial<FetchLimits>;
  /** Tests hand in their own. */
  readonly guard?: Guard;
}

export interface FetchRequest {
  readonly url: string;
  /**
   * Where the bytes go. What an earlier, interrupted fetch of the same address left there is gone on with, when the server
   * proves that it is of the same thing. Otherwise it is overwritten. Its notes stand beside it, as `<path>.note`.
   */
  readonly path: string;
  readonly maxBytes: number;
  /** What is there already: the server may say that it is still the newest. */
  readonly known?: { readonly etag?: string; readonly lastModified?: string };
  readonly accept?: string;
  /** Whether a redirect may lead from HTTPS down to HTTP. */
  readonly mayLeaveTls?: boolean;
  /** Told of what has arrived. */
  readonly onProgress?: (bytes: number, totalBytes: number | undefined) => void;
}

export interface Fetched {
  /** Nothing was written: what is there already is the newest. */
  readonly isUnchanged: boolean;
  /** What was asked for, and every redirect, up to what answered; without what follows a question mark. */
  readonly urls: readonly string[];
  readonly sizeBytes: number;
  /** How many bytes were there from an earlier try. */
  readonly resumedAtBytes: number;
  readonly contentType?: string;
  readonly contentDisposition?: string;
  readonly etag?: string;
  readonly lastModified?: string;
  readonly tls?: TlsFacts;
}

export interface Fetcher {
  /** @throws FetchError; what is at the path then may be gone on with. WorldError `world.io` when it cannot be written */
  fetch(request: FetchRequest): Promise<Fetched>;
  close(): void;
}

export function openFetcher(options: FetcherOptions): Fetcher {
  const limits = { ...DEFAULT_FETCH_LIMITS, ...options.limits };
  const { proxy, authorities } = options;
  const guard = options.guard ?? (options.allowPrivateNetwork === true ? anywhere : publicOnly);
  const connections = openConnections({
    guard,
    limits,
    ...(proxy !== undefined && { proxy }),
    ...(authorities !== undefined && { authorities }),
  });
  const { userAgent } = options;
  return {
    fetch: (request) => fetchWithTries({ request, connections, limits, userAgent }),
    close: () => connections.close(),
  };
}

interface Fetching {
  readonly request: FetchRequest;
  readonly connections: Connections;
  readonly limits: FetchLimits;
  readonly userAgent: string;
}

async function fetchWithTries(fetching: Fetching): Promise<Fetched> {
  const { request, limits } = fetching;
  const url = parseAddress(request.url);
  const signal = AbortSignal.timeout(limits.milliseconds);
  for (let turn = 1; ; turn += 1) {
    try {
      return await fetchOnce(fetching, url, signal);
    } catch (error) {
      if (signal.aborted) throw tooLong(url, error);
      if (turn >= limits.tries || !isWorthAnotherTry(error)) throw error;
      const wait = Math.max(limits.waitMilliseconds * 2 ** (turn - 1), waitAskedFor(error));
      await delay(wait, undefined, { signal }).catch(() => undefined);
      if (signal.aborted) throw error;
    }
  }
}

function isWorthAnotherTry(error: unknown): boolean {
  if (hasCode(error, "fetch.connection", "fetch.slow")) return error.facts.isFinal !== true;
  return hasCode(error, "fetch.status") && error.facts.isTemporary === true;
}

const waitAskedFor = (error: unknown): number =>
  hasCode(error, "fetch.status") ? Number(error.facts.waitMilliseconds ?? 0) : 0;

async function fetchOnce(fetching: Fetching, url: URL, signal: AbortSignal): Promise<Fetched> {
  const { request, connections, limits } = fetching;
  const partial = await findPartial(request.path, url);
  const arrived = await arrive(connections, {
    url,
    headers: headersFor(fetching, partial),
    signal,
    maxRedirects: limits.redirects,
    mayLeaveTls: request.mayLeaveTls === true,
  });
  const { answer } = arrived;
  try {
    return await take(arrived, { fetching, signal, url, partial });
  } finally {
    answer.destroy();
  }
}

interface Taking {
  readonly fetching: Fetching;
  readonly signal: AbortSignal;
  /** What was asked for first. */
  readonly url: URL;
  readonly partial: PartialFile | undefined;
}

async function take(arrived: Arrived, taking: Taking): Promise<Fetched> {
  const { answer } = arrived;
  const { fetching, url, partial } = taking;
  const { path, known } = fetching.request;
  const status = answer.statusCode ?? 0;
  if (status === 304 && known !== undefined && partial === undefined)
    return fetchedFrom(arrived, { isUnchanged: true, sizeBytes: 0, resumedAtBytes: 0 });
  if (partial !== undefined && (status === 416 || (status === 206 && !continues(answer, partial)))) {
    await forgetPartial(path);
    return fetchAnew(taking);
  }
  const resumedAtBytes = status === 206 && partial !== undefined ? partial.sizeBytes : 0;
  if (status !== 200 && resumedAtBytes === 0) throw statusError(arrived);
  if (resumedAtBytes === 0) await notePartial(path, url, answer);
  const sizeBytes = await write(arrived, taking, resumedAtBytes);
  await forgetPartial(path);
  return fetchedFrom(arrived, { isUnchanged: false, sizeBytes, resumedAtBytes });
}

/** What is there is not of the same thing any more. One more request, which asks for all of it. */
const fetchAnew = ({ fetching, url, signal }: Taking): Promise<Fetched> => fetchOnce(fetching, url, signal);

function headersFor({ request, userAgent }: Fetching, partial: PartialFile | undefined): OutgoingHttpHeaders {
  const { known, accept = "*/*" } = request;
  const headers: OutgoingHttpHeaders = { accept, "accept-encoding": "identity", "user-agent": userAgent };
  if (partial !== undefined)
    return { ...headers, range: `bytes=${partial.sizeBytes}-`, "if-range": partial.validator };
  if (known?.etag !== undefined) headers["if-none-match"] = known.etag;
  if (known?.lastModified !== undefined) headers["if-modified-since"] = known.lastModified;
  return headers;
}

async function write(arrived: Arrived, { fetching }: Taking, resumedAtBytes: number): Promise<number> {
  const { answer, url } = arrived;
  const { path, maxBytes, onProgress } = fetching.request;
  const total = totalOf(answer, url, resumedAtBytes);
  if (total !== undefined && total > maxBytes) throw tooMuch(url, maxBytes);
  if (encodingOf(answer, url) !== undefined) await forgetPartial(path);
  const options = { url, maxBytes: maxBytes - resumedAtBytes, limits: fetching.limits };
  let sizeBytes = resumedAtBytes;
  async function* counted(): AsyncIterable<Buffer> {
    for await (const piece of bodyOf(answer, options)) {
      sizeBytes += piece.length;
      onProgress?.(sizeBytes, total);
      yield piece;
    }
  }
  const flags = resumedAtBytes === 0 ? "w" : "a";
  try {
    await pipeline(counted, createWriteStream(path, { flags, mode: 0o600 }));
  } catch (error) {
    throw diskError(path, error);
  }
  const written = (await stat(path)).size;
  if (written !== sizeBytes || (total !== undefined && total !== sizeBytes))
    throw new FetchError("fetch.connection", `${url.host}: the answer ended before it was whole`);
  return sizeBytes;
}

/** @returns how many bytes there will be in the file; undefined where the server does not say, or packs them */
function totalOf(answer: IncomingMessage, url: URL, resumedAtBytes: number): number | undefined {
  const length = Number(answer.headers["content-length"] ?? Number.NaN);
  if (!Number.isSafeInteger(length) || encodingOf(answer, url) !== undefined) return undefined;
  return resumedAtBytes + length;
}

function diskError(path: string, error: unknown): unknown {
  if (error instanceof FetchError) return error;
  const code = error instanceof Error && "code" in error ? String(error.code) : String(error);
  return new WorldError("world.io", `${path}: cannot be written (${code}); make space`, { cause: error });
}

function fetchedFrom(
  { answer, urls, tls }: Arrived,
  result: Pick<Fetched, "isUnchanged" | "sizeBytes" | "resumedAtBytes">,
): Fetched {
  const { headers } = answer;
  const { etag } = headers;
  const text = (name: "content-type" | "content-disposition" | "last-modified") => headers[name];
  const contentType = text("content-type");
  const contentDisposition = text("content-disposition");
  const lastModified = text("last-modified");
  return {
    ...result,
    urls,
    ...(contentType !== undefined && { contentType }),
    ...(contentDisposition !== undefined && { contentDisposition }),
    ...(etag !== undefined && { etag }),
    ...(lastModified !== undefined && { lastModified }),
    ...(tls !== undefined && { tls }),
  };
}
