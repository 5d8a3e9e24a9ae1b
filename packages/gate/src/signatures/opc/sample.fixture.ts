/** A signed extension for the contract of signature schemes. */

import { type SchemeSample, sourceOf, testBudget } from "@sallyport/testkit";
import { openZipLookup } from "../../formats/zip/lookup.ts";
import { NOW, signer, trust } from "../authenticode/signing.fixture.ts";
import { PARTS, signedPackage } from "./package.fixture.ts";

export async function sample(): Promise<SchemeSample> {
  const bytes = signedPackage({ signer });
  const zip = await openZipLookup(sourceOf(bytes), testBudget());
  const covered: [number, number][] = [];
  // Packed content of the parts that are signed byte by byte.
  for (const { name } of PARTS) {
    const entry = zip.find(name);
    if (entry === undefined) throw new Error(`there is no ${name}`);
    const { dataOffset, endOffset } = await zip.place(entry);
    covered.push([dataOffset, endOffset]);
  }
  return { format: "vsix", bytes, trust, now: NOW, covered };
}
