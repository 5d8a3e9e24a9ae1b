/**
 * One bundle against the file: is it about these bytes, did its signer sign it, and who vouches for the signer?
 * @module
 */

import type { ArtifactError, JsonObject } from "@sallyport/core";
import type { Brought } from "../../brought.ts";
import type { Finding } from "../../finding.ts";
import type { CertificateSummary, SignatureReport, SignatureTrust } from "../scheme.ts";
import { objectToApproval } from "./approval.ts";
import type { BundleSigner, ReadBundle } from "./bundle.ts";
import type { FileDigests } from "./file-digests.ts";
import { objectToUse, summariseSigner } from "./fulcio.ts";
import { type BareKey, isNamed, summariseKey } from "./keys.ts";
import { provenIndex } from "./log-entry.ts";
import { claimFacts, contradict, readProvenance } from "./provenance.ts";
import { type Tie, tieToFile } from "./tie.ts";
import type { Root } from "./trust-root.ts";
import { askWitnesses, type ProvenTime } from "./witnesses.ts";

export interface JudgeContext {
  readonly file: FileDigests;
  readonly roots: readonly Root[];
  /** Which roots these are: `shipped`, or the digest of what was brought. */
  readonly rootId: string;
  readonly keys: readonly BareKey[];
  readonly identity: Brought["identity"];
  readonly now: Date;
}

export interface Judged {
  readonly report: SignatureReport;
  readonly findings: readonly Finding[];
}

/** What was found out about the signer, before it is written down. */
interface Verdict {
  readonly integrity: "pass" | "fail" | "unknown";
  readonly trust: SignatureTrust;
  readonly because: string;
  readonly signer?: CertificateSummary;
  readonly namedBy?: string;
  readonly anchorId?: string;
  readonly times?: readonly ProvenTime[];
  /** The signer vouches for everybody's packages, under the names they were published by. */
  readonly isRegistry?: true;
}

type CertificateSigner = Extract<BundleSigner, { kind: "certificate" }>;
type KeySigner = Extract<BundleSigner, { kind: "key" }>;

/** @param position - among all signatures that were brought */
export function judgeBundle(read: ReadBundle, position: number, context: JudgeContext): Judged {
  const tie = tieToFile(read, context.file);
  const { signer } = read;
  const verdict =
    signer.kind === "certificate" ? judgeCertificate(read, signer, context) : judgeKey(read, signer, context);
  const whole: Verdict =
    tie.problem === undefined
      ? verdict
      : { ...verdict, integrity: "fail", trust: "broken", because: tie.problem };
  return writeDown(read, position, { verdict: whole, tie, context });
}

function judgeCertificate(read: ReadBundle, signer: CertificateSigner, context: JudgeContext): Verdict {
  const { certificate, identity, publicKey } = signer;
  const summary = summariseSigner(certificate, identity);
  const say = (trust: SignatureTrust, because: string): Verdict => ({
    integrity: "pass",
    trust,
    because,
    signer: summary,
  });
  if (!read.content.verifies(publicKey.key))
    return { ...say("broken", "the signature does not match what it signs"), integrity: "fail" };
  const witnessed = askWitnesses(read, { roots: context.roots });
  if (witnessed.outcome !== "vouched")
    return { ...say(witnessed.trust, witnessed.because), integrity: witnessed.integrity };
  const { times } = witnessed;
  const objection =
    (publicKey.weakness === undefined ? undefined : `its key is weak: ${publicKey.weakness}`) ??
    objectToUse(certificate) ??
    objectToClaim(read, signer) ??
    objectToIdentity(signer, context.identity);
  if (objection !== undefined) return { ...say("invalid-path", objection), times };
  const future = stillToCome(times, context.now);
  if (future !== undefined) return { ...say("not-yet-valid", future), times };
  const { subject, issuer } = identity;
  return {
    ...say(
      "valid-timestamped",
      `signed at ${timeText(times)} by ${subject}, vouched for by ${issuer} and the log`,
    ),
    times,
    ...(context.identity === undefined
      ? {}
      : { namedBy: `--identity ${context.identity.subject} --issuer ${context.identity.issuer}` }),
  };
}

