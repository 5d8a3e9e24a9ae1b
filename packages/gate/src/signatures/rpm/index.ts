/**
 * RPM's signatures: of version 3 over header and payload, of versions 4 and 6 over the header alone, which then must
 * say of the payload what only this payload fits. Sources: RPM manual, "Signatures and Digests", "V4" and "V6 Package
 * format"; CVE-2021-3421 and CVE-2021-20271, content that no signature covered; CVE-2021-3521, subkeys nobody bound.
 * @module
 */

import { ArtifactError, type ByteSource, type JsonObject } from "@sallyport/core";
import { type Signature, type Verdict, verifySignatures } from "@sallyport/openpgp";
import type { Finding } from "../../finding.ts";
import { type RpmPackage, readPackage } from "../../formats/rpm/package.ts";
import { readKeys } from "../openpgp/index.ts";
import { findInVerdict, reportVerdict } from "../openpgp-report.ts";
import type { SignatureReport, SignatureScheme, Verification, VerifyContext } from "../scheme.ts";
import { bindsFiles, judgeHeaderDigests, PayloadDigests } from "./digests.ts";
import { findHidden, type PackageSignature, readPackageSignatures } from "./signature-tags.ts";

export const rpmSignature: SignatureScheme = {
  id: "rpm",
  question:
    "Who signed the package, does it cover header and payload, and was the key allowed to when it did?",
  document: "RPM manual: Signatures and Digests, V4 and V6 Package format; RFC 9580",
  formats: ["rpm"],
  verify,
};

async function verify(source: ByteSource, context: VerifyContext): Promise<Verification> {
  try {
    return await verifyPackage(await readPackage(source, context.maxHeldBytes), context);
  } catch (error) {
    if (!(error instanceof ArtifactError) || error.code === "artifact.over-limit") throw error;
    const because = `the package's signatures cannot be read: ${error.message}`;
    return { signatures: [], findings: [unknown(because, { code: error.code })] };
  }
}

async function verifyPackage(rpm: RpmPackage, context: VerifyContext): Promise<Verification> {
  const findings: Finding[] = [];
  const found = readPackageSignatures(rpm);
  const certificates = found.length === 0 ? [] : await readKeys(context.brought.keys, { findings });
  const digests = new PayloadDigests(rpm);
  const reading = { rpm, digests, context, isRead: false };
  const options = { now: context.now, isBinary: true };
  const verdicts = new Map<PackageSignature, Verdict>();
  const readable = found.flatMap((one) =>
    isSignature(one.signature) ? [{ one, signature: one.signature }] : [],
  );
  for (const over of ["header", "header and payload"] as const) {
    const group = readable.filter(({ one }) => one.over === over);
    const document = over === "header" ? pieces(rpm.header.raw) : readAll(reading);
    const signatures = group.map(({ signature }) => signature);
    const results = await verifySignatures(signatures, document, certificates, options);
    for (const [at, { one }] of group.entries()) {
      const verdict = results[at];
      if (verdict !== undefined) verdicts.set(one, verdict);
    }
  }
  // Where no signature of a known key is over the payload, nobody has read it yet.
  if (!reading.isRead) for await (const _ of readAll(reading));
  digests.finish();
  findings.push(...judgeDigests(rpm, digests));
  const isCovered = readable.some(
    ({ one }) => one.over === "header and payload" && verdicts.get(one)?.outcome === "valid",
  );
  const signatures = found.map((one, position) => {
    const verdict = verdicts.get(one);
    const told =
      verdict === undefined
        ? tellBroken(one, position)
        : tell(one, { verdict, position, rpm, digests, isCovered });
    findings.push(...told.findings);
    return told.report;
  });
  if (found.length > 0) findings.push(...judgeUnknown(digests));
  findings.push(...findHidden(rpm));
  return { signatures, findings };
}

interface Reading {
  readonly rpm: RpmPackage;
  readonly digests: PayloadDigests;
  readonly context: VerifyContext;
  isRead: boolean;
}

/** Header and payload, as signatures of version 3 are over them, with the digests computed on the way. */
async function* readAll(reading: Reading): AsyncGenerator<Uint8Array> {
  const { rpm, digests, context } = reading;
  reading.isRead = true;
  yield rpm.header.raw;
  for await (const piece of rpm.payload.stream()) {
    context.budget.checkTime();
    digests.update(piece);
    yield piece;
  }
}

