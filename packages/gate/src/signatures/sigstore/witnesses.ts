/**
 * Asks the verifier library whether authorities, logs and timestamps vouch for a bundle, and closes what it leaves
 * open. Sources: Sigstore, client specification; `@sigstore/verify`.
 * @module
 */

import { ArtifactError, hasCode } from "@sallyport/core";
import {
  type SignedEntity,
  toSignedEntity,
  toTrustMaterial,
  VerificationError,
  Verifier,
} from "@sigstore/verify";
import type { SignatureTrust } from "../scheme.ts";
import type { ReadBundle } from "./bundle.ts";
import type { BareKey } from "./keys.ts";
import { type LogEntry, objectToProof, objectToSigner, objectToTime } from "./log-entry.ts";
import { withStampTimes } from "./stamp-times.ts";
import type { Root } from "./trust-root.ts";

export type Witnessed =
  | { readonly outcome: "vouched"; readonly times: readonly ProvenTime[] }
  | {
      readonly outcome: "not-vouched";
      readonly trust: SignatureTrust;
      readonly because: string;
      /** Whether the bundle contradicts itself, or could not be followed to its end. */
      readonly integrity: "pass" | "fail" | "unknown";
    };

export interface ProvenTime {
  readonly at: Date;
  readonly by: "log" | "timestamp";
}

export interface WitnessRequest {
  readonly roots: readonly Root[];
  /** Who signed, when no certificate says so. */
  readonly key?: BareKey;
  /** The person answers for the key, whenever it signed: logs and timestamps may be missing, and must not be wrong. */
  readonly timeMayBeMissing?: boolean;
}

/** Asks every root, and takes the best answer. */
export function askWitnesses(read: ReadBundle, request: WitnessRequest): Witnessed {
  let best: Witnessed = notVouched("unknown-root", "there is no trusted root to judge it by");
  for (const [index, root] of request.roots.entries()) {
    const result = askOne(read, root, request);
    if (result.outcome === "vouched") return result;
    // The one whose authority it is knows best what is wrong with it.
    if (index === 0 || (knowsSigner(read, root) && !isContradicted(best))) best = result;
  }
  return best;
}

const isContradicted = (result: Witnessed): boolean =>
  result.outcome === "not-vouched" && result.integrity === "fail";

function askOne(read: ReadBundle, root: Root, { key, timeMayBeMissing = false }: WitnessRequest): Witnessed {
  try {
    const entity = stampedEntity(read);
    if ("outcome" in entity) return entity;
    new Verifier(
      toTrustMaterial(root.entries, () => bareKey(key)),
      {
        timestampThreshold: timeMayBeMissing ? 0 : 1,
        // A private instance may have no logs at all, which its root then says.
        tlogThreshold: root.expects.logs && !timeMayBeMissing ? 1 : 0,
        ctlogThreshold: root.expects.certificateLogs ? 1 : 0,
      },
    ).verify(entity);
    const times = provenTimes(entity);
    const objection = objectToEntries(read, root, times, key);
    if (objection !== undefined) return objection;
    return { outcome: "vouched", times };
  } catch (error) {
    return explain(error, read, root);
  }
}

/** A timestamp that cannot be read proves no time. */
function stampedEntity(read: ReadBundle): SignedEntity | Witnessed {
  const entity = { ...toSignedEntity(read.bundle), signature: read.content.forLibrary };
  try {
    return withStampTimes(entity, read);
  } catch (error) {
    if (!hasCode(error, "artifact.malformed", "artifact.truncated")) throw error;
    return notVouched("timestamp-unverifiable", `its timestamp cannot be read: ${error.message}`);
  }
}

function bareKey(known: BareKey | undefined) {
  if (known === undefined)
    throw new VerificationError({ code: "PUBLIC_KEY_ERROR", message: "the key is not known" });
  const { key, validFrom, validUntil } = known;
  return {
    publicKey: key,
    validFor: (date: Date) =>
      (validFrom === undefined || validFrom <= date) && (validUntil === undefined || date <= validUntil),
  };
}

