/** Facts of a product of endoflife.date: one for each of its releases. @module */

import type { Identifier, Lifecycle } from "@sallyport/core";
import type { LifecycleFact } from "../../fact.ts";
import type { VersionSet } from "../../naming.ts";
import { linesOf } from "./lines.ts";
import { makerOf } from "./makers.ts";
import type { EndoflifeProduct, EndoflifeRelease } from "./product.ts";
import { makerNames } from "./vendors.ts";

/** What makes sense only with the whole list in sight. */
export interface WholeList {
  /** Whom CPE names of the list name, as {@link makerNames} writes them. */
  readonly vendors: ReadonlySet<string>;
  /** Identifiers that several products go by: they tell none of them. */
  readonly shared: ReadonlySet<string>;
}

export function factsOf(product: EndoflifeProduct, list: WholeList): readonly LifecycleFact[] {
  const told = makerNames(product, list.vendors);
  const maker = makerOf(product.name);
  const [vendor, ...vendorAliases] = [...new Set([...told.vendors, ...(maker?.vendors ?? [])])];
  const aliases = [...told.products, product.name, ...(maker?.products ?? [])];
  const naming = {
    product: product.label,
    ...(vendor !== undefined && { vendor }),
    productAliases: [...new Set(aliases)].filter((name) => name !== product.label),
    vendorAliases,
    identifiers: identifiersOf(product).filter(
      ({ value }) => !list.shared.has(value) && maker?.identifiersLeftOut?.includes(value) !== true,
    ),
    scheme: "generic",
  } as const;
  const lines = linesOf(product.releases);
  return product.releases.map((release, index) => ({
    kind: "lifecycle",
    about: { ...naming, versions: versionsOf(lines[index] ?? [], release) },
    lifecycle: lifecycleOf(product, vendor, release),
  }));
}

/** A release that none of its versions tells from others stands for its newest alone. */
function versionsOf(lines: readonly string[], { name, latest = name }: EndoflifeRelease): VersionSet {
  return { ranges: [], exact: lines.length > 0 ? [] : [latest.split(" ")[0] ?? latest], lines };
}

function lifecycleOf(
  { label, url }: EndoflifeProduct,
  vendor: string | undefined,
  { name, latest, ...ends }: EndoflifeRelease,
): Lifecycle {
  const hasExtension = ends.endOfExtendedSupport !== "none";
  const endOfLife = ends.endOfExtendedSupport === "none" ? ends.endOfLife : ends.endOfExtendedSupport;
  return {
    product: label,
    ...(vendor !== undefined && { vendor }),
    release: name,
    ...(endOfLife !== undefined && { endOfLife }),
    ...(hasExtension && ends.endOfLife !== undefined && { endOfSecuritySupport: ends.endOfLife }),
    ...(ends.endOfActiveSupport !== undefined && { endOfActiveSupport: ends.endOfActiveSupport }),
    ...(latest !== undefined && { latest }),
    url,
  };
}

/**
 * Distributions mend old versions under their own numbers, and images are no product: what names those does not name the
 * product.
 */
const OTHERS = /^pkg:(?:deb|rpm|apk|alpm|docker|oci)\//i;

const identifiersOf = ({ identifiers }: EndoflifeProduct): readonly Identifier[] =>
  identifiers.flatMap(({ type, id }): readonly Identifier[] => {
    if (type === "cpe") return [{ kind: "cpe", value: id }];
    if (type !== "purl" || OTHERS.test(id)) return [];
    return [{ kind: "purl", value: id }];
  });
