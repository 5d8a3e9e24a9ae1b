export { placeOf } from "./address.ts";
export { parseAddress, withoutSecrets } from "./address-text.ts";
export { type Fetched, type Fetcher, type FetcherOptions, type FetchRequest, openFetcher } from "./fetch.ts";
export { FetchError, type FetchErrorCode } from "./fetch-error.ts";
export type { Guard } from "./guard.ts";
export type { FetchLimits } from "./limits.ts";
export type { ProxySettings } from "./proxy.ts";
export type { TlsFacts } from "./tls.ts";
