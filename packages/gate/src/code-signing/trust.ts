/**
 * How far an intact signature can be believed: the path of its signer at the time that can be proven.
 * Public tools disagree about old timestamps, so each case keeps its own name.
 * Sources: Microsoft, Windows Authenticode Portable Executable Signature Format, "Time Stamping"; RFC 5280 §6.
 * @module
 */

import { isWeakDigest } from "../cms/algorithm.ts";
import type { SignatureTrust } from "../signatures/scheme.ts";
import type { Timestamp, TimestampSummary } from "../timestamps/timestamp.ts";
import { verifyTimestamps } from "../timestamps/verify.ts";
import type { Purpose, TrustStore } from "../trust/trust-store.ts";
import type { Certificate } from "../x509/certificate.ts";
import { type AnchoredPath, buildPath, type PathResult } from "../x509/path.ts";
import type { CmsSignature } from "./cms-signature.ts";

export interface Trust {
  readonly trust: SignatureTrust;
  readonly because: string;
  readonly path: PathResult;
  readonly timestamps: TimestampSummary;
  /** It is valid only because a timestamp says so, and that timestamp rests on MD5 or SHA-1. */
  readonly leansOnWeakTimestamp: boolean;
}

export interface TrustContext {
  readonly trust: TrustStore;
  readonly now: Date;
  /** Default `code-signing`. */
  readonly purpose?: Purpose;
}

/** Judges the signer of a CMS signature whose bytes are intact. */
export function judgeTrust(
  signature: Pick<CmsSignature, "certificates" | "signerInfo">,
  signer: Certificate,
  context: TrustContext,
): Trust {
  const pool = signature.certificates;
  const timestamps = verifyTimestamps(signature.signerInfo, { pool, trust: context.trust });
  return judgeSigner({ signer, pool, timestamps }, context);
}

/** Judges a signer by the certificates that came along and by what the timestamps of the signature say. */
export function judgeSigner(
  signed: {
    readonly signer: Certificate;
    readonly pool: readonly Certificate[];
    readonly timestamps: TimestampSummary;
  },
  context: TrustContext,
): Trust {
  const { signer, pool, timestamps } = signed;
  const { trust, now, purpose = "code-signing" } = context;
  const pathAt = (at: Date) => buildPath({ leaf: signer, pool, purpose, at, trust });
  const atNow = pathAt(now);
  const { best, trustedTime } = timestamps;
  const judged =
    trustedTime !== undefined && trustedTime.getTime() > now.getTime() + CLOCK_SKEW_MILLISECONDS
      ? stillToCome(atNow, trustedTime)
      : best !== undefined && trustedTime !== undefined
        ? atProvenTime(pathAt(trustedTime), atNow, best)
        : withoutProvenTime(atNow, timestamps, pathAt);
  const leans = atNow.outcome !== "anchored" && judged.path.outcome === "anchored" && best !== undefined;
  return {
    ...judged,
    timestamps,
    leansOnWeakTimestamp: leans && trustedTime !== undefined && best.digests.some(isWeakDigest),
  };
}

/** Clocks differ; a timestamp from further ahead proves that one of the two is wrong. */
const CLOCK_SKEW_MILLISECONDS = 10 * 60_000;

const stillToCome = (atNow: PathResult, at: Date): Judged => ({
  trust: "not-yet-valid",
  because: `its timestamp says ${at.toISOString()}, which is still to come; is this machine's clock right?`,
  path: atNow,
});

type Judged = Pick<Trust, "trust" | "because" | "path">;

/** The time is proven: what counts is whether the path was valid then. */
function atProvenTime(path: PathResult, atNow: PathResult, timestamp: Timestamp): Judged {
  if (path.outcome !== "anchored") return { trust: path.outcome, because: path.because, path };
  // The signer's authority wanted expiry to end the signature, whatever proves its age.
  if (path.lifetimeSigning && atNow.outcome !== "anchored")
    return {
      trust: atNow.outcome,
      because: `${atNow.because}; its lifetime-signing purpose rules out timestamps`,
      path: atNow,
    };
  const at = timestamp.at?.toISOString() ?? "";
  if (timestamp.kind === "rfc3161")
    return {
      trust: "valid-timestamped",
      because: `valid when it was made at ${at}, proven by a timestamp; ${path.because}`,
      path,
    };
  return {
    trust: "valid-legacy-timestamped",
    because: `valid at ${at}, which only a countersignature of the old kind says; ${path.because}`,
    path,
  };
}

/** Nothing proves the time: it must be valid now. */
function withoutProvenTime(
  atNow: PathResult,
  timestamps: TimestampSummary,
  pathAt: (at: Date) => PathResult,
): Judged {
  const { best } = timestamps;
  if (atNow.outcome === "anchored")
    return { trust: "valid-now", because: becauseValidNow(atNow, best), path: atNow };
  if (atNow.outcome !== "expired" || best?.at === undefined || best.outcome === "broken")
    return { trust: atNow.outcome, because: atNow.because, path: atNow };
  const then = pathAt(best.at);
  if (then.outcome !== "anchored" || then.lifetimeSigning)
    return { trust: "expired", because: atNow.because, path: atNow };
  return {
    trust: "timestamp-unverifiable",
    because: `would have been valid at ${best.at.toISOString()}, but that time cannot be verified: ${best.because}`,
    path: then,
  };
}

function becauseValidNow(path: AnchoredPath, timestamp: Timestamp | undefined): string {
  const time =
    timestamp === undefined
      ? "nothing says when it was made"
      : `its timestamp proves nothing (${timestamp.because})`;
  return `valid now, though ${time}; ${path.because}`;
}
