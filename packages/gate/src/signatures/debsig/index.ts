/**
 * Signatures inside Debian packages, of which there are two kinds: debsigs' are over the contents of the three
 * members, dpkg-sig's over a list of their digests. apt asks for neither.
 * Sources: debsigs 0.1.26, debsigs(1p); dpkg-sig 0.13, dpkg-sig(1); RFC 9580.
 * @module
 */

import {
  ArtifactError,
  type ByteSource,
  hasCode,
  type JsonObject,
  RangeSource,
  readExactly,
} from "@sallyport/core";
import {
  type Certificate,
  CLEAR_SIGNED_MARK,
  findRoom,
  readClearSigned,
  readSignatures,
  type Verdict,
  verifySignatures,
} from "@sallyport/openpgp";
import type { Finding } from "../../finding.ts";
import { MAGIC } from "../../formats/ar/header.ts";
import { type ArMember, walkMembers } from "../../formats/ar/members.ts";
import { readKeys } from "../openpgp/index.ts";
import { findInVerdict, reportVerdict } from "../openpgp-report.ts";
import type { SignatureReport, SignatureScheme, Verification, VerifyContext } from "../scheme.ts";
import { compareList } from "./member-list.ts";

export const debsig: SignatureScheme = {
  id: "debsig",
  question: "Who signed the package from inside, and does that cover everything that is installed?",
  document: "debsigs(1p) 0.1.26, dpkg-sig(1) 0.13, RFC 9580",
  formats: ["deb"],
  verify,
};

/** RSA of 16384 bits in armour, or a list of three members with one. */
const LARGEST_SIGNATURE_BYTES = 64 * 1024;
const SIGNATURE_NAME = /^_gpg[a-z0-9-]{1,12}$/;

async function verify(source: ByteSource, context: VerifyContext): Promise<Verification> {
  const result: Result = { signatures: [], findings: [] };
  try {
    const members = await listMembers(source, context);
    const signatures = members.filter(isSignature);
    if (signatures.length === 0) return result;
    const asked: Asked = {
      source,
      context,
      certificates: await readKeys(context.brought.keys, result),
      covered: members.filter(isCovered),
    };
    result.findings.push(...members.filter(isLoose).map(looseFinding));
    for (const member of signatures) await verifyMember(member, asked, result);
  } catch (error) {
    if (!(error instanceof ArtifactError) || error.code === "artifact.over-limit") throw error;
    const because = `the package's signatures cannot be read: ${error.message}`;
    result.findings.push({ check: "integrity", outcome: "unknown", because, facts: { code: error.code } });
  }
  return result;
}

const isSignature = ({ name }: ArMember): boolean => SIGNATURE_NAME.test(name);
const isCovered = ({ name }: ArMember): boolean => /^(?:debian-binary$|control\.tar|data\.tar)/.test(name);
const isLoose = (member: ArMember): boolean => !isSignature(member) && !isCovered(member);

/** deb(5) lets every reader pass over such a member, and neither kind of signature covers it. */
const looseFinding = ({ name, headerOffset, offset, sizeBytes }: ArMember): Finding => ({
  check: "certificate-table",
  outcome: "fail",
  because: `bytes can hide where no signature looks: the member ${name} is beside what was signed`,
  facts: {
    rule: "debsig-loose-member",
    offsetBytes: headerOffset,
    lengthBytes: offset + sizeBytes - headerOffset,
  },
});

const roomFinding = ({ name, offset, sizeBytes }: ArMember, because: string): Finding => ({
  check: "certificate-table",
  outcome: "fail",
  because: `bytes can hide where no signature looks: ${name} ${because}`,
  facts: { rule: "debsig-room", offsetBytes: offset, lengthBytes: sizeBytes },
});

interface Result {
  readonly signatures: SignatureReport[];
  readonly findings: Finding[];
}

interface Asked {
  readonly source: ByteSource;
  readonly context: VerifyContext;
  readonly certificates: readonly Certificate[];
  /** What dpkg reads, in the archive's order. */
  readonly covered: readonly ArMember[];
}

async function listMembers(source: ByteSource, { budget, maxHeldBytes }: VerifyContext): Promise<ArMember[]> {
  const members: ArMember[] = [];
  // The old format is no archive, and has no place for a signature.
  const magic = Buffer.from(await source.read(0, MAGIC.length)).toString("latin1");
  if (magic !== MAGIC) return members;
  // What is wrong with the archive, its format tells.
  for await (const member of walkMembers(source, { budget, maxHeldBytes, lie: () => {} })) {
    if (members.length >= budget.limits.entries)
      throw new ArtifactError("artifact.over-limit", "debsig: the package has too many members");
    members.push(member);
  }
  return members;
}

