/** What was not asked about: cut because there was too much of it, or not listed because it could not be read. @module */

import type { JsonObject } from "@sallyport/core";
import type { Observation } from "../check.ts";
import type { Asked } from "./asked.ts";

/**
 * Whoever lists a hundred thousand parts pushes the one that matters out of what is asked: that is unknown, and no pass.
 * @param facts - that the check promises to policies, with nothing in them
 */
export function unasked({ parts, leftOutCount }: Asked, facts: JsonObject): readonly Observation[] {
  if (leftOutCount === 0) return [];
  const all = parts.length + leftOutCount;
  const because = `says that it holds ${all} parts, of which ${parts.length} were asked about`;
  return [{ outcome: "unknown", because, facts: { ...facts, leftOutCount } }];
}

/** @returns what ends a sentence about what is known of the parts; empty where all were listed */
export const unlistedRemark = ({ unlistedCount = 0 }: Asked): string =>
  unlistedCount === 0
    ? ""
    : `; what is inside of ${unlistedCount} ${unlistedCount === 1 ? "file" : "files"} could not be listed whole (sallyport sbom tells why)`;
