/** One request and the beginning of its answer; redirects are the caller's. Source: RFC 9110, RFC 9112. @module */

import {
  Agent as HttpAgent,
  request as httpRequest,
  type IncomingMessage,
  type OutgoingHttpHeaders,
} from "node:http";
import { Agent as HttpsAgent, request as httpsRequest } from "node:https";
import { rootCertificates } from "node:tls";
import { connectionError } from "./connection-error.ts";
import { FetchError } from "./fetch-error.ts";
import { type Guard, guardedLookup, judgeHost } from "./guard.ts";
import type { FetchLimits } from "./limits.ts";
import { type ProxySettings, proxyFor } from "./proxy.ts";
import { type TlsFacts, tlsFactsOf } from "./tls.ts";

/** Of the answer's headers; a server that says more than this says nothing useful. */
const MAX_HEADER_BYTES = 32 * 1024;

export interface Exchange {
  readonly answer: IncomingMessage;
  readonly tls?: TlsFacts;
}

export interface Connections {
  /** @throws FetchError `fetch.address`, `fetch.connection`, `fetch.tls`, `fetch.slow` */
  exchange(url: URL, headers: OutgoingHttpHeaders, signal: AbortSignal): Promise<Exchange>;
  close(): void;
}

export interface ConnectionOptions {
  readonly guard: Guard;
  readonly limits: FetchLimits;
  readonly proxy?: ProxySettings;
  /** PEM certificates of authorities that count beside the public ones. */
  readonly authorities?: readonly string[];
}

/** Connections that are kept open between requests, each to an address that was judged when it was made. */
export function openConnections(options: ConnectionOptions): Connections {
  const direct = agentsOf({ lookup: guardedLookup(options.guard) }, options);
  const proxied = new Map<string, Agents>();
  const agentsFor = (url: URL): Agents => {
    const proxy = proxyFor(url, options.proxy);
    if (proxy === undefined) return direct;
    // The proxy looks the name up; it may stand in our own network, and a person named it.
    const agents =
      proxied.get(proxy) ?? agentsOf({ proxyEnv: { HTTPS_PROXY: proxy, HTTP_PROXY: proxy } }, options);
    proxied.set(proxy, agents);
    return agents;
  };
  return {
    exchange: (url, headers, signal) => {
      judgeHost(url, options.guard);
      return exchange({ url, headers, signal, agents: agentsFor(url), limits: options.limits });
    },
    close: () => {
      for (const { http, https } of [direct, ...proxied.values()]) {
        http.destroy();
        https.destroy();
      }
    },
  };
}

interface Agents {
  readonly http: HttpAgent;
  readonly https: HttpsAgent;
}

function agentsOf(
  how: Pick<ConstructorParameters<typeof HttpAgent>[0] & object, "lookup" | "proxyEnv">,
  { authorities = [] }: ConnectionOptions,
): Agents {
  const kept = { ...how, keepAlive: true, maxSockets: 8, maxHeaderSize: MAX_HEADER_BYTES };
  const trust = authorities.length === 0 ? {} : { ca: [...rootCertificates, ...authorities] };
  return { http: new HttpAgent(kept), https: new HttpsAgent({ ...kept, ...trust }) };
}

interface Asking {
  readonly url: URL;
  readonly headers: OutgoingHttpHeaders;
  readonly signal: AbortSignal;
  readonly agents: Agents;
  readonly limits: FetchLimits;
}

function exchange({ url, headers, signal, agents, limits }: Asking): Promise<Exchange> {
  const { promise, resolve, reject } = Promise.withResolvers<Exchange>();
  const options = { headers, signal, method: "GET", maxHeaderSize: MAX_HEADER_BYTES };
  const sent =
    url.protocol === "https:"
      ? httpsRequest(url, { ...options, agent: agents.https, rejectUnauthorized: true })
      : httpRequest(url, { ...options, agent: agents.http });
  const silence = setTimeout(
    () => sent.destroy(new FetchError("fetch.slow", `${url.host}: gave no answer in time`)),
    limits.idleMilliseconds,
  );
  sent.on("error", (error) => {
    clearTimeout(silence);
    reject(connectionError(url, error));
  });
  sent.on("response", (answer) => {
    clearTimeout(silence);
    const tls = tlsFactsOf(answer.socket);
    resolve({ answer, ...(tls !== undefined && { tls }) });
  });
  // Nothing asks for another protocol, so nobody may answer with one.
  sent.on("upgrade", (_answer, socket) => {
    clearTimeout(silence);
    socket.destroy();
    reject(new FetchError("fetch.status", `${url.host}: answers in another protocol`));
  });
  sent.end();
  return promise;
}
