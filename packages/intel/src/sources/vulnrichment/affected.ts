/** Which products and versions a CVE record names. Source: CVE JSON record format 5.1, `product` and `cpeApplicability`. @module */

import type { Identifier, Json, JsonObject } from "@sallyport/core";
import { parseCpe } from "../../match/cpe.ts";
import type { Naming, VersionRange, VersionSet } from "../../naming.ts";
import { isJsonObject, member, optionalList, optionalText, refuse, textList } from "../../reading/index.ts";
import { isNothing, lineOf, versionsOfText } from "./version-text.ts";

/** @returns none when it names no maker and product, as old records do with `n/a` */
export function namingsOfAffected(affected: Json): readonly Naming[] {
  if (!isJsonObject(affected)) refuse("affected", "holds no object");
  const vendor = named(affected, "vendor");
  const product = named(affected, "product");
  const identifiers = [...cpesOf(affected), ...packageUrlOf(affected)];
  if (identifiers.length === 0 && (vendor === undefined || product === undefined)) return [];
  const versions = versionsOf(affected, lineOf(product ?? ""));
  if (versions === undefined) return [];
  return [
    {
      ...(product !== undefined && { product }),
      ...(vendor !== undefined && { vendor }),
      identifiers,
      scheme: "generic",
      versions,
    },
  ];
}

function named(affected: JsonObject, name: string): string | undefined {
  const text = optionalText(affected, name, 1000);
  return text === undefined || isNothing(text) ? undefined : text;
}

/** Without their version: which versions are meant stands beside them. */
function cpesOf(affected: JsonObject): readonly Identifier[] {
  const values = textList(affected, "cpes").flatMap((text) => anyVersionOf(text) ?? []);
  return [...new Set(values)].slice(0, 1000).map((value) => ({ kind: "cpe", value }));
}

function anyVersionOf(text: string): string | undefined {
  const cpe = parseCpe(text);
  if (cpe === undefined || cpe.part === "h") return undefined;
  const quoted = (value: string) => value.replace(/[^\w.-]/g, (character) => `\\${character}`);
  const { part, vendor, product, targetSoftware = "*" } = cpe;
  return `cpe:2.3:${part}:${quoted(vendor)}:${quoted(product)}:*:*:*:*:*:${targetSoftware === "*" ? "*" : quoted(targetSoftware)}:*:*`;
}

function packageUrlOf(affected: JsonObject): readonly Identifier[] {
  const value = optionalText(affected, "packageURL", 900);
  return value?.startsWith("pkg:") ? [{ kind: "purl", value: value.replace(/@[^/?#]*(?=[?#]|$)/, "") }] : [];
}

/** Undefined when it says that nothing is affected. */
function versionsOf(affected: JsonObject, line: string | undefined): VersionSet | undefined {
  const entries = optionalList(affected, "versions");
  const isAffectedByDefault = optionalText(affected, "defaultStatus", 32) === "affected";
  const ranges: VersionRange[] = [];
  const exact: string[] = [];
  const except: string[] = [];
  for (const entry of entries) {
    if (!isJsonObject(entry)) refuse("versions", "holds no object");
    const status = optionalText(entry, "status", 32);
    const read = readEntry(entry);
    if (status === "affected") {
      ranges.push(...read.ranges);
      exact.push(...read.exact);
    } else if (status === "unaffected") except.push(...read.exact);
  }
  const isClean = entries.length > 0 && entries.every((entry) => member(entry, "status") === "unaffected");
  if (isClean && !isAffectedByDefault) return undefined;
  return {
    ranges: ranges.map((range) => withinLine(range, line)),
    exact: [...new Set(exact)],
    ...(except.length > 0 && { except: [...new Set(except)] }),
  };
}

function readEntry(entry: JsonObject): { ranges: readonly VersionRange[]; exact: readonly string[] } {
  // Commits say nothing of what was built from them.
  if (optionalText(entry, "versionType", 128) === "git") return { ranges: [], exact: [] };
  const version = optionalText(entry, "version", 1024) ?? "";
  const lessThan = optionalText(entry, "lessThan", 1024);
  const lastAffected = optionalText(entry, "lessThanOrEqual", 1024);
  if (lessThan === undefined && lastAffected === undefined) return versionsOfText(version);
  // Chrome's records give the same version for start and end, which would be none, and mean what is before it.
  const isFromFirst = isNothing(version) || version === "0" || version === lessThan;
  const start = isFromFirst ? {} : startOf(version);
  if (start === undefined) return { ranges: [], exact: [] };
  if (lessThan === "*" || lastAffected === "*") return { ranges: [start], exact: [] };
  const end = versionsOfText(lessThan ?? lastAffected ?? "").exact[0];
  if (end === undefined) return { ranges: [], exact: [] };
  return {
    ranges: [{ ...start, ...(lessThan === undefined ? { lastAffected: end } : { fixed: end }) }],
    exact: [],
  };
}

function startOf(version: string): VersionRange | undefined {
  const [introduced] = versionsOfText(version).exact;
  return introduced === undefined ? undefined : { introduced };
}

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

/** NVD's form: CPEs with ranges beside them. Only what is vulnerable by itself, without a second product, counts. */
export function namingsOfApplicability(applicability: Json): readonly Naming[] {
  if (member(applicability, "operator") === "AND") return [];
  return optionalList(applicability, "nodes").flatMap((node) => {
    if (member(node, "operator") === "AND" || member(node, "negate") === true) return [];
    return optionalList(node, "cpeMatch").flatMap(namingOfMatch);
  });
}

function namingOfMatch(match: Json): readonly Naming[] {
  const criteria = optionalText(match, "criteria", 1000);
  const cpe = criteria === undefined ? undefined : parseCpe(criteria);
  const value = criteria === undefined ? undefined : anyVersionOf(criteria);
  if (member(match, "vulnerable") === false || cpe === undefined || value === undefined) return [];
  const text = (name: string) => optionalText(match, name, 300);
  const after = text("versionStartExcluding");
  const introduced = text("versionStartIncluding") ?? after;
  const fixed = text("versionEndExcluding");
  const lastAffected = text("versionEndIncluding");
  const hasRange = introduced !== undefined || fixed !== undefined || lastAffected !== undefined;
  const range: VersionRange = {
    ...(introduced !== undefined && { introduced }),
    ...(fixed !== undefined ? { fixed } : lastAffected !== undefined && { lastAffected }),
  };
  return [
    {
      identifiers: [{ kind: "cpe", value }],
      scheme: "generic",
      versions: {
        ranges: hasRange ? [range] : [],
        exact: hasRange || cpe.version === undefined ? [] : [cpe.version],
        ...(after !== undefined && { except: [after] }),
      },
    },
  ];
}
