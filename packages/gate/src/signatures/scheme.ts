/** The seam for signatures. One folder and one line in `registry.ts` per scheme. @module */

import type { Budget, ByteSource, JsonObject } from "@sallyport/core";
import type { Brought, BroughtFile } from "../brought.ts";
import type { Finding } from "../finding.ts";
import type { TrustStore } from "../trust/trust-store.ts";

export interface SignatureScheme {
  /** Stable: `authenticode`. */
  readonly id: string;
  readonly question: string;
  readonly document: string;
  /** The formats that can carry it, by their refined names; empty for one that is always brought along. */
  readonly formats: readonly string[];
  /**
   * Which of the files a person brought along are this scheme's: its detached signatures, keys and lists, told by
   * content. A scheme that claims one is asked about the artifact itself, whatever its format. What no scheme claims
   * is evidence: a person who brings a signature expects it to count.
   */
  claims?(brought: Brought): Promise<readonly BroughtFile[]>;
  /** Finds and verifies every signature the file carries or was brought with. None found: no reports, no findings. */
  verify(source: ByteSource, context: VerifyContext): Promise<Verification>;
}

export interface VerifyContext {
  readonly budget: Budget;
  readonly trust: TrustStore;
  readonly now: Date;
  /** The refined format name of the file. */
  readonly format: string;
  /** What the person brought along for the artifact itself; for its members the keys only. */
  readonly brought: Brought;
  /** Longest piece of memory a scheme may ask for at once, in bytes. */
  readonly maxHeldBytes: number;
}

export interface Verification {
  readonly signatures: readonly SignatureReport[];
  /** For `integrity`, `certificate-table` (hiding places), `weak-digest` and `structure`. */
  readonly findings: readonly Finding[];
}

/**
 * How far a signature whose bytes are intact can be believed. Public tools disagree on files with legacy
 * timestamps, so the outcomes are never collapsed.
 */
export type SignatureTrust =
  /** Path to an anchor, valid at a time that a verified RFC 3161 timestamp proves. */
  | "valid-timestamped"
  /** Path to an anchor, valid now; nothing proves when it was made. */
  | "valid-now"
  /** Made by a key that the person named for this artifact, which no authority vouches for. */
  | "known-key"
  /** Valid at a time that only a legacy PKCS#9 countersignature, itself verified to an anchor, claims. */
  | "valid-legacy-timestamped"
  /** Would be valid at signing, but the timestamp's own path cannot be verified. */
  | "timestamp-unverifiable"
  | "expired"
  | "not-yet-valid"
  | "revoked"
  | "unknown-root"
  /** Made by a key that is not at hand: whether it covers the bytes cannot be told. */
  | "unknown-key"
  | "self-signed"
  /** A path exists but breaks a rule: EKU, basic constraints, name constraints, distrusted anchor, weak key. */
  | "invalid-path"
  /** The bytes, the digest or the signature value do not match. */
  | "broken";

export interface SignatureReport {
  readonly scheme: string;
  readonly integrity: "pass" | "fail" | "unknown";
  readonly trust: SignatureTrust;
  /** One sentence on `trust`. */
  readonly because: string;
  readonly signer: CertificateSummary | undefined;
  /** From the signer up, without the anchor. */
  readonly chain: readonly CertificateSummary[];
  /**
   * What the person brought that names this very signer, as they wrote it: `--key release.asc`. It counts as
   * acceptance for this artifact.
   */
  readonly namedBy?: string;
  /**
   * Under which name the signer vouches for it, where the signer is one that vouches for everybody's, as a registry
   * does: what the artifact calls itself is then its maker's word alone.
   */
  readonly product?: string;
  /** Id of the trust anchor the path ended at. */
  readonly anchorId?: string;
  /** `sha256`. */
  readonly digestAlgorithm: string;
  /** Hex: the digest that was computed over the file. */
  readonly digest?: string;
  /** Where a time is claimed. ISO 8601, UTC. */
  readonly timestamp?: {
    readonly kind: "rfc3161" | "pkcs9";
    readonly at: string;
    readonly verified: boolean;
    readonly authority: string | undefined;
  };
  /** Nested in, or beside, another signature: 0 for the first. */
  readonly position: number;
  readonly facts: JsonObject;
}

/** The certificate or bare key that signed. */
export interface CertificateSummary {
  /** RFC 4514, as shown; of a bare key its user id or comment. */
  readonly subject: string;
  readonly commonName: string | undefined;
  readonly organisation: string | undefined;
  /** Empty for a bare key. */
  readonly issuer: string;
  /** Hex; of a bare key its fingerprint or key id. */
  readonly serial: string;
  /** Of the DER certificate, or of the public key as its scheme writes it, hex. */
  readonly sha256: string;
  /** ISO 8601, UTC; absent where nothing bounds it. */
  readonly validFrom?: string;
  readonly validUntil?: string;
}

/** Trust that may admit: a path to an anchor, in time, by today's rules; or a key that the person named. */
export const TRUSTED: ReadonlySet<SignatureTrust> = new Set(["valid-timestamped", "valid-now", "known-key"]);
