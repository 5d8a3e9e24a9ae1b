/** The products that a CSAF document names. Source: OASIS CSAF 2.0, §3.1.2 (branches), §3.1.3 (products), §3.2.2 (tree). @module */

import type { Json } from "@sallyport/core";
import { parseCpe } from "../../match/cpe.ts";
import type { Naming } from "../../naming.ts";
import { member, optionalList, optionalText, refuse, requiredText, textList } from "../../reading/index.ts";
import { namingOf, type WrittenProduct } from "../../vex/product.ts";
import type { Tell } from "../../vex/statement.ts";
import { parseVersions } from "../../vex/vers.ts";

const MAX_DEPTH = 40;
const MAX_PRODUCTS = 200_000;

export interface Product {
  readonly naming: Naming;
  /** The same for other versions of the same product. */
  readonly key: string;
  /** Single ones that are named. */
  readonly versions: readonly string[];
}

const NO_VERSIONS = { scheme: "generic", versions: { ranges: [], exact: [] } } as const;

/** What the branches above say. */
interface Above {
  readonly vendor?: string | undefined;
  readonly product?: string | undefined;
  readonly version?: string | undefined;
  readonly range?: string | undefined;
}

/** @returns products by their id; what can be compared with nothing is told and left out */
export function productsOf(tree: Json, tell: Tell): ReadonlyMap<string, Product> {
  const written = new Map<string, WrittenProduct>();
  const add = (product: Json, above: Above): void => {
    if (written.size >= MAX_PRODUCTS) refuse("product_tree", `has more than ${MAX_PRODUCTS} products`);
    written.set(requiredText(product, "product_id", 2000), writtenOf(product, above));
  };
  const visit = (branch: Json, above: Above, depth: number): void => {
    if (depth > MAX_DEPTH) refuse("branches", `is nested more than ${MAX_DEPTH} deep`);
    const here = below(branch, above);
    const product = member(branch, "product");
    if (product !== undefined) add(product, here);
    for (const inner of optionalList(branch, "branches")) visit(inner, here, depth + 1);
  };
  for (const branch of optionalList(tree, "branches")) visit(branch, {}, 0);
  for (const product of optionalList(tree, "full_product_names")) add(product, {});
  for (const [index, one] of optionalList(tree, "relationships").entries())
    tell(`product_tree.relationships[${index}]`, () => relate(one, written));
  return new Map(
    [...written].flatMap(([id, product]) => {
      const found = tell(`product_tree.${id.slice(0, 100)}`, () => finish(product));
      return found === undefined ? [] : [[id, found] as const];
    }),
  );
}

function below(branch: Json, above: Above): Above {
  const name = optionalText(branch, "name", 2000);
  switch (optionalText(branch, "category", 40)) {
    case "vendor":
      return { ...above, vendor: name };
    case "product_name":
      return { ...above, product: name };
    case "product_version":
      return { ...above, version: name };
    case "product_version_range":
      return { ...above, range: name };
    default:
      return above;
  }
}

function writtenOf(product: Json, { vendor, product: name, version, range }: Above): WrittenProduct {
  const helper = member(product, "product_identification_helper");
  const purl = optionalText(helper, "purl", 2000);
  const cpe = optionalText(helper, "cpe", 2000);
  // A range that is not understood names no versions, and never all.
  const versions = range === undefined ? undefined : (parseVersions(range) ?? NO_VERSIONS);
  const exact = version === undefined || !/\d/.test(version) ? undefined : version.replace(/^v(?=\d)/i, "");
  return {
    vendor,
    product: name,
    // CSAF 2.1 lists them.
    purls: [...(purl === undefined ? [] : [purl]), ...textList(helper, "purls")],
    cpes: cpe === undefined ? [] : [cpe],
    versions:
      versions ??
      (exact === undefined ? undefined : { scheme: "generic", versions: { ranges: [], exact: [exact] } }),
  };
}

/**
 * A part as it comes with a whole: `openssl` as part of `Red Hat Enterprise Linux 9` is the package of that release. What is
 * only installed on something, or next to it, says nothing of either alone.
 */
function relate(relationship: Json, written: Map<string, WrittenProduct>): void {
  const id = requiredText(member(relationship, "full_product_name"), "product_id", 2000);
  if (requiredText(relationship, "category", 60) !== "default_component_of") return;
  const part = written.get(requiredText(relationship, "product_reference", 2000));
  const whole = written.get(requiredText(relationship, "relates_to_product_reference", 2000));
  if (part === undefined || whole === undefined)
    refuse("relationships", "names a product that is not in the tree");
  const distro = (whole.cpes ?? []).flatMap(releaseOf)[0];
  written.set(id, {
    ...part,
    purls: (part.purls ?? []).map((purl) => (distro === undefined ? purl : withDistro(purl, distro))),
  });
}

/** `cpe:/o:redhat:enterprise_linux:9` is the release that package URLs call rhel-9. */
function releaseOf(text: string): readonly string[] {
  const cpe = parseCpe(text);
  if (cpe?.vendor !== "redhat" || !/^(enterprise_linux|rhel_[a-z]+)$/.test(cpe.product)) return [];
  const major = /^\d+/.exec(cpe.version ?? "")?.[0];
  return major === undefined ? [] : [`rhel-${major}`];
}

function withDistro(purl: string, distro: string): string {
  if (!purl.startsWith("pkg:rpm/") || /[?&]distro=/.test(purl)) return purl;
  return `${purl}${purl.includes("?") ? "&" : "?"}distro=${distro}`;
}

function finish(product: WrittenProduct): Product {
  const naming = namingOf(product) ?? refuse("product", "is named by nothing that can be compared");
  const { versions, identifiers, vendor = "", product: name = "" } = naming;
  return {
    naming,
    key: JSON.stringify([vendor.toLowerCase(), name.toLowerCase(), identifiers.map(({ value }) => value)]),
    versions: versions === "all" ? [] : versions.exact,
  };
}
