/**
 * Certification paths: from a signer's certificate, over whatever certificates the file brought along, to a trust
 * anchor. The file's certificates are an attacker's; only the anchors are ours. Source: RFC 5280 §6, RFC 4158.
 * @module
 */

import type { Purpose, TrustAnchor, TrustStore } from "../trust/trust-store.ts";
import type { Certificate } from "./certificate.ts";
import { type Judgement, judgePath, labelOf, type Problem, verifyIssued } from "./path-rules.ts";
import { type CandidatePath, searchPaths } from "./path-search.ts";

export interface PathRequest {
  readonly leaf: Certificate;
  /** Where issuers may be found. Order and duplicates do not matter. */
  readonly pool: readonly Certificate[];
  readonly purpose: Purpose;
  /** When it must have been valid: a proven time of signing, or now. */
  readonly at: Date;
  readonly trust: TrustStore;
}

export interface AnchoredPath {
  readonly outcome: "anchored";
  readonly anchor: TrustAnchor;
  /** From the leaf up, without the anchor's own certificate (unless the leaf is the anchor). */
  readonly chain: readonly Certificate[];
  /** The anchor's own certificate, when the pool held it: it was used, though not needed. */
  readonly anchorCertificate: Certificate | undefined;
  /** The leaf's expiry ends the signature, whatever a timestamp says. */
  readonly lifetimeSigning: boolean;
  /** A signature in the path is over SHA-1. */
  readonly weakDigest: boolean;
  /** A usable revocation list was at hand for every certificate of the chain. */
  readonly revocationChecked: boolean;
  /** What a person may want to know although the path holds. */
  readonly notes: readonly string[];
  readonly because: string;
}

export type FailedPathOutcome =
  | "unknown-root"
  | "self-signed"
  | "invalid-path"
  | "expired"
  | "not-yet-valid"
  | "revoked";

export interface FailedPath {
  readonly outcome: FailedPathOutcome;
  /** The path that came closest. */
  readonly chain: readonly Certificate[];
  readonly because: string;
}

export type PathResult = AnchoredPath | FailedPath;

/** A revoked signer is said before anything else; otherwise the path that came closest speaks. */
const RANK: readonly FailedPathOutcome[] = ["revoked", "expired", "not-yet-valid", "invalid-path"];

/**
 * Builds and validates the best path. The result does not depend on the order of the pool, and the work is bounded
 * whatever the pool holds.
 */
export function buildPath(request: PathRequest): PathResult {
  const found = searchPaths(request);
  const failures: { path: CandidatePath; problem: Problem }[] = [];
  for (const path of found.complete) {
    const judgement = judgePath(path, request);
    if (judgement.problem === undefined) return anchored(path, judgement, request.pool);
    failures.push({ path, problem: judgement.problem });
  }
  for (const outcome of RANK) {
    const failure = failures.find(({ problem }) => problem.outcome === outcome);
    if (failure !== undefined)
      return { outcome, chain: failure.path.certificates, because: failure.problem.because };
  }
  if (found.objection !== undefined)
    return { outcome: "invalid-path", chain: found.longest, because: found.objection };
  return unanchored(request.leaf, found.longest);
}

function anchored(path: CandidatePath, judgement: Judgement, pool: readonly Certificate[]): AnchoredPath {
  const { anchor, certificates: chain } = path;
  const anchorCertificate = path.anchorCertificate ?? certificateOf(path, pool);
  const { lifetimeSigning, weakDigest, revocationChecked, notes } = judgement;
  const because = [`the path ends at the trust anchor ${anchor.id}`, ...notes].join("; ");
  return {
    outcome: "anchored",
    anchor,
    chain,
    anchorCertificate,
    lifetimeSigning,
    weakDigest,
    revocationChecked,
    notes,
    because,
  };
}

/** Found by key, an anchor's own certificate was not looked at; it still has a reason to be in the file. */
function certificateOf({ anchor, certificates }: CandidatePath, pool: readonly Certificate[]) {
  return pool
    .filter((one) => one.publicKeyInfo.equals(anchor.publicKey) && one.subject.equals(anchor.subject))
    .filter((one) => certificates.every((used) => used.sha256 !== one.sha256))
    .toSorted((a, b) => (a.sha256 < b.sha256 ? -1 : 1))[0];
}

function unanchored(leaf: Certificate, longest: readonly Certificate[]): FailedPath {
  if (leaf.subjectKey === leaf.issuerKey && verifyIssued(leaf, leaf.publicKeyInfo) === true)
    return {
      outcome: "self-signed",
      chain: [leaf],
      because: `"${labelOf(leaf)}" signed its own certificate: it says who it is, and nobody else does`,
    };
  const last = longest.at(-1) ?? leaf;
  const because =
    last.subjectKey === last.issuerKey
      ? `the path ends at "${labelOf(last)}", which is not a trust anchor here`
      : `no trust anchor and no certificate in the file issued "${labelOf(last)}" (it names ${last.summary.issuer})`;
  return { outcome: "unknown-root", chain: longest, because };
}