async function* pieces(bytes: Buffer): AsyncGenerator<Uint8Array> {
  yield bytes;
}

/** Anybody can compute a digest anew, so a right one proves nothing; a wrong one means that bytes were changed. */
function judgeDigests(rpm: RpmPackage, digests: PayloadDigests): Finding[] {
  const findings: Finding[] = [];
  for (const { algorithm, isRight } of judgeHeaderDigests(rpm))
    if (!isRight)
      findings.push(
        fail(`the header does not have the ${shown(algorithm)} that the package gives`, { algorithm }),
      );
  for (const { algorithm, isRight } of digests.results)
    if (!isRight)
      findings.push(
        fail(`the payload does not have the ${shown(algorithm)} that the header gives`, { algorithm }),
      );
  if (!digests.isMd5Right)
    findings.push(
      fail("header and payload do not have the MD5 that the package gives", { algorithm: "md5" }),
    );
  return findings;
}

function judgeUnknown(digests: PayloadDigests): Finding[] {
  return digests.unknown.map((algorithm) =>
    unknown(`the payload's digest ${algorithm} is not known here`, { algorithm }),
  );
}

interface Told {
  readonly report: SignatureReport;
  readonly findings: readonly Finding[];
}

interface About {
  readonly verdict: Verdict;
  readonly position: number;
  readonly rpm: RpmPackage;
  readonly digests: PayloadDigests;
  /** Another signature, of a key that counts, is over header and payload: old packages have one of each kind. */
  readonly isCovered: boolean;
}

function tell({ tag, over }: PackageSignature, { verdict, position, rpm, digests, isCovered }: About): Told {
  const facts = { tag, over };
  const report = reportVerdict(verdict, { scheme: rpmSignature.id, position, facts });
  const findings = findInVerdict(verdict, { signature: position, ...facts });
  if (over === "header and payload" || report.integrity !== "pass") return { report, findings };
  if (digests.results.some(({ isRight }) => !isRight)) {
    const because = "the signed header is of another payload than the one behind it";
    return {
      report: withdraw(report, "fail", because),
      findings: [...findings, fail(because, { signature: position })],
    };
  }
  if (isCovered || digests.isBound || bindsFiles(rpm.header)) return { report, findings };
  const because = "the signature covers the header alone, which does not say what payload belongs to it";
  return {
    report: withdraw(report, "unknown", because),
    findings: [...findings, unknown(because, { signature: position })],
  };
}

/** What the numbers say stands; what they are worth for this file does not. */
function withdraw(report: SignatureReport, integrity: "fail" | "unknown", because: string): SignatureReport {
  const { namedBy: _, ...rest } = report;
  return { ...rest, integrity, trust: integrity === "fail" ? "broken" : "unknown-key", because };
}

/** A signature that cannot be read protects nothing; one of an unknown kind may. */
function tellBroken({ tag, over, signature }: PackageSignature, position: number): Told {
  const isUnsupported = signature instanceof ArtifactError && signature.code === "artifact.unsupported";
  const integrity = isUnsupported ? "unknown" : "fail";
  const detail = signature instanceof ArtifactError ? signature.message : "nothing could be made of it";
  const because = `the signature in tag ${tag} cannot be read: ${detail}`;
  const facts: JsonObject = { tag, over };
  return {
    report: {
      scheme: rpmSignature.id,
      integrity,
      trust: isUnsupported ? "unknown-key" : "broken",
      because,
      signer: undefined,
      chain: [],
      digestAlgorithm: "unknown",
      position,
      facts,
    },
    findings: [{ check: "integrity", outcome: integrity, because, facts: { signature: position, ...facts } }],
  };
}

const isSignature = (signature: PackageSignature["signature"]): signature is Signature =>
  !(signature instanceof ArtifactError);

const shown = (algorithm: string): string => algorithm.toUpperCase().replace(/^SHA(?=[0-9]+$)/, "SHA-");

const fail = (because: string, facts: JsonObject): Finding => ({
  check: "integrity",
  outcome: "fail",
  because,
  facts,
});

const unknown = (because: string, facts: JsonObject): Finding => ({
  check: "integrity",
  outcome: "unknown",
  because,
  facts,
});
