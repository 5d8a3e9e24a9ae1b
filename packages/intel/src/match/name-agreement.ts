/** Whether product and vendor agree. Either alone is not enough: a companion has the name, a maker has many products. @module */

import type { Claim } from "@sallyport/core";
import type { Naming } from "../naming.ts";
import { type Named, type NamedVendor, namesOf, vendorsOf, withoutVendor } from "./named.ts";
import { compareVendors, squash } from "./names.ts";

export type NameAgreement =
  | { readonly match: "no"; readonly because: string }
  | {
      readonly match: "certain" | "possible";
      readonly because: string;
      /** Squashed, as both spell it. */
      readonly product: string;
      /** A version that stands in the product's name. */
      readonly versionInName?: string;
    };

export function agreeNames(claim: Claim, naming: Naming): NameAgreement {
  const named = namesOf(naming);
  let refused: NameAgreement = { match: "no", because: "no name agrees" };
  let best: NameAgreement | undefined;
  for (const own of namesOf(claim))
    for (const theirs of named) {
      const found = agreeProducts(claim, naming, own, theirs);
      if (found.match === "certain") return found;
      if (found.match === "possible") best ??= found;
      else if (found.because !== refused.because) refused = found;
    }
  return best ?? agreeFile(claim, naming) ?? refused;
}

function agreeProducts(claim: Claim, naming: Naming, own: Named, theirs: Named): NameAgreement {
  const product = [...own.spellings].find((spelling) => theirs.spellings.has(spelling));
  if (product === undefined) return { match: "no", because: `product "${own.text}" is not "${theirs.text}"` };
  const doubts = [...doubtsOfName(own, theirs, claim.version)];
  if (doubts.some(({ isGrave }) => isGrave)) return { match: "no", because: doubts[0]?.because ?? "" };
  const vendor = agreeVendors(claim, naming, own, product);
  if (vendor.match === "no") return { match: "no", because: vendor.because };
  const isCertain = vendor.match === "certain" && doubts.length === 0 && !own.isFileName;
  const said = own.isFileName ? `the file's name says "${theirs.text}"` : `product "${theirs.text}" agrees`;
  const because = [said, vendor.because, ...doubts.map((doubt) => doubt.because)].join(", ");
  const { version } = own.name;
  return {
    match: isCertain ? "certain" : "possible",
    because,
    product,
    ...(version !== undefined && { versionInName: version }),
  };
}

interface Doubt {
  readonly isGrave: boolean;
  readonly because: string;
}

/** What the words agreed on leaves open: another edition, another year. */
function* doubtsOfName(own: Named, theirs: Named, version: string | undefined): Generator<Doubt> {
  const editions = [...theirs.name.editions].filter((edition) => !own.name.editions.has(edition));
  if (editions.length > 0)
    yield {
      isGrave: own.name.editions.size > 0,
      because: `only the edition "${editions.join(" ")}" is meant`,
    };
  const numbers = theirs.name.numbers;
  if (numbers.length === 0) return;
  const ownNumbers = [
    ...own.name.numbers,
    ...(own.name.numbers.length === 0 && version ? [generation(version)] : []),
  ];
  if (numbers.some((number) => ownNumbers.includes(number))) return;
  yield {
    isGrave: own.name.numbers.length > 0,
    because: `whether it is the one called ${numbers.join(" ")} is not said`,
  };
}

const generation = (version: string): string => /^[vr]?([0-9]+)/.exec(version.trim())?.[1] ?? "";

type VendorAgreement = { readonly match: "certain" | "possible" | "no"; readonly because: string };

function agreeVendors(claim: Claim, naming: Naming, own: Named, product: string): VendorAgreement {
  const wanted = vendorsOf(naming);
  const claimed = vendorsOf(claim);
  if (wanted.length === 0) return { match: "possible", because: "the source names no vendor" };
  if (claimed.length === 0) return vendorInName(own, wanted);
  const pairs = claimed.flatMap((one) => wanted.map((other) => [one, other] as const));
  const compared = pairs.map(([one, other]) => ({ order: compareVendors(one.name, other.name), other }));
  const equal = compared.find(({ order }) => order === "equal");
  if (equal !== undefined) return { match: "certain", because: `vendor "${equal.other.text}" agrees` };
  const near = compared.find(({ order }) => order === "near");
  if (near !== undefined) return { match: "possible", because: `vendor may be "${near.other.text}"` };
  // A project that has no company is listed under its own name.
  if (wanted.every(({ name }) => isProject(name.words, product)))
    return { match: "possible", because: "the source names no vendor but the product itself" };
  return {
    match: "no",
    because: `product agrees, but vendor "${claimed[0]?.text}" is not "${wanted[0]?.text}"`,
  };
}

const isProject = (words: readonly string[], product: string): boolean =>
  squash(words).replaceAll("+", "plus") === product.replaceAll("+", "plus");

function vendorInName(own: Named, wanted: readonly NamedVendor[]): VendorAgreement {
  const stated = wanted.find(({ name }) => withoutVendor(own.name.words, name) !== undefined);
  return stated === undefined
    ? { match: "possible", because: "who made it is not said" }
    : { match: "certain", because: `vendor "${stated.text}" stands in its name` };
}

function agreeFile(claim: Claim, naming: Naming): NameAgreement | undefined {
  const own = claim.fileName?.trim().toLowerCase();
  const vendors = vendorsOf(naming);
  const isOthers = vendorsOf(claim).some(({ name }) =>
    vendors.every((other) => compareVendors(name, other.name) === "none"),
  );
  if (isOthers && vendors.length > 0) return undefined;
  const file = naming.fileNames?.find((name) => name.trim().toLowerCase() === own);
  return file === undefined
    ? undefined
    : { match: "possible", because: `file name "${file}" agrees, which anybody can give`, product: "" };
}
