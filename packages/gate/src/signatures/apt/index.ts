/**
 * Debian's archives: the signed release lists indexes, an index lists packages. The package itself is unsigned.
 * Sources: apt-secure(8); Debian repository format; RFC 9580.
 * @module
 */

import { ArtifactError, asBuffer, type ByteSource, hasCode } from "@sallyport/core";
import {
  readClearSigned,
  readSignatures,
  type Signature,
  type Verdict,
  verifySignatures,
} from "@sallyport/openpgp";
import type { Brought, BroughtFile } from "../../brought.ts";
import type { Finding } from "../../finding.ts";
import { readWhole } from "../../formats/clear-signed/index.ts";
import { findKeyFiles, findListFiles, findSignatureFiles, readBrought } from "../openpgp/brought-files.ts";
import { readKeys } from "../openpgp/index.ts";
import { findInVerdict, reportVerdict } from "../openpgp-report.ts";
import type {
  SignatureReport,
  SignatureScheme,
  SignatureTrust,
  Verification,
  VerifyContext,
} from "../scheme.ts";
import { findListing, type Listing } from "./listing.ts";
import { type Release, readRelease } from "./release.ts";

export const apt: SignatureScheme = {
  id: "apt",
  question: "Does a signed release of an archive list these very bytes?",
  document: "apt-secure(8), Debian repository format",
  formats: [],
  claims,
  verify,
};

async function claims({ signatures, keys, release, packages }: Brought): Promise<readonly BroughtFile[]> {
  if (release === undefined) return [];
  const isClear = await startsClearSigned(release);
  if (!isClear && !(await startsAsRelease(release))) return [];
  return [
    release,
    ...(packages === undefined ? [] : [packages]),
    ...(isClear ? [] : await findSignatureFiles(signatures)),
    ...(await findKeyFiles(keys)),
  ];
}

async function verify(source: ByteSource, context: VerifyContext): Promise<Verification> {
  const { release: file } = context.brought;
  if (file === undefined) return { signatures: [], findings: [] };
  const findings: Finding[] = [];
  try {
    const signed = await readSigned(file, context, findings);
    const keys = await readKeys(context.brought.keys, { findings });
    const document = (async function* () {
      yield signed.hashed;
    })();
    const verdicts = await verifySignatures(signed.signatures, document, keys, { now: context.now });
    if (verdicts.length === 0)
      findings.push(unknown(`nobody signed ${file.name}; give its signature with --signature`));
    const release = readRelease(signed.text.toString("utf8"));
    const listing = await list(source, release, context);
    if (listing.outcome !== "pass" || listing.isOutdated === true)
      findings.push({
        check: "integrity",
        outcome: listing.outcome,
        because: listing.because,
        facts: listing.facts,
      });
    if (release.digest === "weak")
      findings.push({ check: "weak-digest", outcome: "fail", because: listing.because, facts: {} });
    findings.push(...findInVerdicts(verdicts));
    const reports = verdicts.map((verdict, position) =>
      writeReport(verdict, { position, release, listing, now: context.now }),
    );
    return { signatures: reports, findings };
  } catch (error) {
    if (!(error instanceof ArtifactError) || isSpent(error)) throw error;
    const outcome = hasCode(error, "artifact.malformed", "artifact.truncated") ? "fail" : "unknown";
    const because = `${file.name} vouches for nothing: ${error.message}`;
    return { signatures: [], findings: [...findings, { check: "integrity", outcome, because, facts: {} }] };
  }
}

interface Signed {
  readonly text: Buffer;
  readonly hashed: Buffer;
  readonly signatures: readonly Signature[];
}

/** `InRelease` carries its signatures; `Release` comes with `Release.gpg`. */
async function readSigned(file: BroughtFile, context: VerifyContext, findings: Finding[]): Promise<Signed> {
  const bytes = await readWhole(file.source, context.maxHeldBytes);
  if (await startsClearSigned(file)) {
    const signed = readClearSigned(bytes);
    // Text that nobody signed has been read as the release before (CVE-2013-1051).
    for (const { because, offsetBytes } of signed.lies)
      findings.push({
        check: "integrity",
        outcome: "fail",
        because: `${file.name} ${because}`,
        facts: { offsetBytes },
      });
    return signed;
  }
  const files = await findSignatureFiles(context.brought.signatures);
  const signatures: Signature[] = [];
  for (const one of files) signatures.push(...readSignatures(await readBrought(one)));
  return { text: bytes, hashed: bytes, signatures };
}

