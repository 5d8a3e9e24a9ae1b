/** A file of a source that cannot count. @module */

import { SallyportError } from "@sallyport/core";

/**
 * The file is not what its source promises; the message names file and place.
 * - `feed.malformed`: not the format, or against its rules
 * - `feed.truncated`: ends in the middle
 * - `feed.over-limit`: larger than the source's limits allow
 * - `feed.signature`: signed, and not by who must have signed it, or changed
 * - `feed.replayed`: older than what is there already
 */
export class FeedError extends SallyportError<
  "feed.malformed" | "feed.truncated" | "feed.over-limit" | "feed.signature" | "feed.replayed"
> {
  /** @param place - `known_exploited_vulnerabilities.json:12` */
  static at(
    place: string,
    because: string,
    code: "feed.malformed" | "feed.truncated" = "feed.malformed",
  ): FeedError {
    return new FeedError(code, `${place}: ${because}`);
  }
}
