/** OSV's events as ranges. Source: OSV schema 1.7, "affected[].ranges[].events fields" and "Evaluation". @module */

import type { Json } from "@sallyport/core";
import type { VersionRange } from "../../naming.ts";
import { isJsonObject, member, optionalList, optionalText, refuse } from "../../reading/index.ts";

/**
 * Events in the order in which they stand, as OSV's producers sort them. Each `introduced` reaches up to the next event that
 * closes it; one that nothing closes reaches on.
 * @param list - `events`, or what a converter put beside them
 * @throws FeedError when an event is none, or one closes what was never opened
 */
export function rangesOf(holder: Json, list: string): readonly VersionRange[] {
  const ranges: VersionRange[] = [];
  let open: VersionRange | undefined;
  for (const event of optionalList(holder, list)) {
    if (!isJsonObject(event)) refuse(list, "holds what is no event");
    const introduced = optionalText(event, "introduced", 300);
    const fixed = optionalText(event, "fixed", 300);
    const lastAffected = optionalText(event, "last_affected", 300);
    if (introduced !== undefined) {
      if (open !== undefined) refuse(list, "opens a range inside another");
      open = introduced === "0" ? {} : { introduced };
    } else if (fixed !== undefined || lastAffected !== undefined) {
      if (open === undefined) refuse(list, "closes a range that was not opened");
      ranges.push({ ...open, ...(fixed !== undefined ? { fixed } : lastAffected && { lastAffected }) });
      open = undefined;
    } else if (optionalText(event, "limit", 300) === undefined) refuse(list, "holds an empty event");
  }
  if (open !== undefined) ranges.push(open);
  return ranges;
}

/**
 * Where no fix is known, GitHub's advisories say beside the range up to which version it is known: `<= 1.2.3`.
 * @param affected - one entry of `affected`
 */
export function closeByHint(ranges: readonly VersionRange[], affected: Json): readonly VersionRange[] {
  const hint = optionalText(member(affected, "database_specific"), "last_known_affected_version_range", 300);
  const found = /^(<=|<)\s*(\S{1,200})$/.exec(hint ?? "");
  if (found === null) return ranges;
  const [, sign, version = ""] = found;
  return ranges.map((range) =>
    range.fixed !== undefined || range.lastAffected !== undefined
      ? range
      : { ...range, ...(sign === "<" ? { fixed: version } : { lastAffected: version }) },
  );
}
