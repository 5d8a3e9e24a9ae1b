/** A pattern that is not understood, or only when more is seen than one file. @module */

import { FeedError } from "../../feed-error.ts";

/** @param because - goes on behind "the pattern" */
export function refuse(because: string): never {
  throw new FeedError("feed.malformed", `the pattern ${because}`);
}
