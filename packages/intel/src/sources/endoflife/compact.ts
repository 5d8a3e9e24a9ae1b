/**
 * The front matter of the product pages in one file: an end is a day, `true` or `false`, as the pages write it.
 * Source: endoflife.date, CONTRIBUTING.md, "Product page".
 * @module
 */

import type { Json } from "@sallyport/core";
import {
  dayOf,
  member,
  optionalDay,
  optionalList,
  optionalText,
  refuse,
  requiredList,
  requiredText,
} from "../../reading/index.ts";
import type { End, EndoflifeProduct, EndoflifeRelease } from "./product.ts";

export const readCompactProduct = (product: Json): EndoflifeProduct => ({
  name: requiredText(product, "name"),
  label: requiredText(product, "label"),
  identifiers: optionalList(product, "identifiers").map((identifier) => ({
    type: requiredText(identifier, "type"),
    id: requiredText(identifier, "id"),
  })),
  url: `https://endoflife.date/${requiredText(product, "name")}`,
  releases: requiredList(product, "releases").map(readRelease),
});

function readRelease(release: Json): EndoflifeRelease {
  const latest = optionalText(release, "latest");
  const latestOn = optionalDay(release, "latestReleaseDate");
  return {
    name: requiredText(release, "name"),
    endOfActiveSupport: endOf(release, "eoas"),
    endOfLife: endOf(release, "eol"),
    endOfExtendedSupport: member(release, "eoes") === undefined ? "none" : endOf(release, "eoes"),
    ...(latest !== undefined && { latest }),
    ...(latestOn !== undefined && { latestOn }),
  };
}

function endOf(release: Json, name: string): End {
  const end = member(release, name);
  if (end === undefined || end === false) return undefined;
  if (end === true) return true;
  return (
    (typeof end === "string" ? dayOf(end) : undefined) ?? refuse(name, "is neither a day nor true or false")
  );
}
