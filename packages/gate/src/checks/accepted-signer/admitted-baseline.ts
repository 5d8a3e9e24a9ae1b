/** Who signed a release that was admitted here: a later release of it by the same signer is no first sight. @module */

import type { Opening } from "../../gate.ts";
import { TRUSTED } from "../../signatures/scheme.ts";
import type { AcceptedSigner } from "../check.ts";

/** @param admitted - the baseline; that it was admitted, the caller knows */
export function signersOfAdmitted({ artifact: { root }, subject }: Opening): AcceptedSigner[] {
  return root.signatures.flatMap(({ integrity, trust, signer }) =>
    signer === undefined || integrity !== "pass" || !TRUSTED.has(trust)
      ? []
      : {
          // The certificate, not the name: the same name from another authority is somebody else.
          text: `sha256:${signer.sha256}`,
          product: root.identity?.product,
          origin: `the admission of ${subject.label}`,
        },
  );
}
