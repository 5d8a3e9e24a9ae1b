/**
 * May this certificate stamp, and does it lead to an anchor? The same questions for both kinds of timestamp.
 * Source: RFC 3161 §2.3.
 * @module
 */

import { findSigner } from "../cms/signer-certificate.ts";
import type { SignerInfo } from "../cms/signer-info.ts";
import type { TrustStore } from "../trust/trust-store.ts";
import type { Certificate } from "../x509/certificate.ts";
import { buildPath } from "../x509/path.ts";
import type { TimestampKind, TimestampOutcome, TimestampReason } from "./timestamp.ts";

export interface Judgement {
  readonly outcome: TimestampOutcome;
  readonly reason: TimestampReason;
  readonly because: string;
  readonly chain: readonly Certificate[];
  readonly anchorId: string | undefined;
}

/** Where the authority's certificate and its issuers may come from, and where they may end. */
export interface AuthorityContext {
  readonly pool: readonly Certificate[];
  readonly trust: TrustStore;
}

const TIMESTAMPING = "1.3.6.1.5.5.7.3.8";

/** Judges the authority of a timestamp whose signature is intact, at the time it claims. */
export function judgeAuthority(
  kind: TimestampKind,
  authority: Certificate,
  at: Date,
  context: AuthorityContext,
): Judgement {
  const objection = objectToUse(kind, authority);
  if (objection !== undefined)
    return { ...unverifiable("not-for-timestamping", objection), chain: [authority] };
  const { pool, trust } = context;
  const path = buildPath({ leaf: authority, pool, purpose: "timestamping", at, trust });
  if (path.outcome === "anchored")
    return {
      outcome: "verified",
      reason: "verified",
      because: path.because,
      chain: path.chain,
      anchorId: path.anchor.id,
    };
  return { ...unverifiable(`path-${path.outcome}`, path.because), chain: path.chain };
}

/** The authority's certificate among those at hand. */
export const findAuthority = (signer: SignerInfo, pool: readonly Certificate[]): Certificate | undefined =>
  findSigner(signer.signerIdentifier, pool);

export const unverifiable = (reason: TimestampReason, because: string): Judgement => ({
  outcome: "unverifiable",
  reason,
  because,
  chain: [],
  anchorId: undefined,
});

export const broken = (reason: TimestampReason, because: string): Judgement => ({
  ...unverifiable(reason, because),
  outcome: "broken",
});

/**
 * RFC 3161 §2.3 wants one extended key usage, timeStamping, marked critical. Microsoft's own authorities never marked
 * it, and Windows does not ask for the mark, so neither do we. Countersigners are older than the rule: theirs must
 * name timeStamping.
 */
function objectToUse(kind: TimestampKind, authority: Certificate): string | undefined {
  const usages = authority.extendedKeyUsage;
  if (usages === undefined) return "the authority's certificate does not say that it may stamp";
  if (!usages.has(TIMESTAMPING)) return "the authority's certificate may not stamp";
  if (kind === "pkcs9") return undefined;
  if (usages.size > 1) return "the authority's certificate may do more than stamp";
  return undefined;
}