/** Only what the library verified counts: a log's time needs its promise (`toSignedEntity` takes it without). */
function provenTimes({ timestamps }: SignedEntity): ProvenTime[] {
  return timestamps.flatMap((timestamp): ProvenTime[] => {
    if (timestamp.$case === "timestamp-authority")
      return [{ at: timestamp.timestamp.signingTime, by: "timestamp" }];
    const { inclusionPromise, integratedTime } = timestamp.tlogEntry;
    return inclusionPromise === undefined ? [] : [{ at: new Date(Number(integratedTime) * 1000), by: "log" }];
  });
}

function objectToEntries(
  { bundle, signer }: ReadBundle,
  root: Root,
  times: readonly ProvenTime[],
  key: BareKey | undefined,
): Witnessed | undefined {
  const publicKeyInfo = signer.kind === "certificate" ? signer.certificate.publicKeyInfo : key?.publicKeyInfo;
  const certificate = signer.kind === "certificate" ? signer.certificate.raw : undefined;
  for (const entry of bundle.verificationMaterial.tlogEntries) {
    const other =
      objectToProof(entry) ??
      (publicKeyInfo === undefined ? undefined : objectToSigner(entry, { certificate, publicKeyInfo }));
    if (other !== undefined) return notVouched("broken", other, "fail");
    const late = objectToTime(
      entry,
      times.map(({ at }) => at),
      root.logs,
    );
    if (late !== undefined) return notVouched("invalid-path", late);
  }
  return undefined;
}

/** The library's codes, as outcomes of ours. Anything else it throws is a shape it cannot read. */
function explain(error: unknown, read: ReadBundle, root: Root): Witnessed {
  if (error instanceof ArtifactError) {
    if (hasCode(error, "artifact.over-limit")) throw error;
    return notVouched("broken", error.message, "fail");
  }
  if (!(error instanceof VerificationError))
    return notVouched("broken", "its certificate, log entry or timestamp cannot be read", "unknown");
  switch (String(error.code)) {
    case "TLOG_BODY_ERROR":
      return notVouched("broken", "its log entry is about another signature", "fail");
    case "TLOG_INCLUSION_PROOF_ERROR":
    case "TLOG_INCLUSION_PROMISE_ERROR":
    case "TLOG_MISSING_INCLUSION_ERROR":
      return knowsLogs(read, root)
        ? notVouched("broken", "the log does not vouch for its entry", "fail")
        : notVouched("unknown-root", "its entry is in a log that is not trusted here");
    case "TLOG_ERROR":
      return notVouched("timestamp-unverifiable", "it has no entry in a transparency log, or one twice");
    case "CERTIFICATE_ERROR":
      return knowsSigner(read, root)
        ? notVouched("invalid-path", "its certificate does not lead to its authority at the time of signing")
        : notVouched("unknown-root", "its certificate is of an authority that is not trusted here");
    case "PUBLIC_KEY_ERROR":
      return notVouched("expired", "its key is not known here for the time of signing");
    case "SIGNATURE_ERROR":
      return notVouched("broken", "the signature does not match what it signs", "fail");
    default:
      return notVouched("timestamp-unverifiable", "nothing that is trusted here proves when it was signed");
  }
}

function knowsSigner({ signer }: ReadBundle, root: Root): boolean {
  return signer.kind === "key" || root.authorityNames.has(signer.certificate.issuer.toString("hex"));
}

function knowsLogs({ bundle }: ReadBundle, { logs }: Root): boolean {
  const entries: readonly LogEntry[] = bundle.verificationMaterial.tlogEntries;
  return entries.every(({ logId }) => logs.some(({ id }) => id === logId.keyId.toString("hex")));
}

const notVouched = (
  trust: SignatureTrust,
  because: string,
  integrity: "pass" | "fail" | "unknown" = "pass",
): Witnessed => ({ outcome: "not-vouched", trust, because, integrity });
