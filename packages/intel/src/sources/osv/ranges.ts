/** OSV's events as ranges. Source: OSV schema 1.7, "affected[].ranges[].events fields" and "Evaluation". @module */

import type { Json } from "@sallyport/core";
import { compareVersions } from "../../match/versions/compare.ts";
import type { VersionRange, VersionScheme } from "../../naming.ts";
import { isJsonObject, member, optionalList, optionalText, refuse } from "../../reading/index.ts";

interface Event {
  readonly kind: "introduced" | "fixed" | "lastAffected";
  readonly version: string;
}

/**
 * Each `introduced` reaches up to the next event that closes it; one that nothing closes reaches on. Producers write them in
 * that order; where they do not, the versions tell.
 * @param list - `events`, or what a converter put beside them
 * @throws FeedError when an event is none, nothing is opened, or the order cannot be told
 */
export function rangesOf(holder: Json, list: string, scheme: VersionScheme): readonly VersionRange[] {
  const events = optionalList(holder, list).flatMap((event) => readEvent(event, list));
  if (events.length > 0 && !events.some(({ kind }) => kind === "introduced"))
    refuse(list, "closes a range that was not opened");
  const isInOrder = events.every(({ kind }, index) => (kind === "introduced") === (index % 2 === 0));
  const ranges: VersionRange[] = [];
  let open: VersionRange | undefined;
  for (const { kind, version } of isInOrder ? events : inOrder(events, list, scheme)) {
    if (kind === "introduced") open ??= version === "0" ? {} : { introduced: version };
    else if (open !== undefined) {
      ranges.push({ ...open, [kind]: version });
      open = undefined;
    }
  }
  if (open !== undefined) ranges.push(open);
  return ranges;
}

function readEvent(event: Json, list: string): readonly Event[] {
  if (!isJsonObject(event)) refuse(list, "holds what is no event");
  const introduced = optionalText(event, "introduced", 300);
  if (introduced !== undefined) return [{ kind: "introduced", version: introduced }];
  const fixed = optionalText(event, "fixed", 300);
  if (fixed !== undefined) return [{ kind: "fixed", version: fixed }];
  const lastAffected = optionalText(event, "last_affected", 300);
  if (lastAffected !== undefined) return [{ kind: "lastAffected", version: lastAffected }];
  // Where a search among commits ends: OSV schema, "limit".
  return optionalText(event, "limit", 300) === undefined ? refuse(list, "holds an empty event") : [];
}

function inOrder(events: readonly Event[], list: string, scheme: VersionScheme): readonly Event[] {
  return events.toSorted((a, b) => {
    if (a.version === "0" || b.version === "0") return Number(b.version === "0") - Number(a.version === "0");
    return (
      compareVersions(scheme, a.version, b.version) ??
      refuse(list, "holds versions whose order cannot be told")
    );
  });
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
