/**
 * minisign, and signify of OpenBSD, which it grew out of: one Ed25519 key, one signature beside the file or in front of
 * a list of digests. Sources: minisign, "Signature format"; signify(1).
 * @module
 */

import { ArtifactError, asBuffer, type ByteSource, hasCode, readExactly } from "@sallyport/core";
import type { Brought, BroughtFile } from "../../brought.ts";
import type { Finding } from "../../finding.ts";
import { findBroughtLists, findInBroughtList, unsignedList } from "../brought-list.ts";
import type { SignatureReport, SignatureScheme, Verification, VerifyContext } from "../scheme.ts";
import { findInSignedList } from "../signed-list.ts";
import { compareBlocks, readGzipSignature } from "./gzip-signature.ts";
import { brokenReport, findIn, writeReport } from "./report.ts";
import { kindOf, type MinisignKey, type MinisignSignature, readKey, readSignature } from "./text-file.ts";
import { type MessageAnswer, type Signed, type Verdict, verifyOne } from "./verify-signature.ts";

export const minisign: SignatureScheme = {
  id: "minisign",
  question: "Who signed these bytes with minisign or signify?",
  document: "minisign, Signature format; signify(1)",
  formats: ["gzip"],
  claims,
  verify,
};

const HEAD_BYTES = 4096;
/** A list of digests for a whole release has some hundred kilobytes. */
const MAX_FILE_BYTES = 16 * 1024 * 1024;

async function claims({ signatures, keys }: Brought): Promise<readonly BroughtFile[]> {
  const detached = await choose(signatures, "signature");
  const lists = detached.length === 0 ? [] : await findBroughtLists(signatures);
  return [...detached, ...lists, ...(await choose(keys, "key"))];
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
  const trials: Trial[] = [];
  const lists = await findBroughtLists(context.brought.signatures);
  for (const file of await choose(context.brought.signatures, "signature"))
    trials.push({ file: file.name, lists, read: () => readBrought(file, source, context) });
  if (context.format === "gzip")
    trials.push({ file: "the gzip header", lists: [], read: () => readCarried(source, context) });
  const result = { signatures: [] as SignatureReport[], findings: [] as Finding[] };
  const keys = await readKeys(await choose(context.brought.keys, "key"), result.findings);
  const signed = new Set<BroughtFile>();
  for (const trial of trials) await verifyTrial(trial, { source, keys, context, result, signed });
  result.findings.push(...lists.filter((list) => !signed.has(list)).map(unsignedList));
  // Keys are for whatever is signed with them; unread ones matter only then.
  return result.signatures.length === 0 ? { signatures: [], findings: [] } : result;
}

/** A signature, and what it is over; undefined when the file carries none. */
interface Trial {
  readonly file: string;
  /** Lists of digests that it may be over instead. */
  readonly lists: readonly BroughtFile[];
  read(): Promise<{ readonly signature: MinisignSignature; readonly signed: Signed } | undefined>;
}

async function readBrought(file: BroughtFile, source: ByteSource, { brought, budget }: VerifyContext) {
  const judgeMessage = async (message: Buffer): Promise<MessageAnswer> => {
    const list = await findInSignedList(message.toString("utf8"), source, { label: brought.label, budget });
    const { isListed, because, listedAs } = list;
    return {
      outcome: isListed ? "valid" : "wrong",
      because,
      ...(listedAs === undefined ? {} : { listedAs }),
    };
  };
  return { signature: readSignature(await readWhole(file)), signed: { source, judgeMessage } };
}

async function readCarried(source: ByteSource, { budget }: VerifyContext) {
  const carried = await readGzipSignature(source);
  if (carried === undefined) return undefined;
  const { signature, dataOffset } = carried;
  if (signature.message === undefined)
    throw new ArtifactError(
      "artifact.malformed",
      "minisign: a signature in a gzip header without its message",
    );
  const judgeMessage = async (message: Buffer): Promise<MessageAnswer> => {
    const problem = await compareBlocks(message, source, { dataOffset, budget });
    return {
      outcome: problem === undefined ? "valid" : "wrong",
      because: problem ?? "made over these bytes by the key",
    };
  };
  return { signature, signed: { source, judgeMessage } };
}

interface Asked {
  readonly source: ByteSource;
  readonly keys: readonly MinisignKey[];
  readonly context: VerifyContext;
  readonly result: { readonly signatures: SignatureReport[]; readonly findings: Finding[] };
  /** The lists that a signature turned out to be over. */
  readonly signed: Set<BroughtFile>;
}

async function verifyTrial({ file, lists, read }: Trial, asked: Asked): Promise<void> {
  const { keys, context, result } = asked;
  const position = result.signatures.length;
  try {
    const trial = await read();
    if (trial === undefined) return;
    const { signature, signed } = trial;
    const verdict =
      (await verifyOverLists(signature, lists, asked)) ?? (await verifyOne(signature, signed, keys, context));
    result.signatures.push(writeReport(verdict, { signature, position, file }));
    result.findings.push(...findIn(verdict, { signature: position, file }));
  } catch (error) {
    if (!(error instanceof ArtifactError) || "limit" in error.facts) throw error;
    const outcome = hasCode(error, "artifact.malformed", "artifact.truncated") ? "fail" : "unknown";
    const because = `the signature in ${file} cannot be read: ${error.message}`;
    result.signatures.push(brokenReport(outcome, because, position));
    result.findings.push({ check: "integrity", outcome, because, facts: { signature: position } });
  }
}

/** What one of the lists says, when the signature is over it. */
async function verifyOverLists(
  signature: MinisignSignature,
  lists: readonly BroughtFile[],
  { source, keys, context, signed }: Asked,
): Promise<Verdict | undefined> {
  if (signature.message !== undefined) return undefined;
  const judgeMessage = () => Promise.reject(new TypeError("a signature without a message has none to judge"));
  for (const list of lists) {
    const verdict = await verifyOne(signature, { source: list.source, judgeMessage }, keys, context);
    if (verdict.outcome !== "valid") continue;
    signed.add(list);
    const { isListed, because, listedAs } = await findInBroughtList(list, source, context);
    return isListed
      ? { ...verdict, because, ...(listedAs === undefined ? {} : { listedAs }) }
      : { ...verdict, outcome: "wrong", because };
  }
  return undefined;
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
