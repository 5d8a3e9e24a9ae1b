/**
 * minisign, and signify of OpenBSD, which it grew out of: one Ed25519 key, one signature beside the file or in front of
 * a list of digests. Sources: minisign, "Signature format"; signify(1).
 * @module
 */

import { createHash } from "node:crypto";
import { ArtifactError, asBuffer, type ByteSource, hasCode, readExactly } from "@sallyport/core";
import type { Brought, BroughtFile } from "../../brought.ts";
import type { Finding } from "../../finding.ts";
import type {
  CertificateSummary,
  SignatureReport,
  SignatureScheme,
  Verification,
  VerifyContext,
} from "../scheme.ts";
import { kindOf, type MinisignKey, type MinisignSignature, readKey, readSignature } from "./text-file.ts";
import { type Verdict, verifyOne } from "./verify-signature.ts";

export const minisign: SignatureScheme = {
  id: "minisign",
  question: "Who signed these bytes with minisign or signify?",
  document: "minisign, Signature format; signify(1)",
  formats: [],
  claims,
  verify,
};

const HEAD_BYTES = 4096;
/** A list of digests for a whole release has some hundred kilobytes. */
const MAX_FILE_BYTES = 16 * 1024 * 1024;

async function claims({ signatures, keys }: Brought): Promise<readonly BroughtFile[]> {
  return [...(await choose(signatures, "signature")), ...(await choose(keys, "key"))];
}

async function choose(files: readonly BroughtFile[], kind: "key" | "signature"): Promise<BroughtFile[]> {
  const chosen: BroughtFile[] = [];
  for (const file of files) {
    const { source } = file;
    const head = asBuffer(await source.read(0, Math.min(HEAD_BYTES, source.sizeBytes)));
    if (kindOf(head) === kind) chosen.push(file);
  }
  return chosen;
}

async function verify(source: ByteSource, context: VerifyContext): Promise<Verification> {
  const signatures: SignatureReport[] = [];
  const findings: Finding[] = [];
  const files = await choose(context.brought.signatures, "signature");
  if (files.length === 0) return { signatures, findings };
  const keys = await readKeys(await choose(context.brought.keys, "key"), findings);
  for (const file of files) {
    const position = signatures.length;
    try {
      const signature = readSignature(await readWhole(file));
      const verdict = await verifyOne(signature, source, keys, context);
      signatures.push(writeReport(verdict, { signature, position, file: file.name }));
      findings.push(...findIn(verdict, { signature: position, file: file.name }));
    } catch (error) {
      if (!(error instanceof ArtifactError) || "limit" in error.facts) throw error;
      const outcome = hasCode(error, "artifact.malformed", "artifact.truncated") ? "fail" : "unknown";
      const because = `the signature in ${file.name} cannot be read: ${error.message}`;
      signatures.push(brokenReport(outcome, because, position));
      findings.push({ check: "integrity", outcome, because, facts: { signature: position } });
    }
  }
  return { signatures, findings };
}

async function readKeys(files: readonly BroughtFile[], findings: Finding[]): Promise<MinisignKey[]> {
  const keys: MinisignKey[] = [];
  for (const file of files)
    try {
      keys.push(readKey(await readWhole(file), file.name));
    } catch (error) {
      if (!(error instanceof ArtifactError)) throw error;
      const because = `the key in ${file.name} cannot be read: ${error.message}`;
      findings.push({ check: "integrity", outcome: "unknown", because, facts: { file: file.name } });
    }
  return keys;
}

async function readWhole({ name, source }: BroughtFile): Promise<Buffer> {
  if (source.sizeBytes > MAX_FILE_BYTES)
    throw new ArtifactError("artifact.over-limit", `minisign: ${name} is too large`);
  return readExactly(source, 0, source.sizeBytes, name);
}

const REPORTED: Readonly<Record<Verdict["outcome"], Pick<SignatureReport, "integrity" | "trust">>> = {
  valid: { integrity: "pass", trust: "known-key" },
  "weak-key": { integrity: "pass", trust: "invalid-path" },
  wrong: { integrity: "fail", trust: "broken" },
  "unknown-key": { integrity: "unknown", trust: "unknown-key" },
  unsupported: { integrity: "unknown", trust: "unknown-key" },
};

interface About {
  readonly signature: MinisignSignature;
  readonly position: number;
  readonly file: string;
}

function writeReport(verdict: Verdict, { signature, position, file }: About): SignatureReport {
  const { outcome, because, key, digest, digestAlgorithm, trustedComment, listedAs } = verdict;
  return {
    scheme: minisign.id,
    ...REPORTED[outcome],
    because,
    signer: key === undefined ? strangerOf(signature) : summarise(key),
    chain: [],
    ...(outcome === "valid" && key !== undefined ? { namedBy: `--key ${key.origin}` } : {}),
    digestAlgorithm,
    ...(digest === undefined ? {} : { digest }),
    position,
    facts: {
      file,
      keyId: signature.keyId,
      ...(trustedComment === undefined ? {} : { trustedComment }),
      ...(listedAs === undefined ? {} : { listedAs }),
    },
  };
}

function findIn({ outcome, because }: Verdict, facts: Finding["facts"]): Finding[] {
  if (outcome === "wrong")
    return [{ check: "integrity", outcome: "fail", because: `the signature is wrong: ${because}`, facts }];
  if (outcome === "valid" || outcome === "weak-key") return [];
  const sentence = `the signature cannot be verified: ${because}`;
  return [{ check: "integrity", outcome: "unknown", because: sentence, facts }];
}

const brokenReport = (integrity: "fail" | "unknown", because: string, position: number): SignatureReport => ({
  scheme: minisign.id,
  integrity,
  trust: "broken",
  because,
  signer: undefined,
  chain: [],
  digestAlgorithm: "unknown",
  position,
  facts: {},
});

const SHOWN_CHARACTERS = 200;

/** The comment is the word of whoever keeps the key file, and that is the person who brings it. */
function summarise({ keyId, raw, comment }: MinisignKey): CertificateSummary {
  const shown = comment.replace(/[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/gu, " ").slice(0, SHOWN_CHARACTERS);
  const subject = shown || `minisign key ${keyId}`;
  const sha256 = createHash("sha256").update(raw).digest("hex");
  return { subject, commonName: subject, organisation: undefined, issuer: "", serial: keyId, sha256 };
}

function strangerOf({ keyId }: MinisignSignature): CertificateSummary {
  const subject = `minisign key ${keyId}`;
  return { subject, commonName: subject, organisation: undefined, issuer: "", serial: keyId, sha256: "" };
}
