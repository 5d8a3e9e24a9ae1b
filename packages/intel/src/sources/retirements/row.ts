/** One row of our list of retired software. Source: schema.json beside this file. @module */

import { IDENTIFIER_KINDS, type Identifier, type Json, type Lifecycle } from "@sallyport/core";
import type { LifecycleFact } from "../../fact.ts";
import type { Naming, VersionRange, VersionSet } from "../../naming.ts";
import {
  member,
  optionalDay,
  optionalList,
  optionalText,
  refuse,
  requiredList,
  requiredText,
  textList,
} from "../../reading/index.ts";

/**
 * @param ids - of the rows before; this one's is added
 * @throws FeedError `feed.malformed` naming the member
 */
export function readRetirement(row: Json, ids: Set<string>): LifecycleFact {
  const id = requiredText(row, "id");
  if (ids.has(id)) refuse("id", `stands twice: ${id}`);
  ids.add(id);
  return { kind: "lifecycle", about: readNaming(row), lifecycle: readLifecycle(row) };
}

function readNaming(row: Json): Naming {
  const identifiers = optionalList(row, "identifiers").map(readIdentifier);
  const told = { identifiers, scheme: "generic", versions: readVersions(row) } as const;
  const namedBy = optionalText(row, "namedBy");
  if (namedBy !== undefined) {
    if (namedBy !== "identifiers" || identifiers.length === 0)
      refuse("namedBy", "is none of what the row has");
    return told;
  }
  return {
    product: requiredText(row, "product"),
    vendor: requiredText(row, "vendor"),
    productAliases: textList(row, "productAliases"),
    vendorAliases: textList(row, "vendorAliases"),
    fileNames: textList(row, "fileNames"),
    ...told,
  };
}

function readIdentifier(entry: Json): Identifier {
  const kind = requiredText(entry, "kind");
  const known = IDENTIFIER_KINDS.find((one) => one === kind) ?? refuse("kind", "is none that is known");
  return { kind: known, value: requiredText(entry, "value") };
}

function readVersions(row: Json): Naming["versions"] {
  const versions = member(row, "versions");
  if (versions === "all") return "all";
  const set: VersionSet = {
    ranges: optionalList(versions, "ranges").map(readRange),
    exact: textList(versions, "exact"),
    lines: textList(versions, "lines"),
    except: textList(versions, "except"),
  };
  const isEmpty = set.ranges.length + set.exact.length + (set.lines?.length ?? 0) === 0;
  return isEmpty ? refuse("versions", 'names none; a product that is over as a whole says "all"') : set;
}

function readRange(entry: Json): VersionRange {
  const introduced = optionalText(entry, "introduced");
  const fixed = optionalText(entry, "fixed");
  const lastAffected = optionalText(entry, "lastAffected");
  if (fixed === undefined && lastAffected === undefined) refuse("ranges", "holds one without an end");
  return {
    ...(introduced !== undefined && { introduced }),
    ...(fixed !== undefined && { fixed }),
    ...(lastAffected !== undefined && { lastAffected }),
  };
}

function readLifecycle(row: Json): Lifecycle {
  const release = optionalText(row, "release");
  const replacement = optionalText(row, "replacement");
  const retiredOn = optionalDate(row, "retiredOn");
  // `true`: the page says that it is over, and not since when.
  const endOfLife = member(row, "endOfLife") === true ? true : optionalDate(row, "endOfLife");
  const endOfSecuritySupport = optionalDate(row, "endOfSecuritySupport");
  if (retiredOn === undefined && endOfLife === undefined && endOfSecuritySupport === undefined)
    refuse("retiredOn", "is missing, and so are endOfLife and endOfSecuritySupport");
  return {
    product: requiredText(row, "product"),
    vendor: requiredText(row, "vendor"),
    ...(release !== undefined && { release }),
    ...(retiredOn !== undefined && { retiredOn }),
    ...(endOfLife !== undefined && { endOfLife }),
    ...(endOfSecuritySupport !== undefined && { endOfSecuritySupport }),
    ...(replacement !== undefined && { replacement }),
    url: readPages(row),
  };
}

/** A day, or the month or the year where the page says no more. */
function optionalDate(row: Json, name: string): string | undefined {
  const text = optionalText(row, name);
  if (text === undefined) return undefined;
  const isShort = /^(19|20)\d{2}(-(0[1-9]|1[0-2]))?$/.test(text);
  return isShort ? text : optionalDay(row, name);
}

/** @returns the first of the pages that say so; a row without one that was read is no row */
function readPages(row: Json): string {
  const pages = requiredList(row, "sources").map((page) => {
    requiredText(page, "title");
    requiredText(page, "says");
    if (optionalDay(page, "readOn") === undefined) refuse("readOn", "is missing");
    const url = requiredText(page, "url");
    return URL.canParse(url) && /^https?:$/.test(new URL(url).protocol)
      ? url
      : refuse("url", "is no web address");
  });
  return pages[0] ?? refuse("sources", "names no page");
}
