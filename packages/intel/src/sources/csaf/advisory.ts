/** One CSAF document as facts. Source: OASIS CSAF 2.0, §3.2.1 (document), §3.2.3 (vulnerabilities), §4.5 (VEX). @module */

import type { Json, JsonObject, VexStatement } from "@sallyport/core";
import type { Fact } from "../../fact.ts";
import {
  excerpt,
  isJsonObject,
  member,
  memberAt,
  optionalList,
  optionalText,
  refuse,
  requiredObject,
  requiredText,
  textList,
} from "../../reading/index.ts";
import { factsOfStatement, type Tell } from "../../vex/statement.ts";
import { type Product, productsOf } from "./product-tree.ts";
import { authorAs } from "./publisher.ts";

/** CSAF 2.0 §3.2.3.9; what is only recommended says nothing of being affected. */
const STATUS: readonly (readonly [string, VexStatement["status"]])[] = [
  ["known_not_affected", "not-affected"],
  ["fixed", "fixed"],
  ["first_fixed", "fixed"],
  ["known_affected", "affected"],
  ["first_affected", "affected"],
  ["last_affected", "affected"],
  ["under_investigation", "under-investigation"],
];

const MAX_FIXED = 50;

/**
 * @param provider - whose folder it lies in, where that is known
 * @throws FeedError when it is no final CSAF document
 */
export function readAdvisory(document: Json, tell: Tell, provider?: string): readonly Fact[] {
  const about = requiredObject(document, "document");
  const version = requiredText(about, "csaf_version", 16);
  if (!/^2\.[01]$/.test(version)) refuse("csaf_version", "is none that is read here: 2.0 or 2.1");
  if (memberAt(about, "tracking", "status") === "draft") return [];
  const products = productsOf(member(document, "product_tree") ?? null, tell);
  const url = ownAddressOf(about);
  const around = {
    products,
    author: authorAs(authorOf(about), provider),
    ...(url !== undefined && { url }),
    title: excerpt(about, "title", 300),
  };
  return optionalList(document, "vulnerabilities").flatMap((written, index) => {
    const row = `vulnerabilities[${index}]`;
    return (
      tell(row, () =>
        readVulnerability(isJsonObject(written) ? written : refuse(row, "is no object"), around),
      ) ?? []
    );
  });
}

/** Whoever is not the maker says so in the name: §3.2.1.8. */
function authorOf(about: JsonObject): string {
  const publisher = requiredObject(about, "publisher");
  const name = requiredText(publisher, "name", 400);
  const category = requiredText(publisher, "category", 40);
  return category === "vendor" ? name : `${name} (${category})`;
}

function ownAddressOf(about: JsonObject): string | undefined {
  const self = optionalList(about, "references").find((one) => member(one, "category") === "self");
  const url = optionalText(self, "url", 2000);
  return url?.startsWith("https://") ? url : undefined;
}

interface Around {
  readonly products: ReadonlyMap<string, Product>;
  readonly author: string;
  readonly url?: string;
  readonly title: string | undefined;
}

function readVulnerability(written: JsonObject, around: Around): readonly Fact[] {
  const { vulnerability, aliases } = namesOf(written);
  const status = member(written, "product_status");
  const summary = optionalText(written, "title", 300) ?? around.title;
  const vector = vectorOf(written);
  const fixes = fixesOf(status, around.products);
  const reasonOf = reasonsOf(written);
  return STATUS.flatMap(([list, is]) =>
    textList(status, list).flatMap((id) => {
      const product = around.products.get(id);
      if (product === undefined) return [];
      const justification = is === "not-affected" ? reasonOf(id) : undefined;
      return factsOfStatement({
        vulnerability,
        aliases,
        about: product.naming,
        summary,
        vector,
        fixedIn: is === "affected" ? [...(fixes.get(product.key) ?? [])] : [],
        statement: {
          status: is,
          author: around.author,
          ...(justification !== undefined && { justification }),
          ...(around.url !== undefined && { url: around.url }),
        },
      });
    }),
  );
}

function namesOf(written: JsonObject): { vulnerability: string; aliases: readonly string[] } {
  const cve = optionalText(written, "cve", 40);
  const ids = optionalList(written, "ids").flatMap((one) => optionalText(one, "text", 100) ?? []);
  const [vulnerability = refuse("cve", "is missing, and no other id is there"), ...aliases] = [
    ...(cve === undefined ? [] : [cve]),
    ...ids,
  ];
  return { vulnerability, aliases: aliases.slice(0, 20) };
}

/**
 * Why each product is not affected. Flags say it in a word, threats of category impact in sentences; those without products
 * mean all: §3.2.3.5, §3.2.3.14.
 */
function reasonsOf(written: JsonObject): (id: string) => string | undefined {
  const byProduct = new Map<string, string>();
  let ofAll: string | undefined;
  const note = (one: Json, reason: string | undefined): void => {
    if (reason === undefined) return;
    const ids = textList(one, "product_ids");
    if (ids.length === 0) ofAll ??= reason;
    for (const id of ids) if (!byProduct.has(id)) byProduct.set(id, reason);
  };
  for (const flag of optionalList(written, "flags")) note(flag, optionalText(flag, "label", 100));
  for (const threat of optionalList(written, "threats"))
    if (member(threat, "category") === "impact") note(threat, excerpt(threat, "details", 300));
  return (id) => byProduct.get(id) ?? ofAll;
}

/** Versions that are listed as fixed, by what is the same for all versions of a product. */
function fixesOf(
  status: Json | undefined,
  products: ReadonlyMap<string, Product>,
): ReadonlyMap<string, ReadonlySet<string>> {
  const fixes = new Map<string, Set<string>>();
  for (const id of ["fixed", "first_fixed"].flatMap((name) => textList(status, name))) {
    const product = products.get(id);
    if (product === undefined) continue;
    const versions = fixes.get(product.key) ?? new Set();
    for (const version of product.versions) if (versions.size < MAX_FIXED) versions.add(version);
    fixes.set(product.key, versions);
  }
  return fixes;
}

function vectorOf(written: JsonObject): string | undefined {
  for (const score of optionalList(written, "scores"))
    for (const version of ["cvss_v3", "cvss_v4", "cvss_v2"]) {
      const vector = memberAt(score, version, "vectorString");
      if (typeof vector === "string" && vector.length <= 300) return vector;
    }
  for (const metric of optionalList(written, "metrics"))
    for (const version of ["cvss_v3", "cvss_v4", "cvss_v2"]) {
      const vector = memberAt(metric, "content", version, "vectorString");
      if (typeof vector === "string" && vector.length <= 300) return vector;
    }
  return undefined;
}
