/** What is left of a SignedData when its parts are taken out. Source: RFC 5652 §5.1, §5.3. @module */

import type { SignedData } from "./signed-data.ts";
import type { SignerInfo } from "./signer-info.ts";

/**
 * Tags, lengths, identifiers and versions: less than {@link ORDINARY_FRAME_BYTES} in an honest one. The parameters of
 * algorithms stand here as well, and no signature covers them.
 */
export function frameBytes(signedData: SignedData): number {
  const parts = [
    ...signedData.certificates,
    ...signedData.otherCertificates,
    ...signedData.revocationLists,
    ...signedData.otherRevocationInformation,
    ...(signedData.content === undefined ? [] : [signedData.content.raw]),
    ...signedData.signerInfos.flatMap(partsOf),
  ];
  return parts.reduce((rest, part) => rest - part.length, signedData.raw.length);
}

export const ORDINARY_FRAME_BYTES = 512;

function partsOf({
  signature,
  signerIdentifier,
  signedAttributes,
  unsignedAttributes,
}: SignerInfo): readonly Buffer[] {
  return [
    signature,
    ...unsignedAttributes.map(({ raw }) => raw),
    ...(signedAttributes === undefined ? [] : [signedAttributes.signedBytes]),
    ...(signerIdentifier.kind === "issuer-and-serial"
      ? [signerIdentifier.issuer, signerIdentifier.serial]
      : []),
  ];
}