/** Both literally: a pattern that matches more than was meant is how others were fooled. */
function objectToIdentity({ identity }: CertificateSigner, asked: Brought["identity"]): string | undefined {
  if (asked === undefined) return undefined;
  if (identity.subject !== asked.subject) return `this is not ${asked.subject}, whom --identity names`;
  return identity.issuer === asked.issuer
    ? undefined
    : `${identity.issuer} vouches for it, not ${asked.issuer}, which --issuer names`;
}

function objectToClaim({ about }: ReadBundle, { identity }: CertificateSigner): string | undefined {
  if (about.kind !== "statement") return undefined;
  const claim = readProvenance(about.statement);
  return claim === undefined ? objectToApproval(about.statement) : contradict(claim, identity);
}

const NPM_PUBLISH = "https://github.com/npm/attestation/tree/main/specs/publish/v0.1";

function judgeKey(read: ReadBundle, { hint }: KeySigner, context: JudgeContext): Verdict {
  const brought = context.keys.filter(({ broughtBy }) => broughtBy !== undefined);
  const own = brought.find(({ key }) => read.content.verifies(key));
  if (own !== undefined) return judgeOwnKey(read, own, { hint, roots: context.roots });
  if (brought.some((key) => hint === "" || isNamed(key, hint)))
    return {
      integrity: "fail",
      trust: "broken",
      because: "the signature does not match the key that was brought",
    };
  const registry = context.keys.find((one) => one.usage === "npm:attestations" && isNamed(one, hint));
  if (registry === undefined)
    return {
      integrity: "unknown",
      trust: "unknown-key",
      because: `signed with a key that is not known here${hint === "" ? "" : `: ${hint.slice(0, 100)}`}`,
    };
  return judgeRegistryKey(read, registry, context);
}

/** The person answers for the key. What the bundle has of logs may be missing, but must not be wrong. */
function judgeOwnKey(
  read: ReadBundle,
  key: BareKey,
  { hint, roots }: { readonly hint: string; readonly roots: readonly Root[] },
): Verdict {
  const broughtBy = key.broughtBy ?? "";
  const signer = summariseKey(key, hint);
  const { tlogEntries } = read.bundle.verificationMaterial;
  const request = { roots, key, timeMayBeMissing: true };
  const witnessed = tlogEntries.length === 0 ? undefined : askWitnesses(read, request);
  if (witnessed?.outcome === "not-vouched" && witnessed.integrity === "fail")
    return { integrity: "fail", trust: "broken", because: witnessed.because, signer };
  const objection = read.about.kind === "statement" ? objectToApproval(read.about.statement) : undefined;
  if (objection !== undefined)
    return { integrity: "pass", trust: "invalid-path", because: objection, signer };
  return {
    integrity: "pass",
    trust: "known-key",
    because: `signed with the key of ${broughtBy}`,
    signer,
    namedBy: broughtBy,
    ...(witnessed?.outcome === "vouched" ? { times: witnessed.times } : {}),
  };
}

function judgeRegistryKey(read: ReadBundle, key: BareKey, context: JudgeContext): Verdict {
  const signer = summariseKey(key, key.id, "npm registry");
  if (!read.content.verifies(key.key)) {
    const because = "the signature does not match the registry's key";
    return { integrity: "fail", trust: "broken", because, signer };
  }
  const witnessed = askWitnesses(read, { roots: context.roots, key });
  if (witnessed.outcome !== "vouched") {
    const { integrity, trust, because } = witnessed;
    return { integrity, trust, because, signer };
  }
  const { times } = witnessed;
  const say = (trust: SignatureTrust, because: string): Verdict => ({
    integrity: "pass",
    trust,
    because,
    signer,
    times,
  });
  // The key may say that a release was published, and nothing else.
  if (read.about.kind !== "statement" || read.about.statement.predicateType !== NPM_PUBLISH)
    return say("invalid-path", "the registry's key may not sign this");
  const future = stillToCome(times, context.now);
  if (future !== undefined) return say("not-yet-valid", future);
  const because = `published through the npm registry at ${timeText(times)}`;
  return { ...say("valid-timestamped", because), anchorId: `npm-registry ${key.id}`, isRegistry: true };
}

