/** Which addresses are fetched at all, and how they are written down. Source: WHATWG URL; RFC 3986. @module */

import { FetchError } from "./fetch-error.ts";

const MAX_URL_CHARACTERS = 8192;

/**
 * @param from - what redirected here; addresses are then read as relative to it
 * @throws FetchError `fetch.url`; what was given is in the message without a password that may stand in it
 */
export function parseAddress(text: string, from?: URL): URL {
  if (text.length > MAX_URL_CHARACTERS) throw new FetchError("fetch.url", "an address is longer than any is");
  const url = URL.canParse(text, from?.href) ? new URL(text, from?.href) : undefined;
  if (url === undefined) throw new FetchError("fetch.url", `${shown(text)}: is no address`);
  if (url.protocol !== "https:" && url.protocol !== "http:")
    throw new FetchError("fetch.url", `${shown(text)}: only http and https are fetched`);
  if (url.username !== "" || url.password !== "")
    throw new FetchError(
      "fetch.url",
      `${withoutSecrets(url)}: holds a name or password, which would be written down with it; leave them out`,
    );
  if (url.hostname === "") throw new FetchError("fetch.url", `${shown(text)}: names no host`);
  url.hash = "";
  return url;
}

/** As it may be written down: signed addresses carry their key in what follows the question mark. */
export function withoutSecrets(url: URL): string {
  const bare = new URL(url);
  bare.username = "";
  bare.password = "";
  bare.hash = "";
  bare.search = "";
  return `${bare.href}${url.search === "" ? "" : "?…"}`;
}

const shown = (text: string): string => JSON.stringify(text.slice(0, 200).replace(/\/\/[^/@]*@/, "//…@"));
