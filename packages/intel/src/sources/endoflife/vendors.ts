/** Whose product it is, as far as the list itself says: in a CPE name, or in front of the label. @module */

import type { EndoflifeProduct } from "./product.ts";

export interface MakerNames {
  /** As CPE names write them, with blanks: `linux foundation`. */
  readonly vendors: readonly string[];
  readonly products: readonly string[];
}

/** @param vendors - of all CPE names of the list, as {@link plain} writes them */
export function makerNames(
  { label, identifiers }: EndoflifeProduct,
  vendors: ReadonlySet<string>,
): MakerNames {
  const names = identifiers.flatMap(({ type, id }) => (type === "cpe" ? cpeNames(id) : []));
  const words = label.split(" ");
  const leading = [1, 2].find(
    (count) => words.length > count && vendors.has(plain(words.slice(0, count).join(""))),
  );
  const maker = leading === undefined ? undefined : words.slice(0, leading).join(" ");
  const rest = leading === undefined ? undefined : words.slice(leading).join(" ");
  return {
    vendors: distinct([...names.map(({ vendor }) => vendor), ...(maker === undefined ? [] : [maker])]),
    products: distinct([...names.map(({ product }) => product), ...(rest === undefined ? [] : [rest])]),
  };
}

export const vendorsOf = (products: readonly EndoflifeProduct[]): ReadonlySet<string> =>
  new Set(
    products.flatMap(({ identifiers }) =>
      identifiers.flatMap(({ type, id }) =>
        type === "cpe" ? cpeNames(id).map(({ vendor }) => plain(vendor)) : [],
      ),
    ),
  );

/** Names that more than one product goes by. */
export function sharedIdentifiers(products: readonly EndoflifeProduct[]): ReadonlySet<string> {
  const owners = new Map<string, string>();
  const shared = new Set<string>();
  for (const { name, identifiers } of products)
    for (const { id } of identifiers) {
      const owner = owners.get(id);
      if (owner === undefined) owners.set(id, name);
      else if (owner !== name) shared.add(id);
    }
  return shared;
}

/** Source: NISTIR 7695 §6.1 (URI), §6.2 (formatted string). */
function cpeNames(id: string): readonly { readonly vendor: string; readonly product: string }[] {
  const match = /^cpe:(?:2\.3:[aho]|\/[aho]):((?:\\.|[^:\\])+):((?:\\.|[^:\\])+)/i.exec(id);
  if (match === null) return [];
  const [vendor = "", product = ""] = match
    .slice(1)
    .map((part) => part.replaceAll("\\", "").replaceAll("_", " "));
  return [{ vendor, product }];
}

const plain = (name: string): string => name.toLowerCase().replace(/[^a-z0-9]/g, "");
const distinct = (names: readonly string[]): readonly string[] => [...new Set(names)];
