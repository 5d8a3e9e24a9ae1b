/**
 * The answer of `/api/v1/products/full`, and of `/api/v1/products/{product}`.
 * Source: endoflife.date, api_v1/openapi.yml, 1.1.0.
 * @module
 */

import type { Json } from "@sallyport/core";
import {
  isJsonObject,
  member,
  memberAt,
  optionalDay,
  optionalList,
  optionalText,
  refuse,
  requiredList,
  requiredText,
} from "../../reading/index.ts";
import type { End, EndoflifeProduct, EndoflifeRelease } from "./product.ts";

/** @returns the products as they stand there @throws FeedError when it is cut short of what it counts itself */
export function apiProducts(document: Json): readonly Json[] {
  const result = member(document, "result") ?? refuse("result", "is missing");
  if (isJsonObject(result)) return [result];
  const products = requiredList(document, "result");
  const total = member(document, "total");
  if (total !== undefined && total !== products.length)
    refuse("result", `holds ${products.length} products, and total says another number`);
  return products;
}

export const readApiProduct = (product: Json): EndoflifeProduct => ({
  name: requiredText(product, "name"),
  label: requiredText(product, "label"),
  identifiers: optionalList(product, "identifiers").map((identifier) => ({
    type: requiredText(identifier, "type"),
    id: requiredText(identifier, "id"),
  })),
  url:
    optionalText(member(product, "links"), "html") ??
    `https://endoflife.date/${requiredText(product, "name")}`,
  releases: requiredList(product, "releases").map(readRelease),
});

function readRelease(release: Json): EndoflifeRelease {
  const latest = optionalText(member(release, "latest"), "name");
  const latestOn = optionalDay(memberAt(release, "latest"), "date");
  return {
    name: requiredText(release, "name"),
    endOfActiveSupport: endOf(release, "isEoas", "eoasFrom"),
    endOfLife: endOf(release, "isEol", "eolFrom"),
    endOfExtendedSupport:
      member(release, "isEoes") === undefined ? "none" : endOf(release, "isEoes", "eoesFrom"),
    ...(latest !== undefined && { latest }),
    ...(latestOn !== undefined && { latestOn }),
  };
}

function endOf(release: Json, flag: string, date: string): End {
  const isOver = member(release, flag);
  if (isOver !== undefined && typeof isOver !== "boolean") refuse(flag, "is neither true nor false");
  return optionalDay(release, date) ?? (isOver === true ? true : undefined);
}
