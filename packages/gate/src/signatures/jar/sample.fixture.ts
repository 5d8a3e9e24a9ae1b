/** A signed JAR for the contract of signature schemes. */

import { type SchemeSample, sourceOf, testBudget } from "@sallyport/testkit";
import { openZipLookup } from "../../formats/zip/lookup.ts";
import { NOW, signer, trust } from "../authenticode/signing.fixture.ts";
import { signedJar } from "./jar.fixture.ts";

export async function sample(): Promise<SchemeSample> {
  const bytes = signedJar({ signing: { signer } });
  const zip = await openZipLookup(sourceOf(bytes), testBudget());
  const covered: [number, number][] = [];
  // Packed content: names, times and attributes in the archive are no part of what a JAR's signers sign.
  for (const entry of zip.entries) {
    const { dataOffset, endOffset } = await zip.place(entry);
    if (endOffset > dataOffset) covered.push([dataOffset, endOffset]);
  }
  return { format: "jar", bytes, trust, now: NOW, covered };
}
