/**
 * What must hold for a path whose signatures are right. Source: RFC 5280 §6.1, §4.2; CA/Browser Forum Code Signing
 * Baseline Requirements for key purposes and sizes.
 * @module
 */

import { createHash } from "node:crypto";
import { hasCode } from "@sallyport/core";
import type { Purpose, TrustStore } from "../trust/trust-store.ts";
import { distributionObjection, isAppleMarker } from "./apple-certificates.ts";
import type { Certificate } from "./certificate.ts";
import { EXTENSION, KEY_PURPOSE } from "./extensions.ts";
import { checkNameConstraints } from "./name-constraints.ts";
import type { CandidatePath } from "./path-search.ts";
import { readPublicKey } from "./public-key.ts";
import { checkRevocation } from "./revocation.ts";
import { readSignatureAlgorithm, verifySignature } from "./signature-algorithm.ts";

export interface Problem {
  readonly outcome: "revoked" | "invalid-path" | "expired" | "not-yet-valid";
  readonly because: string;
}

export interface Judgement {
  /** The worst one; undefined when every rule holds. */
  readonly problem: Problem | undefined;
  readonly lifetimeSigning: boolean;
  readonly weakDigest: boolean;
  readonly revocationChecked: boolean;
  readonly notes: readonly string[];
}

interface RuleContext {
  readonly purpose: Purpose;
  readonly at: Date;
  readonly trust: TrustStore;
}

/** Certificates signed with SHA-1 from here on are not what a public authority issued (CA/Browser Forum ballot 118). */
const SHA1_ENDS = new Date("2017-01-01T00:00:00Z");
const ORDER: readonly Problem["outcome"][] = ["revoked", "invalid-path", "expired", "not-yet-valid"];

export function judgePath(path: CandidatePath, context: RuleContext): Judgement {
  const { certificates } = path;
  const problems: Problem[] = [];
  const notes: string[] = [];
  const invalid = (because: string | undefined) => {
    if (because !== undefined) problems.push({ outcome: "invalid-path", because });
  };
  const [leaf] = certificates;
  if (leaf !== undefined) invalid(guard(() => leafObjection(leaf, context.purpose)));
  for (const [place, certificate] of certificates.entries()) {
    invalid(guard(() => certificateObjection(certificate, context.purpose)));
    if (place > 0) invalid(guard(() => authorityObjection(certificates, place, context.purpose)));
    problems.push(...dateProblems(labelOf(certificate), certificate, context.at));
  }
  const directlyTrusted = isAnchorItself(path);
  const digests = directlyTrusted ? [] : certificates.map(digestOf);
  if (digests.includes("sha1")) notes.push("a certificate in the path is signed over SHA-1");
  invalid(guard(() => checkNameConstraints(certificates)));
  problems.push(...anchorProblems(path, context));
  const revocation = checkRevocation(path, context);
  problems.push(...revocation.problems);
  notes.push(...revocation.notes);
  return {
    problem: ORDER.flatMap((outcome) => problems.filter((one) => one.outcome === outcome))[0],
    lifetimeSigning: leaf?.extendedKeyUsage?.has(KEY_PURPOSE.lifetimeSigning) ?? false,
    weakDigest: digests.includes("sha1"),
    revocationChecked: revocation.checked,
    notes,
  };
}

/** The name a person knows a certificate by. */
export const labelOf = (certificate: Certificate): string =>
  certificate.summary.commonName ?? (certificate.summary.subject || `serial ${certificate.summary.serial}`);

/**
 * True or false, or the reason why it cannot be told. Asked again for every timestamp of a signature and every time
 * that counts, so the answers are kept: an attacker can bring many slow keys.
 */
export function verifyIssued(certificate: Certificate, issuerKey: Buffer): boolean | string {
  const question = `${certificate.sha256} ${createHash("sha256").update(issuerKey).digest("base64")}`;
  const known = answers.get(question);
  if (known !== undefined) return known;
  const answer = verifyNow(certificate, issuerKey);
  if (answers.size >= MAX_ANSWERS) answers.clear();
  answers.set(question, answer);
  return answer;
}

/** A few hundred bytes each. */
const MAX_ANSWERS = 4096;
const answers = new Map<string, boolean | string>();

function verifyNow(certificate: Certificate, issuerKey: Buffer): boolean | string {
  try {
    return verifySignature({
      publicKeyInfo: issuerKey,
      algorithm: certificate.signatureAlgorithm,
      data: certificate.tbs,
      signature: certificate.signature,
    });
  } catch (error) {
    if (hasCode(error, "artifact.malformed", "artifact.unsupported")) return error.message;
    throw error;
  }
}

const isAnchorItself = ({ certificates, anchor, anchorCertificate }: CandidatePath): boolean =>
  certificates.length === 1 &&
  anchorCertificate === undefined &&
  (certificates[0]?.publicKeyInfo.equals(anchor.publicKey) ?? false);

/** A field that cannot be read is a rule that cannot be shown to hold. */
function guard(rule: () => string | undefined): string | undefined {
  try {
    return rule();
  } catch (error) {
    if (hasCode(error, "artifact.malformed", "artifact.unsupported")) return error.message;
    throw error;
  }
}

