/** A signed program for the contract of schemes. */

import { findSignature, type SchemeSample } from "@sallyport/testkit";
import { signPe } from "../../replica/pe-image.ts";
import { image, NOW, signer, trust } from "./signing.fixture.ts";

export const sample = async (): Promise<SchemeSample> => {
  const bytes = signPe(image, { signer });
  return { format: "pe", bytes, trust, now: NOW, covered: [[0x400, findSignature(bytes).table]] };
};
