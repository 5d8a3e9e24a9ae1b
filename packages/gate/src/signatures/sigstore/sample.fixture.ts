/** A file with an attestation and a signature, from a little Sigstore in code. */

import { type SchemeSample, sourceOf } from "@sallyport/testkit";
import { attest, signFile, statementOf, subjectOf } from "./bundles.fixture.ts";
import { trustedRoot } from "./signing-service.fixture.ts";

export const sample = async (): Promise<SchemeSample> => {
  const bytes = Buffer.from("a harmless line of text\n".repeat(100));
  const file = (name: string, document: unknown) => ({
    name,
    source: sourceOf(Buffer.from(JSON.stringify(document))),
  });
  return {
    format: "data",
    bytes,
    brought: {
      signatures: [
        file("product.intoto.json", attest(statementOf(subjectOf(bytes, "sha256", "sha512")))),
        file("product.sigstore.json", signFile(bytes, { log: "second" })),
      ],
      trustedRoot: file("trusted_root.json", trustedRoot()),
    },
    covered: [[0, bytes.length]],
  };
};
