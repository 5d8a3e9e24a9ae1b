/** A file and its detached signature, for the contract of schemes. */

import { armour, certificateOf, makeKey, packet, signBytes } from "@sallyport/openpgp/signing.fixture";
import { type SchemeSample, sourceOf } from "@sallyport/testkit";

export const sample = async (): Promise<SchemeSample> => {
  const key = makeKey();
  const bytes = Buffer.from("a harmless line of text\n".repeat(100));
  const signature = Buffer.from(armour("SIGNATURE", packet(2, signBytes(key, bytes))));
  return {
    format: "data",
    bytes,
    brought: {
      signatures: [{ name: "file.asc", source: sourceOf(signature) }],
      keys: [{ name: "key.gpg", source: sourceOf(certificateOf(key)) }],
    },
    covered: [[0, bytes.length]],
  };
};
