/** The names that a claim or a source gives a product, each with every spelling under which another may write it. @module */

import type { Claim } from "@sallyport/core";
import type { Naming } from "../naming.ts";
import { type Cpe, isDesktop, parseCpe } from "./cpe.ts";
import { type ProductName, productName, squash, tellingWords, type VendorName, vendorName } from "./names.ts";

export interface Named {
  /** As it is written. */
  readonly text: string;
  readonly name: ProductName;
  /** Squashed: as written, without the vendor in front, and of a source's also with it. */
  readonly spellings: ReadonlySet<string>;
  /** Only the file's name says so. */
  readonly isFileName: boolean;
}

export interface NamedVendor {
  readonly text: string;
  readonly name: VendorName;
}

export function namesOf(names: Claim | Naming): readonly Named[] {
  const isNaming = "scheme" in names;
  const vendors = vendorsOf(names).map(({ name }) => name);
  const texts = [
    ...(names.product === undefined ? [] : [names.product]),
    ...(isNaming ? (names.productAliases ?? []) : []),
    ...cpesOf(names).map(({ product }) => product.replaceAll("_", " ")),
  ];
  if (texts.length === 0 && !isNaming && names.fileName !== undefined) {
    const stem = names.fileName.replace(/\.[a-z0-9]{1,5}$/i, "");
    return [named(stem, vendors, { isFileName: true, isNaming })];
  }
  return [...new Set(texts)].map((text) => named(text, vendors, { isFileName: false, isNaming }));
}

export function vendorsOf(names: Claim | Naming): readonly NamedVendor[] {
  const texts = [
    ...(names.vendor === undefined ? [] : [names.vendor]),
    ...("scheme" in names ? (names.vendorAliases ?? []) : []),
    ...cpesOf(names).map(({ vendor }) => vendor.replaceAll("_", " ")),
  ];
  return [...new Set(texts)]
    .map((text) => ({ text, name: vendorName(text) }))
    .filter(({ name }) => name.words.length > 0);
}

/** Of applications: an operating system is not told by the name of a program. */
const cpesOf = (names: Claim | Naming): Cpe[] =>
  names.identifiers.flatMap(({ kind, value }) => {
    const cpe = kind === "cpe" ? parseCpe(value) : undefined;
    if (cpe === undefined || cpe.part !== "a") return [];
    return isDesktop(cpe) ? [cpe] : [];
  });

function named(
  text: string,
  vendors: readonly VendorName[],
  { isFileName, isNaming }: { isFileName: boolean; isNaming: boolean },
): Named {
  const name = productName(text);
  const spellings = new Set([squash(name.words)]);
  for (const vendor of vendors) {
    const rest = withoutVendor(name.words, vendor);
    if (rest !== undefined) spellings.add(squash(rest));
    if (isNaming) spellings.add(squash([...tellingWords(vendor), ...(rest ?? name.words)]));
  }
  spellings.delete("");
  return { text, name, spellings, isFileName };
}

/** @returns undefined when the vendor does not stand in front, or nothing else does */
export function withoutVendor(words: readonly string[], vendor: VendorName): readonly string[] | undefined {
  for (const front of [vendor.words, tellingWords(vendor)]) {
    const isFront =
      front.length > 0 && front.length < words.length && front.every((word, at) => word === words[at]);
    if (isFront) return words.slice(front.length);
  }
  return undefined;
}