async function list(source: ByteSource, release: Release, context: VerifyContext): Promise<Listing> {
  try {
    return await findListing(source, release, context.brought.packages, context);
  } catch (error) {
    if (!(error instanceof ArtifactError) || hasCode(error, "artifact.over-limit")) throw error;
    return { outcome: "fail", because: `the index cannot be read: ${error.message}`, facts: {} };
  }
}

/**
 * While keys are replaced an archive signs with the old and the new one, and a person has one of them: as for apt, one
 * good signature is enough, and a wrong one is one too many.
 */
function findInVerdicts(verdicts: readonly Verdict[]): Finding[] {
  const isVouchedFor = verdicts.some(({ outcome }) => outcome === "valid");
  return verdicts.flatMap((verdict, signature) =>
    findInVerdict(verdict, { signature }).filter(({ outcome }) => !isVouchedFor || outcome === "fail"),
  );
}

interface About {
  readonly position: number;
  readonly release: Release;
  readonly listing: Listing;
  readonly now: Date;
}

function writeReport(verdict: Verdict, { position, release, listing, now }: About): SignatureReport {
  const { origin, suite, codename, date, validUntil } = release;
  const report = reportVerdict(verdict, {
    scheme: apt.id,
    position,
    facts: {
      origin,
      suite,
      codename,
      date: date.toISOString(),
      ...(validUntil === undefined ? {} : { validUntil: validUntil.toISOString() }),
      ...listing.facts,
    },
  });
  if (listing.outcome === "fail" && report.integrity === "pass")
    return { ...report, integrity: "fail", trust: "broken", because: listing.because };
  if (listing.outcome === "unknown" && report.integrity === "pass")
    return { ...report, integrity: "unknown", because: listing.because };
  const time = judgeTime(release, now);
  if (time !== undefined && report.trust === "known-key") return { ...report, ...time };
  if (report.trust !== "known-key") return report;
  // Without an end a list can be played back for ever; then its age is all there is to go by.
  const end = validUntil === undefined ? "has no end" : `ends on ${dayOf(validUntil)}`;
  const because = `${listing.because}; the release is of ${dayOf(date)} and ${end}; ${report.because}`;
  return { ...report, because };
}

const dayOf = (date: Date): string => date.toISOString().slice(0, 10);

const CLOCK_SKEW_MILLISECONDS = 10 * 60_000;

/** What has ended can be played back to hide what came after it; nothing but the list's own word says when it ends. */
function judgeTime(
  { date, validUntil }: Release,
  now: Date,
): { trust: SignatureTrust; because: string } | undefined {
  if (+date > +now + CLOCK_SKEW_MILLISECONDS)
    return {
      trust: "not-yet-valid",
      because: `the release says it is of ${date.toISOString()}, which is still to come`,
    };
  if (validUntil !== undefined && validUntil <= now)
    return {
      trust: "expired",
      because: `the release ended at ${validUntil.toISOString()}: an old list may hide what came after it`,
    };
  return undefined;
}

/** A release with something in front of its mark is one as well, and a wrong one. */
const startsClearSigned = async (file: BroughtFile): Promise<boolean> =>
  (await findListFiles([file])).length > 0;

/** A release is a paragraph of fields, of which these stand near its beginning. Source: repository format, "Release". */
async function startsAsRelease({ source }: BroughtFile): Promise<boolean> {
  const head = asBuffer(await source.read(0, Math.min(source.sizeBytes, 4096))).toString("latin1");
  return /^[A-Za-z][A-Za-z-]{1,40}:/.test(head) && /^(?:Suite|Codename|Date|Origin):/m.test(head);
}

/** A limit of the whole descent, as opposed to one of ours. */
const isSpent = (error: ArtifactError): boolean => "limit" in error.facts;

const unknown = (because: string): Finding => ({
  check: "integrity",
  outcome: "unknown",
  because,
  facts: {},
});
