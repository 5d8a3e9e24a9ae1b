/**
 * Keys under which a naming is stored, and under which a claim looks. What {@link match} could find agreeing shares a key;
 * that two share a key says nothing yet.
 * @module
 */

import type { Claim } from "@sallyport/core";
import type { Naming } from "../naming.ts";

/**
 * @returns the same keys for the same names, whoever writes them: `purl:npm/lodash`, `cpe:vendor:product`, `product:reader`,
 * `file:setup.exe`, `upgrade-code:{…}`; few, without doubles, each at most 200 characters
 */
export function keysOf(names: Claim | Naming): readonly string[] {
  const keys = new Set<string>();
  for (const { kind, value } of names.identifiers) keys.add(`${kind}:${value.toLowerCase().slice(0, 180)}`);
  const products = [names.product, ...("scheme" in names ? (names.productAliases ?? []) : [])];
  for (const product of products) if (product) keys.add(`product:${product.toLowerCase().slice(0, 180)}`);
  return [...keys];
}
