/** A signed package for the contract of signature schemes. */

import { type SchemeSample, sourceOf, testBudget } from "@sallyport/testkit";
import { openZipLookup } from "../../formats/zip/lookup.ts";
import { NOW, signer, trust } from "../authenticode/signing.fixture.ts";
import { signedPackage } from "./package.fixture.ts";

export async function sample(): Promise<SchemeSample> {
  const bytes = signedPackage({ signer });
  const zip = await openZipLookup(sourceOf(bytes), testBudget());
  const signature = zip.entries.at(-1);
  if (signature === undefined) throw new Error("there is no signature");
  const { headerOffset } = await zip.place(signature);
  const { directoryOffset, directoryBytes } = zip.end;
  const recordBytes = 46 + signature.rawName.length;
  // The signature's own headers are covered by nothing, and hold nothing.
  const covered = [
    [0, headerOffset],
    [directoryOffset, directoryOffset + directoryBytes - recordBytes],
    [directoryOffset + directoryBytes, bytes.length],
  ] as const;
  return { format: "nupkg", bytes, trust, now: NOW, covered };
}
