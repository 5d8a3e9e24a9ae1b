/** A signed package for the contract of signature schemes. */

import { type SchemeSample, sourceOf, testBudget } from "@sallyport/testkit";
import { openZipLookup } from "../../formats/zip/lookup.ts";
import { readSigningBlock } from "../../formats/zip/signing-block.ts";
import { NOW, signer, trust } from "../authenticode/signing.fixture.ts";
import { signedApk } from "./package.fixture.ts";

export async function sample(): Promise<SchemeSample> {
  const bytes = signedApk({ signer });
  const zip = await openZipLookup(sourceOf(bytes), testBudget());
  const block = await readSigningBlock(sourceOf(bytes), zip.end.directoryOffset);
  if (block === undefined) throw new Error("there is no signing block");
  const { directoryOffset, directoryBytes } = zip.end;
  const covered = [
    [0, block.offset],
    [directoryOffset, directoryOffset + directoryBytes],
  ] as const;
  return { format: "apk", bytes, trust, now: NOW, covered };
}
