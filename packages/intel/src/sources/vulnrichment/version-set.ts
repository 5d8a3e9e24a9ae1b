/**
 * Which versions one entry of `affected` means. Source: CVE JSON record format 5.1, `versions`, and how records are written.
 * @module
 */

import type { JsonObject } from "@sallyport/core";
import type { VersionRange, VersionSet } from "../../naming.ts";
import { isJsonObject, member, optionalList, optionalText, refuse } from "../../reading/index.ts";
import { isNothing, type Versions, versionsOfText } from "./version-text.ts";

const NONE: Versions = { ranges: [], exact: [], lines: [] };

/**
 * @param line - the line of releases that the product's name names
 * @returns undefined when it says that nothing is affected
 */
export function versionsOf(affected: JsonObject, line: string | undefined): VersionSet | undefined {
  const entries = optionalList(affected, "versions").map((entry) =>
    isJsonObject(entry) ? entry : refuse("versions", "holds no object"),
  );
  const isAffectedByDefault = optionalText(affected, "defaultStatus", 32) === "affected";
  const withStatus = (wanted: string) => entries.filter((entry) => member(entry, "status") === wanted);
  const [meant, clean] = [withStatus("affected"), withStatus("unaffected")];
  if (entries.length > 0 && clean.length === entries.length) {
    if (!isAffectedByDefault) return undefined;
    const fixed = onlyFix(clean);
    if (fixed !== undefined) return { ranges: [withinLine({ fixed }, line)], exact: [] };
  }
  const read = meant.map(readEntry);
  const except = [...new Set(clean.flatMap((entry) => readEntry(entry).exact))];
  const lines = [...new Set(read.flatMap((one) => one.lines))];
  return {
    ranges: read.flatMap((one) => one.ranges).map((range) => withinLine(range, line)),
    exact: [...new Set(read.flatMap((one) => one.exact))],
    ...(lines.length > 0 && { lines }),
    ...(except.length > 0 && { except }),
  };
}

/** All is affected but what comes from one version on: that version is the fix. */
function onlyFix(clean: readonly JsonObject[]): string | undefined {
  const [entry, ...others] = clean;
  if (entry === undefined || others.length > 0) return undefined;
  const end = optionalText(entry, "lessThan", 1024) ?? optionalText(entry, "lessThanOrEqual", 1024);
  return end === "*" ? versionsOfText(optionalText(entry, "version", 1024) ?? "").exact[0] : undefined;
}

function readEntry(entry: JsonObject): Versions {
  // Commits say nothing of what was built from them.
  if (optionalText(entry, "versionType", 128) === "git") return NONE;
  const version = optionalText(entry, "version", 1024) ?? "";
  const lessThan = optionalText(entry, "lessThan", 1024);
  const lastAffected = optionalText(entry, "lessThanOrEqual", 1024);
  const end = lessThan ?? lastAffected;
  if (end === undefined) return versionsOfText(version);
  // Chrome's records give the same version for start and end, which would be none, and mean what is before it.
  const isFromFirst = isNothing(version) || version === "0" || version === lessThan;
  const start = isFromFirst ? {} : startOf(version);
  if (start === undefined) return NONE;
  const mended = mendedAt(entry);
  if (mended !== undefined) return { ...NONE, ranges: [{ ...start, fixed: mended }] };
  if (end === "*") return { ...NONE, ranges: [start] };
  const { exact, lines } = versionsOfText(end);
  // `18.0` to before `18.*` is all of that line.
  if (exact[0] === undefined) return isOneLine(start, lines[0]) ? { ...NONE, lines } : NONE;
  return {
    ...NONE,
    ranges: [{ ...start, ...(lessThan === undefined ? { lastAffected: exact[0] } : { fixed: exact[0] }) }],
  };
}

/** Where it stops being affected within its range: `changes`, of which the first such counts. */
function mendedAt(entry: JsonObject): string | undefined {
  const change = optionalList(entry, "changes").find((one) => member(one, "status") === "unaffected");
  return change === undefined ? undefined : versionsOfText(optionalText(change, "at", 1024) ?? "").exact[0];
}

function startOf(version: string): VersionRange | undefined {
  const [introduced] = versionsOfText(version).exact;
  return introduced === undefined ? undefined : { introduced };
}

const isOneLine = ({ introduced }: VersionRange, line: string | undefined): boolean =>
  line !== undefined && introduced !== undefined && isBelow(introduced, line);

/**
 * `.NET 8.0`, versions 1.0.0 to before 8.0.7: its name says that only the line 8.0 is meant, whatever the start says. Otherwise
 * a fixed 6.0 would be told to update to 8.0.7.
 */
function withinLine(range: VersionRange, line: string | undefined): VersionRange {
  const end = range.fixed ?? range.lastAffected;
  if (line === undefined || end === undefined || !isBelow(end, line)) return range;
  return range.introduced !== undefined && isBelow(range.introduced, line)
    ? range
    : { ...range, introduced: line };
}

const isBelow = (version: string, line: string): boolean =>
  version === line || version.startsWith(`${line}.`);
