/** A package whose header an Ed25519 key signed, for the contract of schemes. */

import { certificateOf, makeKey, packet, signBytes } from "@sallyport/openpgp/signing.fixture";
import { type SchemeSample, sourceOf } from "@sallyport/testkit";
import { writeRpm } from "../../formats/rpm/rpm.fixture.ts";
import { SIGNATURE_TAG } from "../../formats/rpm/tags.ts";

export const sample = async (): Promise<SchemeSample> => {
  const key = makeKey();
  let coveredBytes = 0;
  const bytes = writeRpm({
    signatureTags: ({ header, payload }) => {
      coveredBytes = header.length + payload.length;
      return [[SIGNATURE_TAG.dsaHeader, packet(2, signBytes(key, header))]];
    },
  });
  return {
    format: "rpm",
    bytes,
    brought: { keys: [{ name: "key.gpg", source: sourceOf(certificateOf(key)) }] },
    covered: [[bytes.length - coveredBytes, bytes.length]],
  };
};
