/**
 * Our envelope around OpenEoX's core, which names no product, and whose draft of a shell refers to what does not exist: products
 * as CSAF identifies them, and for which of them each core is said. Source: CSAF 2.0 §3.2.2; OpenEoX Core 1.0.
 * @module
 */

import type { Json, JsonObject, Lifecycle } from "@sallyport/core";
import type { LifecycleFact } from "../../fact.ts";
import { compareVendors, vendorName } from "../../match/names.ts";
import {
  instantOf,
  member,
  optionalText,
  refuse,
  requiredList,
  requiredObject,
  requiredText,
  textList,
} from "../../reading/index.ts";
import { type Product, productsOf } from "../csaf/product-tree.ts";
import { readCore } from "./core.ts";

export const DECLARATION_SCHEMA = "sallyport.openeox/1";

export interface Declaration {
  /** ISO 8601, UTC: of two declarations of one maker the later counts. */
  readonly issuedAt: string;
  readonly facts: readonly LifecycleFact[];
}

/** @throws FeedError `feed.malformed`: it counts as a whole or not at all */
export function readDeclaration(document: Json): Declaration {
  if (requiredText(document, "schema") !== DECLARATION_SCHEMA)
    refuse("schema", `is not ${DECLARATION_SCHEMA}`);
  const publisher = requiredText(requiredObject(document, "publisher"), "name");
  const issuedAt =
    instantOf(requiredText(document, "issued_at")) ?? refuse("issued_at", "is no date and time");
  const products = productsOf(requiredObject(document, "product_tree"), (_, read) => read());
  const statements = requiredList(document, "statements");
  return { issuedAt, facts: statements.flatMap((statement) => factsOf(statement, { products, publisher })) };
}

interface Known {
  readonly products: ReadonlyMap<string, Product>;
  readonly publisher: string;
}

function factsOf(statement: Json, { products, publisher }: Known): readonly LifecycleFact[] {
  const ends = readCore(member(statement, "core") ?? null);
  const ids = textList(statement, "product_ids");
  if (ids.length === 0) refuse("product_ids", "names no product");
  const replacement = optionalText(statement, "replacement");
  const url = optionalText(statement, "url");
  return ids.map((id) => {
    const { naming } = products.get(id) ?? refuse("product_ids", "names a product that is not in the tree");
    // Its word counts before every list's: for its own products, and for nobody else's.
    if (naming.vendor !== undefined && !isOwn(naming.vendor, publisher))
      refuse("publisher", `is ${publisher}, and the product is one of ${naming.vendor}`);
    if (naming.versions !== "all" && isEmpty(naming.versions))
      refuse("product_tree", 'names a product and no versions; every version is the range "vers:generic/*"');
    const lifecycle: Lifecycle = {
      product: naming.product ?? id,
      vendor: naming.vendor ?? publisher,
      ...releaseOf(naming.versions),
      ...(ends.endOfLife !== undefined && { endOfLife: ends.endOfLife }),
      ...(ends.endOfSecuritySupport !== undefined && { endOfSecuritySupport: ends.endOfSecuritySupport }),
      ...(replacement !== undefined && { replacement }),
      ...(url !== undefined && { url }),
    };
    return { kind: "lifecycle", about: naming, lifecycle };
  });
}

const isOwn = (vendor: string, publisher: string): boolean =>
  compareVendors(vendorName(vendor), vendorName(publisher)) !== "none";

type Versions = LifecycleFact["about"]["versions"];

const isEmpty = (versions: Exclude<Versions, "all">): boolean =>
  versions.ranges.length + versions.exact.length + (versions.lines?.length ?? 0) === 0;

const releaseOf = (versions: Versions): Pick<Lifecycle, "release"> => {
  const [only, ...others] = versions === "all" ? [] : versions.exact;
  return only !== undefined && others.length === 0 ? { release: only } : {};
};

/** What a person says of one product. */
export interface Statement {
  readonly vendor: string;
  readonly product: string;
  /** As ECMA-428 writes ranges: `vers:generic/*`, `vers:generic/>=7|<8`. */
  readonly versions: string;
  readonly purl?: string;
  readonly cpe?: string;
  readonly replacement?: string;
  readonly url?: string;
  readonly core: Json;
}

/** @throws FeedError when what it makes could not be read again */
export function writeDeclaration(statement: Statement, publisher: string, issuedAt: Date): JsonObject {
  const { vendor, product, versions, purl, cpe, replacement, url, core } = statement;
  const helper = { ...(purl !== undefined && { purl }), ...(cpe !== undefined && { cpe }) };
  const named = {
    product_id: "product",
    name: `${vendor} ${product}`,
    ...(Object.keys(helper).length > 0 && { product_identification_helper: helper }),
  };
  const range = { category: "product_version_range", name: versions, product: named };
  const document: JsonObject = {
    schema: DECLARATION_SCHEMA,
    publisher: { name: publisher },
    issued_at: issuedAt.toISOString(),
    product_tree: {
      branches: [
        {
          category: "vendor",
          name: vendor,
          branches: [{ category: "product_name", name: product, branches: [range] }],
        },
      ],
    },
    statements: [
      {
        product_ids: ["product"],
        core,
        ...(replacement !== undefined && { replacement }),
        ...(url !== undefined && { url }),
      },
    ],
  };
  readDeclaration(document);
  return document;
}