async function verifyMember(member: ArMember, asked: Asked, result: Result): Promise<void> {
  const { source, context, certificates, covered } = asked;
  const options = { now: context.now };
  try {
    if (member.sizeBytes > LARGEST_SIGNATURE_BYTES)
      throw new ArtifactError(
        "artifact.malformed",
        `it holds ${member.sizeBytes} bytes, far more than it needs`,
      );
    const bytes = await readExactly(source, member.offset, member.sizeBytes, "debsig: a signature");
    if (!bytes.includes(CLEAR_SIGNED_MARK)) {
      const document = contentsOf(source, covered, context);
      const signatures = readSignatures(bytes);
      const room = findRoom(bytes, signatures);
      if (room !== undefined) result.findings.push(roomFinding(member, room));
      const verdicts = await verifySignatures(signatures, document, certificates, {
        ...options,
        isBinary: true,
      });
      for (const verdict of verdicts) add(verdict, { member: member.name, over: "members" }, result);
      return;
    }
    const { text, hashed, signatures, lies } = readClearSigned(bytes);
    const wrong =
      lies.length > 0
        ? "its signature stands among text that nobody signed"
        : await compareList(text, { source, covered, context });
    const document = (async function* () {
      yield hashed;
    })();
    for (const verdict of await verifySignatures(signatures, document, certificates, options))
      addListed(verdict, wrong, { facts: { member: member.name, over: "list of members" }, result });
  } catch (error) {
    addBroken(error, member.name, result);
  }
}

/** debsigs signs the members' contents one behind the other, without names or lengths between them. */
async function* contentsOf(
  source: ByteSource,
  covered: readonly ArMember[],
  { budget }: VerifyContext,
): AsyncGenerator<Uint8Array> {
  for (const { offset, sizeBytes } of covered)
    for await (const piece of new RangeSource(source, offset, sizeBytes).stream()) {
      budget.checkTime();
      yield piece;
    }
}

function add(verdict: Verdict, facts: JsonObject, { signatures, findings }: Result): void {
  const position = signatures.length;
  signatures.push(reportVerdict(verdict, { scheme: debsig.id, position, facts }));
  findings.push(...findInVerdict(verdict, { signature: position, ...facts }));
}

/** dpkg-sig's list has MD5 and SHA-1 only, so whatever signs it rests on those. */
function addListed(
  verdict: Verdict,
  wrong: string | undefined,
  { facts, result }: { facts: JsonObject; result: Result },
): void {
  const position = result.signatures.length;
  const { namedBy, ...report } = reportVerdict(verdict, { scheme: debsig.id, position, facts });
  const about = { signature: position, ...facts };
  result.findings.push(...findInVerdict(verdict, about));
  if (wrong !== undefined) {
    result.signatures.push({ ...report, integrity: "fail", trust: "broken", because: wrong });
    result.findings.push({ check: "integrity", outcome: "fail", because: wrong, facts: about });
    return;
  }
  result.signatures.push({ ...report, ...(namedBy !== undefined && { namedBy }) });
  const because = "the signed list has only MD5 and SHA-1 of the members, which can be forged";
  result.findings.push({
    check: "weak-digest",
    outcome: "fail",
    because,
    facts: { ...about, digest: "sha1" },
  });
}

/** A signature that cannot be read protects nothing; one of an unknown kind may. */
function addBroken(error: unknown, name: string, { signatures, findings }: Result): void {
  if (!(error instanceof ArtifactError) || "limit" in error.facts) throw error;
  const outcome = hasCode(error, "artifact.malformed", "artifact.truncated") ? "fail" : "unknown";
  const because = `the signature in ${name} cannot be read: ${error.message}`;
  const position = signatures.length;
  signatures.push({
    scheme: debsig.id,
    integrity: outcome,
    trust: outcome === "fail" ? "broken" : "unknown-key",
    because,
    signer: undefined,
    chain: [],
    digestAlgorithm: "unknown",
    position,
    facts: { member: name },
  });
  findings.push({ check: "integrity", outcome, because, facts: { signature: position, member: name } });
}
