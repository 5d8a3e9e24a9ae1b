/**
 * What of a file's signatures no trusted authority stands behind: anybody can make a signature of their own and nest it
 * in one that is trusted. Source: RFC 5652 §5.3, §11.
 * @module
 */

import { ATTRIBUTE } from "../../cms/signer-info.ts";
import { bytesOf } from "../../code-signing/hiding-places.ts";
import { findUnvouchedBytes, type Vouched } from "../../code-signing/unvouched.ts";
import type { Finding } from "../../finding.ts";
import type { Judged } from "./judgement.ts";

/** Finding C8 of check `certificate-table`; none when something as bad was found already. */
export function findUnvouched(judged: readonly Judged[]): readonly Finding[] {
  const isKnown = judged.some(({ findings }) =>
    findings.some(({ check, outcome }) => check === "certificate-table" && outcome === "fail"),
  );
  return isKnown ? [] : findUnvouchedBytes(judged.map(vouchedOf));
}

function vouchedOf({ signature, trust }: Judged): Vouched {
  const { signerInfo, signedData, indirect } = signature;
  const nested = signerInfo.unsignedAttributes.filter(({ oid }) => oid === ATTRIBUTE.nestedSignature);
  return {
    signature,
    trusts: [trust],
    // What a trusted signer signed counts as well: beside the accepted one may stand another, with a bought certificate.
    besides: [
      ...(signerInfo.signedAttributes === undefined ? [] : [signerInfo.signedAttributes.signedBytes]),
      ...(signedData.content === undefined ? [] : [signedData.content.raw]),
    ],
    // Page hashes are compared with the file, and a list of files is what the file is.
    explainedBytes: (indirect.pageHashes?.table.length ?? 0) + (indirect.listBytes ?? 0),
    // Judged as signatures of their own.
    nestedBytes: bytesOf(nested.map(({ raw }) => raw)),
  };
}
