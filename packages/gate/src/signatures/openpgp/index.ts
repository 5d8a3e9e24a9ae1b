/**
 * OpenPGP: signatures in clear-signed text, and detached ones that a person brings along. Nobody vouches for a key but
 * the person who brings it. Source: RFC 9580; RFC 4880 for older signatures.
 * @module
 */

import { ArtifactError, type ByteSource, hasCode } from "@sallyport/core";
import type { Brought, BroughtFile } from "../../brought.ts";
import type { Finding } from "../../finding.ts";
import { readWhole } from "../../formats/clear-signed/index.ts";
import { type Certificate, readCertificates } from "../../openpgp/certificate.ts";
import { readClearSigned } from "../../openpgp/clear-signed.ts";
import { findInVerdict, reportVerdict } from "../../openpgp/report.ts";
import { readSignatures, type Signature } from "../../openpgp/signature.ts";
import { type Verdict, verifySignatures } from "../../openpgp/verify.ts";
import type { SignatureReport, SignatureScheme, Verification, VerifyContext } from "../scheme.ts";
import { findKeyFiles, findSignatureFiles, readBrought } from "./brought-files.ts";

export const openpgp: SignatureScheme = {
  id: "openpgp",
  question: "Who signed these bytes with OpenPGP, and was the key allowed to when it did?",
  document: "RFC 9580, RFC 4880",
  formats: ["clear-signed"],
  claims,
  verify,
};

/** A plain `Release` is what `Release.gpg` is about; then the signatures are apt's. */
async function claims({ signatures, keys, release }: Brought): Promise<readonly BroughtFile[]> {
  const isForRelease = release !== undefined && !(await isClearSigned(release));
  return [...(isForRelease ? [] : await findSignatureFiles(signatures)), ...(await findKeyFiles(keys))];
}

async function verify(source: ByteSource, context: VerifyContext): Promise<Verification> {
  const { format, brought } = context;
  const result: Result = { signatures: [], findings: [] };
  const files = await findSignatureFiles(brought.signatures);
  if (format !== "clear-signed" && files.length === 0) return result;
  const certificates = await readKeys(brought.keys, result);
  if (format === "clear-signed") await verifyClearSigned(source, { certificates, context, result });
  const detached: { signature: Signature; name: string }[] = [];
  for (const file of files)
    for (const signature of await readDetached(file, result)) detached.push({ signature, name: file.name });
  const verdicts = await verifySignatures(
    detached.map(({ signature }) => signature),
    source.stream(),
    certificates,
    { now: context.now, onPiece: () => context.budget.checkTime() },
  );
  verdicts.forEach((verdict, index) => {
    add(verdict, { file: detached[index]?.name ?? "" }, result);
  });
  return result;
}

interface Result {
  readonly signatures: SignatureReport[];
  readonly findings: Finding[];
}

async function verifyClearSigned(
  source: ByteSource,
  {
    certificates,
    context,
    result,
  }: { certificates: readonly Certificate[]; context: VerifyContext; result: Result },
): Promise<void> {
  try {
    const { hashed, signatures } = readClearSigned(await readWhole(source, context.maxHeldBytes));
    const document = (async function* () {
      yield hashed;
    })();
    const verdicts = await verifySignatures(signatures, document, certificates, { now: context.now });
    for (const verdict of verdicts) add(verdict, { over: "clear-signed text" }, result);
  } catch (error) {
    addBroken(error, "the clear-signed text", result);
  }
}

async function readDetached(file: BroughtFile, result: Result): Promise<Signature[]> {
  try {
    return readSignatures(await readBrought(file));
  } catch (error) {
    addBroken(error, file.name, result);
    return [];
  }
}

/** All certificates of the key files among those brought; what cannot be read is told. */
export async function readKeys(
  keys: readonly BroughtFile[],
  result: { readonly findings: Finding[] },
): Promise<readonly Certificate[]> {
  const files = [];
  for (const file of await findKeyFiles(keys))
    try {
      const bytes = await readBrought(file);
      readCertificates([{ name: file.name, bytes }]);
      files.push({ name: file.name, bytes });
    } catch (error) {
      if (!(error instanceof ArtifactError)) throw error;
      const because = `the keys in ${file.name} cannot be read: ${error.message}`;
      result.findings.push({ check: "integrity", outcome: "unknown", because, facts: { file: file.name } });
    }
  return readCertificates(files);
}

function add(verdict: Verdict, facts: Finding["facts"], { signatures, findings }: Result): void {
  const position = signatures.length;
  signatures.push(reportVerdict(verdict, { scheme: openpgp.id, position, facts }));
  findings.push(...findInVerdict(verdict, { signature: position, ...facts }));
}

/** A signature that cannot be read protects nothing; one of an unknown kind may. */
function addBroken(error: unknown, name: string, { signatures, findings }: Result): void {
  if (!(error instanceof ArtifactError)) throw error;
  const outcome = hasCode(error, "artifact.malformed", "artifact.truncated") ? "fail" : "unknown";
  const because = `the signature in ${name} cannot be read: ${error.message}`;
  const position = signatures.length;
  signatures.push({
    scheme: openpgp.id,
    integrity: outcome,
    trust: "broken",
    because,
    signer: undefined,
    chain: [],
    digestAlgorithm: "unknown",
    position,
    facts: {},
  });
  findings.push({ check: "integrity", outcome, because, facts: { signature: position } });
}

const isClearSigned = async ({ source }: BroughtFile): Promise<boolean> =>
  Buffer.from(await source.read(0, Math.min(1024, source.sizeBytes))).includes(
    "-----BEGIN PGP SIGNED MESSAGE-----",
  );
