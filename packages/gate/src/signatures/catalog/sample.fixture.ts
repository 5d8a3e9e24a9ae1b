/** A file that a signed catalog lists, for the contract of schemes. */

import { createHash } from "node:crypto";
import { type SchemeSample, sourceOf } from "@sallyport/testkit";
import { writeCatalog } from "../../replica/catalog.ts";
import { NOW, signer, trust } from "../authenticode/signing.fixture.ts";

export const sample = async (): Promise<SchemeSample> => {
  const bytes = Buffer.from("a file that lies beside its catalog\n".repeat(20));
  const digest = createHash("sha256").update(bytes).digest();
  const list = writeCatalog({ members: [{ digest, algorithm: "sha256" }], signer });
  return {
    format: "data",
    bytes,
    brought: { label: "a.txt", signatures: [{ name: "a.cat", source: sourceOf(list) }] },
    trust,
    now: NOW,
    covered: [[0, bytes.length]],
  };
};
