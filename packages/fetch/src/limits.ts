/** How long anything may take. Every wait has an end. @module */

export interface FetchLimits {
  /** All of it: every try and every redirect. */
  readonly milliseconds: number;
  /** Until an answer begins, and between two pieces of it. */
  readonly idleMilliseconds: number;
  /** An answer that drips is as bad as one that does not come: less than this in {@link windowMilliseconds} ends it. */
  readonly minWindowBytes: number;
  readonly windowMilliseconds: number;
  readonly redirects: number;
  /** Tries, the first included. */
  readonly tries: number;
  /** Before the second try; doubled each time. */
  readonly waitMilliseconds: number;
}

export const DEFAULT_FETCH_LIMITS: FetchLimits = {
  milliseconds: 60 * 60_000,
  idleMilliseconds: 30_000,
  minWindowBytes: 4096,
  windowMilliseconds: 60_000,
  redirects: 10,
  tries: 4,
  waitMilliseconds: 1000,
};

/** What a server may ask us to wait for, with `Retry-After`. */
export const MAX_RETRY_AFTER_MILLISECONDS = 60_000;
