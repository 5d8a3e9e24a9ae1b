/** Follows redirects, each judged like the first address. Source: RFC 9110 §15.4. @module */

import type { OutgoingHttpHeaders } from "node:http";
import { parseAddress, withoutSecrets } from "./address-text.ts";
import type { Connections, Exchange } from "./exchange.ts";
import { FetchError } from "./fetch-error.ts";

const REDIRECTS = new Set([301, 302, 303, 307, 308]);
/** What stands in a redirect's own page is of no use. */
const MAX_DRAINED_BYTES = 64 * 1024;

export interface Arrived extends Exchange {
  /** What answered. */
  readonly url: URL;
  /** What was asked for, and every redirect, up to what answered; as they may be written down. */
  readonly urls: readonly string[];
}

export interface Asking {
  readonly url: URL;
  readonly headers: OutgoingHttpHeaders;
  readonly signal: AbortSignal;
  readonly maxRedirects: number;
  /** Whether a redirect may lead from HTTPS down to HTTP: only where it is told to somebody who judges it. */
  readonly mayLeaveTls: boolean;
}

/** @throws FetchError */
export async function arrive(connections: Connections, asking: Asking): Promise<Arrived> {
  const { headers, signal, maxRedirects, mayLeaveTls } = asking;
  const urls: string[] = [];
  let { url } = asking;
  for (;;) {
    urls.push(withoutSecrets(url));
    const exchange = await connections.exchange(url, headers, signal);
    const { statusCode = 0, headers: answered } = exchange.answer;
    const { location } = answered;
    if (!REDIRECTS.has(statusCode) || location === undefined) return { ...exchange, url, urls };
    discard(exchange);
    if (urls.length > maxRedirects)
      throw new FetchError("fetch.redirect", `${urls[0]}: redirects more than ${maxRedirects} times`);
    const next = parseAddress(location, url);
    if (url.protocol === "https:" && next.protocol === "http:" && !mayLeaveTls)
      throw new FetchError(
        "fetch.redirect",
        `${urls[0]}: redirects to ${withoutSecrets(next)}, which is not protected`,
      );
    url = next;
  }
}

/** Read to the end when it is short, so that the connection can be used again. */
function discard({ answer }: Exchange): void {
  let count = 0;
  answer.on("error", () => undefined);
  answer.on("data", (piece: Buffer) => {
    count += piece.length;
    if (count > MAX_DRAINED_BYTES) answer.destroy();
  });
}