function leafObjection(leaf: Certificate, purpose: Purpose): string | undefined {
  const purposes = leaf.extendedKeyUsage;
  if (!purposes?.has(PURPOSES[purpose].oid))
    return `"${labelOf(leaf)}" is not made for ${PURPOSES[purpose].text}`;
  if (leaf.keyUsage !== undefined && !leaf.keyUsage.has(0) && !leaf.keyUsage.has(1))
    return `the key of "${labelOf(leaf)}" may not sign content`;
  return undefined;
}

const PURPOSES = {
  "code-signing": { oid: KEY_PURPOSE.codeSigning, text: "signing code" },
  timestamping: { oid: KEY_PURPOSE.timestamping, text: "timestamping" },
  "apple-code-signing": { oid: KEY_PURPOSE.codeSigning, text: "signing code" },
  "apple-package-signing": { oid: KEY_PURPOSE.applePackageSigning, text: "signing packages" },
} as const;

const isApple = (purpose: Purpose): boolean =>
  purpose === "apple-code-signing" || purpose === "apple-package-signing";

/** Rules for every certificate of a path. */
function certificateObjection(certificate: Certificate, purpose: Purpose): string | undefined {
  const label = labelOf(certificate);
  for (const { oid, critical } of certificate.extensions.values())
    if (critical && !UNDERSTOOD.has(oid) && !(isApple(purpose) && isAppleMarker(oid)))
      return `"${label}" has a critical extension that is not known here: ${oid}`;
  const { weakness } = readPublicKey(certificate.publicKeyInfo);
  if (weakness !== undefined) return `"${label}" cannot be relied on: ${weakness}`;
  const { digest } = readSignatureAlgorithm(certificate.signatureAlgorithm);
  if (digest === "md5") return `"${label}" is signed over MD5, which can be forged`;
  if (digest === "sha1" && certificate.validFrom >= SHA1_ENDS)
    return `"${label}" is signed over SHA-1 and was issued after public authorities had stopped doing so`;
  return undefined;
}

/**
 * With no required policy (RFC 5280 §6.1.1 c, e, g: any-policy, nothing inhibited) policies, their mappings and
 * inhibitAnyPolicy cannot fail a path. policyConstraints can, and is not in this list: critical, it ends the path.
 */
const UNDERSTOOD: ReadonlySet<string> = new Set([
  EXTENSION.subjectKeyIdentifier,
  EXTENSION.keyUsage,
  EXTENSION.subjectAlternativeName,
  EXTENSION.issuerAlternativeName,
  EXTENSION.basicConstraints,
  EXTENSION.nameConstraints,
  EXTENSION.crlDistributionPoints,
  EXTENSION.certificatePolicies,
  EXTENSION.policyMappings,
  EXTENSION.authorityKeyIdentifier,
  EXTENSION.extendedKeyUsage,
  EXTENSION.inhibitAnyPolicy,
]);

/** Rules for those that issued the one below. */
function authorityObjection(
  certificates: readonly Certificate[],
  place: number,
  purpose: Purpose,
): string | undefined {
  const authority = certificates[place];
  if (authority === undefined) return undefined;
  const label = labelOf(authority);
  if (authority.basicConstraints?.isAuthority !== true) return `"${label}" is not a certificate authority`;
  if (authority.keyUsage !== undefined && !authority.keyUsage.has(5))
    return `the key of "${label}" may not sign certificates`;
  const below = certificates.slice(1, place).filter((one) => one.subjectKey !== one.issuerKey).length;
  const { pathLength } = authority.basicConstraints;
  if (pathLength !== undefined && below > pathLength)
    return `"${label}" allows ${pathLength} authorities below it, and there are ${below}`;
  const purposes = authority.extendedKeyUsage;
  if (purposes !== undefined && !purposes.has(PURPOSES[purpose].oid) && !purposes.has(KEY_PURPOSE.any))
    return `"${label}" may not issue certificates for ${PURPOSES[purpose].text}`;
  return undefined;
}

function dateProblems(label: string, period: { validFrom: Date; validUntil: Date }, at: Date): Problem[] {
  if (at > period.validUntil)
    return [{ outcome: "expired", because: `"${label}" expired on ${dayOf(period.validUntil)}` }];
  if (at < period.validFrom)
    return [
      { outcome: "not-yet-valid", because: `"${label}" is only valid from ${dayOf(period.validFrom)}` },
    ];
  return [];
}

function anchorProblems({ anchor, certificates }: CandidatePath, { purpose, at }: RuleContext): Problem[] {
  const problems = dateProblems(anchor.subjectText, anchor, at);
  const isNamed = anchor.purposes.includes(purpose);
  const objection = isNamed && isApple(purpose) ? distributionObjection(certificates) : undefined;
  if (objection !== undefined) problems.push({ outcome: "invalid-path", because: objection });
  // An authority that a person trusts for signing code may sign it for any system.
  if (!isNamed && !(isApple(purpose) && anchor.purposes.includes("code-signing")))
    problems.push({
      outcome: "invalid-path",
      because: `the trust anchor ${anchor.id} is not trusted for ${PURPOSES[purpose].text}`,
    });
  if (anchor.distrustAfter !== undefined && at > anchor.distrustAfter)
    problems.push({
      outcome: "invalid-path",
      because: `the trust anchor ${anchor.id} is not trusted for anything after ${dayOf(anchor.distrustAfter)}`,
    });
  return problems;
}

const dayOf = (time: Date): string => time.toISOString().slice(0, 10);

function digestOf(certificate: Certificate): string | undefined {
  try {
    return readSignatureAlgorithm(certificate.signatureAlgorithm).digest;
  } catch {
    return undefined;
  }
}
