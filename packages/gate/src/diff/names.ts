/** Names of members without what changes from release to release: versions, counters, hashes of content. @module */

/** Numbers with dots between, and what stands behind them: `1.2.3`, `v1.2-rc.1`, `2_0_1`. */
const VERSION =
  /v?\d{1,9}(?:[._-]\d{1,9}){1,5}(?:[-._]?(?:alpha|beta|rc|pre|dev|post|next)(?:[-._]?\d{1,9})?)?/gi;
/** What build tools put into names: `main.4f3a2b1c.js`. At least one digit, or words would be taken for it. */
const CONTENT_HASH = /(?<![0-9a-z])(?=[a-z_-]{0,24}\d)[0-9a-z_-]{8,64}(?![0-9a-z])/gi;
const NUMBER = /\d{1,19}/g;

/** With versions as `#`: `app-1.2.3/x` and `app-1.2.4/x` are one. */
export const withoutVersions = (path: string): string => path.replace(VERSION, "#");

/** With every number and hash of content as `#`. */
export const withoutNumbers = (path: string): string =>
  withoutVersions(path).replace(CONTENT_HASH, "#").replace(NUMBER, "#");

export const lastPart = (path: string): string => path.slice(path.lastIndexOf("/") + 1);
