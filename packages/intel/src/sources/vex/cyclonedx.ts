/** CycloneDX documents with vulnerabilities that somebody analysed. Source: CycloneDX 1.4 to 1.6, `vulnerabilities`. @module */

import type { Json, VexStatement } from "@sallyport/core";
import type { Fact } from "../../fact.ts";
import type { Naming } from "../../naming.ts";
import {
  excerpt,
  isJsonObject,
  member,
  memberAt,
  optionalList,
  optionalText,
  refuse,
  requiredText,
} from "../../reading/index.ts";
import { namingOf } from "../../vex/product.ts";
import { factsOfStatement, type Tell } from "../../vex/statement.ts";
import { parseVersions, type WrittenVersions } from "../../vex/vers.ts";

const MAX_DEPTH = 32;
const MAX_COMPONENTS = 200_000;

const STATES: ReadonlyMap<string, VexStatement["status"]> = new Map([
  ["resolved", "fixed"],
  ["resolved_with_pedigree", "fixed"],
  ["exploitable", "affected"],
  ["in_triage", "under-investigation"],
  ["false_positive", "not-affected"],
  ["not_affected", "not-affected"],
]);

export const isCycloneDx = (document: Json): boolean => member(document, "bomFormat") === "CycloneDX";

/** @throws FeedError when nothing in it was analysed */
export function readCycloneDx(document: Json, tell: Tell): readonly Fact[] {
  // Then what it says is affected counts, and what it frees does not: nobody's word is no maker's.
  const named = authorOf(document);
  if (named === undefined)
    tell("metadata", () => refuse("metadata", "names nobody who answers for it, so that it frees nothing"));
  const author = named ?? "nobody who is named";
  const components = componentsOf(document);
  const analysed = optionalList(document, "vulnerabilities").flatMap((written, index) =>
    member(written, "analysis") === undefined ? [] : [{ written, row: `vulnerabilities[${index}]` }],
  );
  // A bill of materials, or a list of what a scanner found, is no statement.
  if (analysed.length === 0) refuse("vulnerabilities", "holds nothing that somebody analysed");
  return analysed.flatMap(
    ({ written, row }) =>
      tell(row, () => readVulnerability(written, { author, components, row, tell })) ?? [],
  );
}

interface Around {
  readonly author: string;
  readonly components: ReadonlyMap<string, Json>;
  readonly row: string;
  readonly tell: Tell;
}

function readVulnerability(written: Json, { author, components, row, tell }: Around): readonly Fact[] {
  const vulnerability = requiredText(written, "id", 100);
  const analysis = member(written, "analysis") ?? null;
  const state = requiredText(analysis, "state", 40);
  const status = STATES.get(state) ?? refuse("state", "is none that CycloneDX knows");
  const justification = optionalText(analysis, "justification", 100) ?? excerpt(analysis, "detail", 300);
  const summary = excerpt(written, "description", 300) ?? excerpt(analysis, "detail", 300);
  return optionalList(written, "affects").flatMap((affects, index) => {
    const namings = tell(`${row}.affects[${index}]`, () => namingsOf(affects, components, status)) ?? [];
    return namings.flatMap(({ about, is }) =>
      factsOfStatement({
        vulnerability,
        about,
        summary,
        statement: { status: is, author, ...(justification !== undefined && { justification }) },
      }),
    );
  });
}

/**
 * Who answers for the document: whoever made it, where that is said. The supplier of what it is about may have said nothing of it.
 * CycloneDX 1.6, `metadata.manufacturer`: the organisation that created the BOM.
 */
function authorOf(document: Json): string | undefined {
  const metadata = member(document, "metadata") ?? null;
  const component = member(metadata, "component") ?? null;
  const authors = optionalList(metadata, "authors");
  const candidates = [
    memberAt(metadata, "manufacturer", "name"),
    memberAt(metadata, "supplier", "name"),
    memberAt(metadata, "manufacture", "name"),
    memberAt(component, "supplier", "name"),
    member(component, "publisher"),
    member(authors[0], "name"),
  ];
  const found = candidates.find((name) => typeof name === "string" && name.trim() !== "");
  return typeof found === "string" ? found.trim().slice(0, 500) : undefined;
}

/** Every component by its reference, those inside others too. */
function componentsOf(document: Json): ReadonlyMap<string, Json> {
  const found = new Map<string, Json>();
  const visit = (component: Json, depth: number): void => {
    if (depth > MAX_DEPTH) refuse("components", `is nested more than ${MAX_DEPTH} deep`);
    if (found.size > MAX_COMPONENTS) refuse("components", `has more than ${MAX_COMPONENTS} entries`);
    if (!isJsonObject(component)) return;
    const reference = optionalText(component, "bom-ref", 1000);
    if (reference !== undefined) found.set(reference, component);
    for (const inner of optionalList(component, "components")) visit(inner, depth + 1);
  };
  visit(memberAt(document, "metadata", "component") ?? null, 0);
  for (const component of optionalList(document, "components")) visit(component, 0);
  return found;
}

interface Meant {
  readonly about: Naming;
  readonly is: VexStatement["status"];
}

function namingsOf(
  affects: Json,
  components: ReadonlyMap<string, Json>,
  status: VexStatement["status"],
): readonly Meant[] {
  const reference = requiredText(affects, "ref", 1000);
  const base = baseOf(reference, components);
  const versions = optionalList(affects, "versions");
  const whole = namingOf(base) ?? refuse("ref", "names a part by nothing that can be compared");
  if (versions.length === 0) return [{ about: whole, is: status }];
  return versions.flatMap((entry) => {
    const about = namingOf({ ...base, versions: versionsOf(entry) }) ?? whole;
    const told = optionalText(entry, "status", 40) ?? "affected";
    if (told === "unknown") return [];
    return [{ about, is: told === "unaffected" ? ("not-affected" as const) : status }];
  });
}

/** A single version as it is written, or a range. @throws FeedError for a range that is not understood */
function versionsOf(entry: Json): WrittenVersions {
  const range = optionalText(entry, "range", 20_000);
  if (range !== undefined) return parseVersions(range) ?? refuse("range", "is not understood");
  return { scheme: "generic", versions: { ranges: [], exact: [requiredText(entry, "version", 300)] } };
}

/** By its reference in the document, or by the package URL that a reference into another document ends in. */
function baseOf(reference: string, components: ReadonlyMap<string, Json>) {
  const component = components.get(reference);
  if (component === undefined) {
    const fragment = reference.slice(reference.indexOf("#") + 1);
    const decoded = /^pkg%3A/i.test(fragment) ? decodeFragment(fragment) : fragment;
    return decoded.startsWith("pkg:") ? { purls: [decoded] } : {};
  }
  const purl = optionalText(component, "purl", 2000);
  const cpe = optionalText(component, "cpe", 2000);
  const version = optionalText(component, "version", 300);
  const supplier = member(component, "supplier") ?? null;
  return {
    product: optionalText(component, "name", 1000),
    vendor: optionalText(supplier, "name", 1000) ?? optionalText(component, "publisher", 1000),
    purls: purl === undefined ? [] : [purl],
    cpes: cpe === undefined ? [] : [cpe],
    ...(version !== undefined && {
      versions: { scheme: "generic" as const, versions: { ranges: [], exact: [version] } },
    }),
  };
}

function decodeFragment(fragment: string): string {
  try {
    return decodeURIComponent(fragment);
  } catch {
    return refuse("ref", "is no reference");
  }
}