/** `pkg:npm/%40scope/name@1.0.0`; empty for what names no package. Source: package-url, purl types, npm. */
function packageName(subject: string | undefined): string {
  const [, name = ""] = /^pkg:npm\/([^?#]+)@[^@/?#]+$/.exec(subject ?? "") ?? [];
  try {
    return decodeURIComponent(name);
  } catch {
    return "";
  }
}

/** Clocks differ; a witness from further ahead proves that one of the two is wrong. */
const CLOCK_SKEW_MILLISECONDS = 10 * 60_000;

const stillToCome = (times: readonly ProvenTime[], now: Date): string | undefined =>
  times.some(({ at }) => at.getTime() > now.getTime() + CLOCK_SKEW_MILLISECONDS)
    ? `it says it was made at ${timeText(times)}, which is still to come; is this machine's clock right?`
    : undefined;

const timeText = (times: readonly ProvenTime[]): string => times[0]?.at.toISOString() ?? "an unknown time";

function writeDown(
  read: ReadBundle,
  position: number,
  { verdict, tie, context }: { readonly verdict: Verdict; readonly tie: Tie; readonly context: JudgeContext },
): Judged {
  const { integrity, trust, because, signer, namedBy, anchorId, isRegistry, times = [] } = verdict;
  const stamp = times.find(({ by }) => by === "timestamp");
  const digest = tie.algorithm === undefined ? undefined : context.file.get(tie.algorithm);
  const report: SignatureReport = {
    scheme: "sigstore",
    integrity,
    trust,
    because,
    signer,
    chain: signer === undefined ? [] : [signer],
    ...(namedBy === undefined ? {} : { namedBy }),
    ...(isRegistry && { product: packageName(tie.subject) }),
    ...(anchorId === undefined ? {} : { anchorId }),
    digestAlgorithm: tie.algorithm ?? "unknown",
    ...(digest === undefined ? {} : { digest }),
    ...(stamp === undefined
      ? {}
      : { timestamp: { kind: "rfc3161", at: stamp.at.toISOString(), verified: true, authority: undefined } }),
    position,
    facts: {
      ...factsOf(read, times),
      trustedRoot: context.rootId,
      ...(tie.subject === undefined ? {} : { subject: tie.subject }),
    },
  };
  return { report, findings: integrity === "pass" ? [] : [integrityFinding(report, read.origin)] };
}

function factsOf({ bundle, about, signer, origin }: ReadBundle, times: readonly ProvenTime[]): JsonObject {
  const logged = times.find(({ by }) => by === "log");
  const [entry] = bundle.verificationMaterial.tlogEntries;
  return {
    file: origin,
    bundle: bundle.mediaType,
    ...(about.kind === "statement"
      ? { predicateType: about.statement.predicateType, ...claimFacts(readProvenance(about.statement)) }
      : {}),
    ...(signer.kind === "certificate"
      ? { issuer: signer.identity.issuer, build: signer.identity.facts }
      : {}),
    ...(entry === undefined ? {} : { logIndex: provenIndex(entry) ?? "" }),
    ...(logged === undefined ? {} : { loggedAt: logged.at.toISOString() }),
  };
}

/** What cannot be read at all. */
export function judgeUnreadable(error: ArtifactError, origin: string, position: number): Judged {
  const integrity =
    error.code === "artifact.malformed" || error.code === "artifact.truncated" ? "fail" : "unknown";
  const report: SignatureReport = {
    scheme: "sigstore",
    integrity,
    trust: integrity === "fail" ? "broken" : "unknown-root",
    because: `it cannot be read: ${error.message}`,
    signer: undefined,
    chain: [],
    digestAlgorithm: "unknown",
    position,
    facts: { file: origin },
  };
  return { report, findings: [integrityFinding(report, origin)] };
}

export const integrityFinding = (report: SignatureReport, origin: string): Finding => ({
  check: "integrity",
  outcome: report.integrity,
  because: `${origin}: ${report.because}`,
  facts: { scheme: "sigstore", signature: report.position, file: origin },
});
