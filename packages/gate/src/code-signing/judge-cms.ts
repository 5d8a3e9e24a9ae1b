/**
 * One CMS signature over content that stands elsewhere: does it cover it, and who stands behind it?
 * Source: RFC 5652 §5.4, §5.6.
 * @module
 */

import { verifySignerInfo } from "../cms/verify.ts";
import type { CmsSignature } from "./cms-signature.ts";
import { guardReading } from "./reading.ts";
import type { Problem } from "./report.ts";
import { judgeTrust, type Trust, type TrustContext } from "./trust.ts";

export interface SignedContent {
  readonly octets: Uint8Array;
  /** Object identifier of its type. */
  readonly type: string;
}

/** Only spent limits of a budget are thrown. */
export function judgeCms(
  signature: CmsSignature,
  content: SignedContent,
  context: TrustContext,
): { readonly trust: Trust | undefined; readonly problem: Problem | undefined } {
  const { signer, signerInfo } = signature;
  if (signer === undefined)
    return {
      trust: undefined,
      problem: { outcome: "fail", because: "the signer's certificate is not in the signature" },
    };
  const verified = guardReading(() =>
    verifySignerInfo(signerInfo, {
      contentOctets: content.octets,
      contentType: content.type,
      certificate: signer,
    }),
  );
  const judged = guardReading(() => judgeTrust(signature, signer, context));
  const problem =
    verified.problem ??
    (verified.value.valid
      ? undefined
      : { outcome: verified.value.outcome, because: verified.value.because }) ??
    judged.problem ??
    brokenTimestamp(judged.value);
  return { trust: judged.value, problem };
}

/** A timestamp that belongs to another signature was put there by somebody. */
export function brokenTimestamp(trust: Trust | undefined): Problem | undefined {
  const broken = trust?.timestamps.timestamps.find(({ outcome }) => outcome === "broken");
  if (broken === undefined) return undefined;
  return { outcome: "fail", because: `a timestamp in the signature is broken: ${broken.because}` };
}
