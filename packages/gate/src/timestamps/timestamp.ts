/** What a signature's timestamps say once they were checked. @module */

import type { DigestName } from "../cms/algorithm.ts";
import type { Certificate } from "../x509/certificate.ts";

export type TimestampKind = "rfc3161" | "pkcs9";

/**
 * - `verified`: covers this signature, and the authority's path ends at an anchor for timestamping.
 * - `unverifiable`: covers this signature as far as can be told, but who says so cannot be: no path to an anchor,
 *   an unknown algorithm, a certificate that is missing or may not stamp.
 * - `broken`: does not cover this signature, or is not a timestamp at all.
 */
export type TimestampOutcome = "verified" | "unverifiable" | "broken";

/** Stable, for callers to branch on. `path-*` is the outcome of the authority's path. */
export type TimestampReason =
  | "verified"
  | "malformed"
  | "imprint-mismatch"
  | "signature-broken"
  | "binding-mismatch"
  | "signer-count"
  | "signing-time-missing"
  | "certificate-missing"
  | "not-for-timestamping"
  | "digest-broken"
  | "algorithm-unsupported"
  | "path-unknown-root"
  | "path-self-signed"
  | "path-invalid-path"
  | "path-expired"
  | "path-not-yet-valid"
  | "path-revoked";

export interface Timestamp {
  readonly kind: TimestampKind;
  /** The token or countersignature as it stands in the file. */
  readonly raw: Buffer;
  readonly outcome: TimestampOutcome;
  readonly reason: TimestampReason;
  /** One sentence on `outcome`. */
  readonly because: string;
  /** The time it claims, however little that is worth; undefined when it could not be read. */
  readonly at: Date | undefined;
  /** The authority's certificate, once found in the file. */
  readonly authority: Certificate | undefined;
  /** From the authority up, without the anchor. Counts as used, whatever the outcome. */
  readonly chain: readonly Certificate[];
  readonly anchorId: string | undefined;
  /** The digests it rests on: of the imprint and of the authority's own signature. */
  readonly digests: readonly DigestName[];
  /** MD5 or SHA-1 is among them. */
  readonly weakDigest: boolean;
  /** RFC 3161: the policy the authority stamped under, dotted. */
  readonly policy: string | undefined;
  /** RFC 3161: how far the time may be off. */
  readonly accuracyMilliseconds: number | undefined;
  /**
   * Bytes in the timestamp that no signature covers and no path needed: unused certificates, other certificate
   * choices, revocation data, unsigned attributes. Room to hide something; honest tokens have next to none.
   */
  readonly uncoveredBytes: number;
  /** Bytes of certificates that are taken for an issuer's by their name alone: few in one token, many in copies of it. */
  readonly unprovenBytes: number;
}

export interface TimestampSummary {
  /** RFC 3161 first, each kind in file order. */
  readonly timestamps: readonly Timestamp[];
  /** The one to report: verified before unverifiable before broken, RFC 3161 before PKCS#9, then the earliest. */
  readonly best: Timestamp | undefined;
  /** A time at which the signature provably existed: that of `best` when it is verified. */
  readonly trustedTime: Date | undefined;
}
