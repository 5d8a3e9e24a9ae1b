/** Something on the way to a server, or the server itself, that did not play along. @module */

import { SallyportError } from "@sallyport/core";

/**
 * - `fetch.url`: no address that may be fetched
 * - `fetch.address`: leads to an address that is not on the public internet
 * - `fetch.connection`: no connection, or one that broke
 * - `fetch.tls`: the server is not proven to be who it should be
 * - `fetch.status`: the server refuses, has nothing there, or answers what was not asked
 * - `fetch.redirect`: redirects that go round, too far, or down to plain HTTP
 * - `fetch.encoding`: packed in a way that was not asked for, or damaged
 * - `fetch.over-limit`: more bytes than may be
 * - `fetch.slow`: takes longer than it may
 */
export type FetchErrorCode =
  | "fetch.url"
  | "fetch.address"
  | "fetch.connection"
  | "fetch.tls"
  | "fetch.status"
  | "fetch.redirect"
  | "fetch.encoding"
  | "fetch.over-limit"
  | "fetch.slow";

export class FetchError extends SallyportError<FetchErrorCode> {}
