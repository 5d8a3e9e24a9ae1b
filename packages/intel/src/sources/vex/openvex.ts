/** OpenVEX documents. Source: OpenVEX specification 0.2.0 and its schema; 0.0.1, where products were texts. @module */

import type { Json, VexStatement } from "@sallyport/core";
import type { Fact } from "../../fact.ts";
import {
  excerpt,
  instantOf,
  isJsonObject,
  member,
  memberAt,
  optionalInstant,
  optionalList,
  optionalText,
  refuse,
  requiredText,
  textList,
} from "../../reading/index.ts";
import { namingOf } from "../../vex/product.ts";
import { factsOfStatement, type Tell } from "../../vex/statement.ts";

const STATUS: ReadonlyMap<string, VexStatement["status"]> = new Map([
  ["not_affected", "not-affected"],
  ["affected", "affected"],
  ["fixed", "fixed"],
  ["under_investigation", "under-investigation"],
]);

export const isOpenVex = (document: Json): boolean => {
  const context = member(document, "@context");
  return typeof context === "string" && context.startsWith("https://openvex.dev/ns");
};

/** When a document of either format was issued. @throws FeedError when it does not say */
export function issuedAt(document: Json): string {
  const written =
    member(document, "last_updated") ??
    member(document, "timestamp") ??
    memberAt(document, "metadata", "timestamp");
  const instant = typeof written === "string" ? instantOf(written) : undefined;
  return instant ?? refuse("timestamp", "is no date and time");
}

/** @throws FeedError when it names no author or no statements */
export function readOpenVex(document: Json, tell: Tell): readonly Fact[] {
  const author = requiredText(document, "author", 500);
  const url = optionalText(document, "@id", 2000);
  const newest = new Map<string, { readonly at: string; readonly facts: readonly Fact[] }>();
  for (const [index, written] of optionalList(document, "statements").entries()) {
    const statements = tell(`statements[${index}]`, () => readStatement(written, { author, url, document }));
    for (const { key, at, facts } of statements ?? []) {
      // Of two about the same, the later counts: OpenVEX, "Statement inheritance and precedence".
      const earlier = newest.get(key);
      if (earlier === undefined || earlier.at <= at) newest.set(key, { at, facts });
    }
  }
  return [...newest.values()].flatMap(({ facts }) => facts);
}

interface Around {
  readonly author: string;
  readonly url: string | undefined;
  readonly document: Json;
}

interface Dated {
  /** The same for statements about the same. */
  readonly key: string;
  readonly at: string;
  readonly facts: readonly Fact[];
}

function readStatement(written: Json, { author, url, document }: Around): readonly Dated[] {
  const status =
    STATUS.get(requiredText(written, "status", 40)) ?? refuse("status", "is none that OpenVEX knows");
  const { name, aliases, summary } = vulnerabilityOf(written);
  const at = optionalInstant(written, "timestamp") ?? issuedAt(document);
  const justification =
    optionalText(written, "justification", 100) ?? excerpt(written, "impact_statement", 300);
  if (status === "not-affected" && justification === undefined)
    refuse("justification", "is missing, and nobody says why it is not affected");
  const statement: VexStatement = {
    status,
    // Who supplies the product has not said it for that: anybody can name them.
    author,
    ...(justification !== undefined && { justification }),
    ...(url !== undefined && { url }),
  };
  const products = optionalList(written, "products");
  if (products.length === 0) refuse("products", "is missing");
  return products.map((product) => {
    const about =
      namingOf(identifiersOf(product)) ?? refuse("products", "names one by nothing that can be compared");
    return {
      key: JSON.stringify([name, about]),
      at,
      facts: factsOfStatement({ vulnerability: name, aliases, about, statement, summary }),
    };
  });
}

function vulnerabilityOf(written: Json) {
  const found = member(written, "vulnerability");
  if (typeof found === "string")
    return { name: requiredText(written, "vulnerability", 100), aliases: [], summary: undefined };
  const name = requiredText(found, "name", 100);
  return {
    name,
    aliases: textList(found, "aliases").slice(0, 50),
    summary: excerpt(found, "description", 300),
  };
}

/** The product's own id is often its package URL. */
function identifiersOf(product: Json) {
  const id = typeof product === "string" ? product : optionalText(product, "@id", 2000);
  const identifiers = isJsonObject(product) ? member(product, "identifiers") : undefined;
  const text = (name: string) => optionalText(identifiers, name, 2000);
  const purls = [text("purl"), id?.startsWith("pkg:") ? id : undefined];
  const cpes = [text("cpe23"), text("cpe22"), text("@cpe23"), text("@cpe22")];
  return {
    purls: purls.filter((value) => value !== undefined),
    cpes: cpes.filter((value) => value !== undefined),
  };
}
