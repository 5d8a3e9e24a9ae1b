/**
 * Records about a repository: what they name are commits and tags. Commits say nothing of a built file; tags do, once the
 * project's name and a `v` in front are taken away, and so do the versions that OSV's converters put beside the commits.
 * @module
 */

import type { Json } from "@sallyport/core";
import type { VersionRange } from "../../naming.ts";
import { member, optionalList } from "../../reading/index.ts";
import { rangesOf } from "./ranges.ts";

/** Under which names converters keep the versions from which they found the commits. */
const EXTRACTED = ["extracted_events", "versions"];

/** @param range - one of `affected[].ranges` of type GIT */
export function extractedRanges(range: Json): readonly VersionRange[] {
  const specific = member(range, "database_specific");
  const list = EXTRACTED.find((name) => optionalList(specific, name).length > 0);
  return specific === undefined || list === undefined ? [] : rangesOf(specific, list, "generic");
}

/** `openssl-3.0.1`, `curl-8_4_0`, `v1.2`, `release/2.0`, `R_2_5_0`: the number in it, or nothing. */
export function versionOfTag(tag: string): string | undefined {
  const found = /^(?:[a-z][a-z0-9]{0,30}[-_/]){0,3}(?:v|r)?[-_.]?(\d[\w.+~-]{0,80})$/i.exec(tag);
  const version = found?.[1];
  if (version === undefined) return undefined;
  return version.includes(".") ? version : version.replace(/(?<=\d)[_-](?=\d)/g, ".");
}
