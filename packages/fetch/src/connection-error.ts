/** What a failed connection means for a person. Source: Node.js errors, OpenSSL X509_V_ERR codes. @module */

import { SallyportError } from "@sallyport/core";
import { FetchError } from "./fetch-error.ts";

const TLS_PROBLEMS: Readonly<Record<string, string>> = {
  ERR_TLS_CERT_ALTNAME_INVALID: "its certificate is for another host",
  CERT_HAS_EXPIRED: "its certificate has expired",
  CERT_NOT_YET_VALID: "its certificate is not valid yet",
  CERT_REVOKED: "its certificate was revoked",
  DEPTH_ZERO_SELF_SIGNED_CERT: "its certificate is its own, and nobody vouches for it",
  SELF_SIGNED_CERT_IN_CHAIN: "its certificate ends at an authority that is not trusted",
  UNABLE_TO_GET_ISSUER_CERT: "its certificate ends at an authority that is not trusted",
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: "its certificate ends at an authority that is not trusted",
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: "its certificate ends at an authority that is not trusted",
};

const PROBLEMS: Readonly<Record<string, string>> = {
  ENOTFOUND: "the name is not known; check it, or the network",
  EAI_AGAIN: "names cannot be looked up; check the network",
  ECONNREFUSED: "nobody answers there",
  ECONNRESET: "the connection broke",
  EPIPE: "the connection broke",
  ETIMEDOUT: "cannot be reached",
  EHOSTUNREACH: "cannot be reached",
  ENETUNREACH: "cannot be reached; is there a network?",
};

/** What is as it is a second later as well. */
const FINAL = new Set(["ENOTFOUND", "EAI_AGAIN", "ECONNREFUSED", "ENETUNREACH"]);

/** @returns a {@link FetchError}; one of ours comes back as it is */
export function connectionError(url: URL, error: unknown): Error {
  if (error instanceof SallyportError) return error;
  const cause = error instanceof Error ? error : undefined;
  if (cause?.name === "AbortError" || cause?.name === "TimeoutError") return tooLong(url, cause);
  const code = codeOf(error);
  const tls = TLS_PROBLEMS[code];
  if (tls !== undefined || /^(ERR_(TLS|SSL)|CERT_|EPROTO)/.test(code))
    return new FetchError("fetch.tls", `${url.host}: ${tls ?? `no secure connection (${code})`}`, { cause });
  if (code.startsWith("HPE_"))
    return new FetchError("fetch.status", `${url.host}: answers what is no HTTP (${code})`, { cause });
  const facts = { isFinal: FINAL.has(code) };
  const message = `${url.host}: ${PROBLEMS[code] ?? `no connection (${code})`}`;
  return new FetchError("fetch.connection", message, { cause, facts });
}

export const tooLong = (url: URL, cause?: unknown): FetchError =>
  new FetchError("fetch.slow", `${url.host}: took longer than it may`, { cause });

/** Several addresses that were tried at once are one error that holds the others. */
function codeOf(error: unknown): string {
  if (error instanceof AggregateError && error.errors.length > 0) return codeOf(error.errors[0]);
  return error instanceof Error && "code" in error ? String(error.code) : String(error);
}
