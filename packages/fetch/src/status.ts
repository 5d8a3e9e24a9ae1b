/** Answers that are no bytes. Source: RFC 9110 §15, §10.2.3. @module */

import { FetchError } from "./fetch-error.ts";
import { MAX_RETRY_AFTER_MILLISECONDS } from "./limits.ts";
import type { Arrived } from "./redirects.ts";

const MEANING: Readonly<Record<number, string>> = {
  401: "wants to know who asks",
  403: "refuses to give it",
  404: "has nothing there; check the address",
  407: "the proxy wants to know who asks",
  410: "had it, and has taken it away",
  429: "is asked too often; try again later",
  500: "has a fault; try again later",
  502: "cannot reach what stands behind it; try again later",
  503: "is not ready; try again later",
  504: "cannot reach what stands behind it; try again later",
};

const TEMPORARY = new Set([408, 425, 429, 500, 502, 503, 504]);

/** @returns a FetchError `fetch.status`, which knows whether and when another try makes sense */
export function statusError({ answer, urls }: Arrived): FetchError {
  const status = answer.statusCode ?? 0;
  const meaning = MEANING[status] ?? "answers what was not asked";
  const facts = {
    status,
    isTemporary: TEMPORARY.has(status),
    waitMilliseconds: retryAfter(answer.headers["retry-after"], Date.now()),
  };
  return new FetchError("fetch.status", `${urls.at(-1)}: ${meaning} (HTTP ${status})`, { facts });
}

/** Seconds or a date. @returns how long to wait, never longer than a minute */
export function retryAfter(text: string | undefined, now: number): number {
  const wait = /^\d{1,9}$/.test(text ?? "") ? Number(text) * 1000 : Date.parse(text ?? "") - now;
  return Number.isNaN(wait) ? 0 : Math.min(Math.max(0, wait), MAX_RETRY_AFTER_MILLISECONDS);
}
