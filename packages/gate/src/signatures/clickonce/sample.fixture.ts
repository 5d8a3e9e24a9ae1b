/** A signed manifest for the contract of signature schemes. */

import type { SchemeSample } from "@sallyport/testkit";
import { NOW, signer, trust } from "../authenticode/signing.fixture.ts";
import { signedManifest } from "./manifest.fixture.ts";

export async function sample(): Promise<SchemeSample> {
  const bytes = signedManifest({ signer });
  // From the identity's name to the signature: attributes and text, where every change is one of the document.
  const from = bytes.indexOf('name="Demo.exe"');
  const to = bytes.indexOf('" version="1.2.3.4"');
  return { format: "assembly-manifest", bytes, trust, now: NOW, covered: [[from + 6, to]] };
}
