/** One OSV record. Source: OSV schema 1.7. @module */

import type { Json, JsonObject } from "@sallyport/core";
import type { VulnerabilityFact } from "../../fact.ts";
import type { Naming, VersionRange, VersionScheme } from "../../naming.ts";
import {
  excerpt,
  isJsonObject,
  member,
  optionalInstant,
  optionalList,
  optionalText,
  refuse,
  requiredText,
  textList,
} from "../../reading/index.ts";
import { ecosystemOf, repositoryPurl } from "./ecosystems.ts";
import { extractedRanges, versionOfTag } from "./git.ts";
import { closeByHint, rangesOf } from "./ranges.ts";

const ID = /^[A-Za-z][\w:.+~-]{2,120}$/;
const MAX_ALIASES = 200;
const MAX_EXACT = 20_000;
const MAX_FACTS = 200_000;

/**
 * @param tell - of an entry of `affected` that does not count: the others do
 * @throws FeedError when it is no record
 */
export function readRecord(
  record: JsonObject,
  tell: (row: string, read: () => Naming | undefined) => Naming | undefined,
): readonly VulnerabilityFact[] {
  const id = identifier(requiredText(record, "id", 200));
  if (optionalInstant(record, "modified") === undefined) refuse("modified", "is missing");
  const common = commonOf(record);
  const names = namesOf(id, record);
  if (names.length * optionalList(record, "affected").length > MAX_FACTS)
    refuse("affected", `names more than ${MAX_FACTS} packages and vulnerabilities`);
  return optionalList(record, "affected").flatMap((affected, index) => {
    const about = tell(`affected[${index}]`, () => namingOf(affected));
    if (about === undefined) return [];
    const vector = vectorOf(affected) ?? vectorOf(record);
    return names.map(
      (named): VulnerabilityFact => ({
        kind: "vulnerability",
        ...named,
        about,
        ...common,
        ...(vector !== undefined && { vector }),
        url: `https://osv.dev/vulnerability/${encodeURIComponent(id)}`,
      }),
    );
  });
}

/** A distribution's advisory mends several vulnerabilities at once: each of them is one, under its own name. */
function namesOf(id: string, record: JsonObject): readonly { id: string; aliases: readonly string[] }[] {
  const aliases = textList(record, "aliases").slice(0, MAX_ALIASES).map(identifier);
  const upstream = textList(record, "upstream").slice(0, MAX_ALIASES).map(identifier);
  const cves = upstream.filter((name) => name.startsWith("CVE-"));
  if (cves.length === 0) return [{ id, aliases: [...new Set([...aliases, ...upstream])] }];
  return [...new Set(cves)].map((cve) => ({ id: cve, aliases: [...new Set([id, ...aliases])] }));
}

function commonOf(record: JsonObject) {
  const withdrawnOn = optionalInstant(record, "withdrawn");
  const summary = excerpt(record, "summary", 300) ?? excerpt(record, "details", 300) ?? "";
  return { summary, ...(withdrawnOn !== undefined && { withdrawnOn }) };
}

const identifier = (text: string): string => (ID.test(text) ? text : refuse("id", "is no identifier"));

/** @returns undefined when it names nothing that is known here by a name of its own, which is no mistake */
function namingOf(affected: Json): Naming | undefined {
  if (!isJsonObject(affected)) refuse("affected", "holds no object");
  const named = member(affected, "package");
  return named === undefined ? repositoryNaming(affected) : packageNaming(affected, named);
}

function packageNaming(affected: JsonObject, named: Json): Naming | undefined {
  const name = requiredText(named, "name", 500);
  const text = requiredText(named, "ecosystem", 200);
  const known = ecosystemOf(text);
  const purl =
    known === undefined ? optionalText(named, "purl", 900) : known.ecosystem.purl(name, known.release);
  if (purl === undefined) return undefined;
  if (!purl.startsWith("pkg:")) refuse("purl", "is no package URL");
  const scheme = known?.ecosystem.scheme ?? "generic";
  const isDistribution = scheme === "deb" || scheme === "rpm" || scheme === "apk";
  const ranges = versionRanges(affected, scheme);
  const listed = textList(affected, "versions");
  const exact = scheme === "generic" ? listed.map((tag) => versionOfTag(tag) ?? tag) : listed;
  return {
    // No product: a package's name says nothing of programs that are called the same.
    identifiers: [{ kind: "purl", value: purl }],
    scheme,
    // Distributions order their versions completely: what they list beside a range says nothing more, and is most of their data.
    versions: { ranges, exact: isDistribution && ranges.length > 0 ? [] : limited(exact) },
  };
}

/** Converted from NVD, or a project's own: they name a repository and no package. */
function repositoryNaming(affected: JsonObject): Naming | undefined {
  const repositories = optionalList(affected, "ranges").flatMap(
    (range) => optionalText(range, "repo", 500) ?? [],
  );
  const purls = new Set(repositories.flatMap((address) => repositoryPurl("github", address) ?? []));
  if (purls.size === 0) return undefined;
  const exact = textList(affected, "versions").flatMap((tag) => versionOfTag(tag) ?? []);
  return {
    identifiers: [...purls].map((value) => ({ kind: "purl", value })),
    scheme: "generic",
    versions: { ranges: versionRanges(affected, "generic"), exact: limited(exact) },
  };
}

function versionRanges(affected: JsonObject, scheme: VersionScheme): readonly VersionRange[] {
  const ranges = optionalList(affected, "ranges").flatMap((range) => {
    const type = requiredText(range, "type", 20);
    return type === "GIT" ? extractedRanges(range) : rangesOf(range, "events", scheme);
  });
  return closeByHint(ranges, affected);
}

const limited = (versions: readonly string[]): readonly string[] => {
  if (versions.length > MAX_EXACT) refuse("versions", `has more than ${MAX_EXACT} entries`);
  return [...new Set(versions)];
};

/** CVSS 3 first: it is what most others are compared by. */
const VECTOR_TYPES = ["CVSS_V3", "CVSS_V4", "CVSS_V2"];

function vectorOf(holder: Json): string | undefined {
  const severities = optionalList(holder, "severity");
  for (const type of VECTOR_TYPES) {
    const found = severities.find((severity) => member(severity, "type") === type);
    const vector = found === undefined ? undefined : optionalText(found, "score", 300);
    if (vector !== undefined) return vector;
  }
  return undefined;
}
