/**
 * Verifies a receipt without a network and without the log. Every step reads what the step before it proved.
 * Sources: DSSE v1, in-toto Statement v1, https://slsa.dev/verification_summary/v1, RFC 9162 §2.1.3,
 * c2sp.org/tlog-checkpoint.
 * @module
 */

import { type Receipt, UsageError } from "@sallyport/core";
import { decodeBase64 } from "./base64.ts";
import { type Checkpoint, openCheckpoint } from "./checkpoint.ts";
import { commitmentOf, signerOf } from "./envelope.ts";
import { leafHash } from "./merkle.ts";
import { verifyInclusion } from "./merkle-verify.ts";
import type { PublicKey } from "./public-key.ts";
import { parseReceipt, parseStatement, type Statement } from "./receipt.ts";
import { subjectDigest } from "./statement.ts";
import { ShapeError } from "./strict-json.ts";

export interface VerifiedReceipt extends Statement {
  /** The trusted key that signed. */
  readonly key: PublicKey;
  readonly origin: string;
  /** Position in the log, from 0. */
  readonly index: bigint;
  /** Size of the log that the checkpoint speaks of. */
  readonly treeSize: bigint;
}

export type ReceiptStep =
  | "schema"
  | "envelope"
  | "statement"
  | "subject"
  | "checkpoint"
  | "origin"
  | "inclusion";

/**
 * @param receipt - parsed JSON from anywhere; no key in it is ever used
 * @param options.publicKeys - the keys that are trusted to decide
 * @param options.artifactSha256 - hex; when given, the receipt must be about exactly these bytes
 * @throws UsageError `usage.receipt`; `facts.step` names the proof that failed
 */
export function verifyReceipt(
  receipt: unknown,
  options: { publicKeys: readonly PublicKey[]; artifactSha256?: string },
): VerifiedReceipt {
  const parsed = shaped("schema", () => parseReceipt(receipt));
  const key = signerOf(parsed.envelope, options.publicKeys);
  if (key === undefined) fail("envelope", "the statement is not signed by a trusted key");
  const statement = shaped("statement", () =>
    parseStatement(decodeBase64(parsed.envelope.payload) ?? Buffer.alloc(0)),
  );
  checkSubject(statement, options.artifactSha256);
  const checkpoint = openCheckpoint(parsed.log.checkpoint, key);
  if (typeof checkpoint === "string") fail("checkpoint", checkpoint);
  if (parsed.log.origin !== key.origin || checkpoint.origin !== key.origin)
    fail("origin", `the proof is from another log than ${key.origin}`);
  checkInclusion(parsed, checkpoint);
  return {
    ...statement,
    key,
    origin: checkpoint.origin,
    index: BigInt(parsed.log.index),
    treeSize: checkpoint.size,
  };
}

function checkSubject(statement: Statement, artifactSha256: string | undefined): void {
  const { subject, subjectSha256, verdict, verificationResult } = statement;
  if (subject.kind === "artifact" && subject.id !== `sha256:${subjectSha256}`)
    fail("statement", "the statement names two different artifacts");
  if (subject.kind !== "artifact" && subjectSha256 !== subjectDigest({ kind: subject.kind, id: subject.id }))
    fail("statement", "the subject's digest is not that of its id");
  if ((verdict === "admit") !== (verificationResult === "PASSED"))
    fail("statement", "the verdict and the verification result contradict each other");
  if (artifactSha256 === undefined) return;
  if (subject.kind !== "artifact") fail("subject", "the receipt is not about a file");
  if (subjectSha256 !== artifactSha256.toLowerCase())
    fail("subject", "the receipt is about another file: the SHA-256 differs");
}

function checkInclusion(receipt: Receipt, checkpoint: Checkpoint): void {
  const { index, salt, inclusionProof } = receipt.log;
  const isIncluded = verifyInclusion({
    index: BigInt(index),
    size: checkpoint.size,
    leafHash: leafHash(commitmentOf(Buffer.from(salt, "base64"), receipt.envelope)),
    proof: inclusionProof.map((hash) => Buffer.from(hash, "base64")),
    root: checkpoint.root,
  });
  if (!isIncluded) fail("inclusion", "the statement is not in the log at the place the receipt names");
}

function shaped<Result>(step: ReceiptStep, read: () => Result): Result {
  try {
    return read();
  } catch (error) {
    if (error instanceof ShapeError) fail(step, error.message);
    throw error;
  }
}

function fail(step: ReceiptStep, why: string): never {
  throw new UsageError("usage.receipt", `the receipt does not verify (${step}): ${why}`, { facts: { step } });
}

/**
 * What a receipt claims, without any proof: for `receipt show`. Say "not verified" next to it.
 * @throws UsageError `usage.receipt` when it is no receipt
 */
export function describeReceipt(
  receipt: unknown,
): Statement & { readonly origin: string; readonly index: bigint } {
  const parsed = shaped("schema", () => parseReceipt(receipt));
  const statement = shaped("statement", () =>
    parseStatement(decodeBase64(parsed.envelope.payload) ?? Buffer.alloc(0)),
  );
  return { ...statement, origin: parsed.log.origin, index: BigInt(parsed.log.index) };
}
