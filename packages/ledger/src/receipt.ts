/** Reads a receipt and its statement from hostile JSON: bounded, exact, nothing extra. @module */

import type { Receipt, Verdict } from "@sallyport/core";
import { decodeBase64 } from "./base64.ts";
import { PAYLOAD_TYPE, SALT_BYTES } from "./envelope.ts";
import { HASH_BYTES } from "./merkle.ts";
import { PREDICATE_TYPE, STATEMENT_TYPE, VERDICT_FIELD } from "./statement.ts";
import { Field, ShapeError } from "./strict-json.ts";

/** A receipt is a few kilobytes; this is room for every reason there can be. */
export const MAX_RECEIPT_BYTES = 4 * 1024 * 1024;
const MAX_PROOF_HASHES = 64;
const MAX_SIGNATURES = 16;
const MAX_TEXT_CHARACTERS = 4096;
const BASE64 = /^[A-Za-z0-9+/]*={0,2}$/;
const SHA256_HEX = /^[0-9a-f]{64}$/;
const DECIMAL = /^(0|[1-9][0-9]{0,19})$/;

/** @throws ShapeError naming the member that is wrong */
export function parseReceipt(value: unknown): Receipt {
  const receipt = new Field("receipt", value);
  receipt.only("schema", "envelope", "log");
  const envelope = receipt.member("envelope");
  envelope.only("payloadType", "payload", "signatures");
  const log = receipt.member("log");
  log.only("origin", "index", "salt", "inclusionProof", "checkpoint");
  return {
    schema: receipt.member("schema").oneOf("sallyport.receipt/1"),
    envelope: {
      payloadType: envelope.member("payloadType").oneOf(PAYLOAD_TYPE),
      payload: envelope.member("payload").text(MAX_RECEIPT_BYTES, BASE64),
      signatures: envelope.member("signatures").list(MAX_SIGNATURES).map(readSignature),
    },
    log: {
      origin: log.member("origin").text(MAX_TEXT_CHARACTERS),
      index: log.member("index").text(20, DECIMAL),
      salt: base64Bytes(log.member("salt"), SALT_BYTES),
      inclusionProof: log
        .member("inclusionProof")
        .list(MAX_PROOF_HASHES)
        .map((field) => base64Bytes(field, HASH_BYTES)),
      checkpoint: log.member("checkpoint").text(MAX_TEXT_CHARACTERS * 4),
    },
  };
}

function readSignature(field: Field): { keyid: string; sig: string } {
  field.only("keyid", "sig");
  return {
    keyid: field.member("keyid").text(MAX_TEXT_CHARACTERS),
    sig: field.member("sig").text(MAX_TEXT_CHARACTERS, BASE64),
  };
}

function base64Bytes(field: Field, sizeBytes: number): string {
  const text = field.text(MAX_TEXT_CHARACTERS);
  if (decodeBase64(text)?.length !== sizeBytes)
    throw new ShapeError(`${field.path} is not ${sizeBytes} bytes of base64`);
  return text;
}

export interface StatedReason {
  readonly policy: string;
  readonly verdict: Verdict;
  readonly because: string;
}

/** What the signed statement says. Kinds of subject are not limited here: an older verifier reads newer receipts. */
export interface Statement {
  readonly subject: { readonly kind: string; readonly id: string; readonly label: string };
  readonly subjectSha256: string;
  readonly verdict: Verdict;
  readonly verificationResult: "PASSED" | "FAILED";
  readonly timeVerified: string;
  readonly reasons: readonly StatedReason[];
  readonly policySha256: string;
  readonly engineVersion: string;
  readonly decisionDigest: string;
  /** Digest of the decision that was asked again, when this one came of it. */
  readonly supersedes?: string;
}

/** @throws ShapeError when the payload is no statement of ours */
export function parseStatement(payload: Uint8Array): Statement {
  const statement = new Field("statement", parseJson(payload));
  statement.member("_type").oneOf(STATEMENT_TYPE);
  statement.member("predicateType").oneOf(PREDICATE_TYPE);
  const subjects = statement.member("subject").list(1);
  const [subject] = subjects;
  if (subject === undefined) throw new ShapeError("statement.subject is empty");
  const predicate = statement.member("predicate");
  const own = predicate.member(VERDICT_FIELD);
  return {
    subject: readSubject(own.member("subject")),
    subjectSha256: sha256Of(subject),
    verdict: own.member("verdict").oneOf("admit", "hold", "refuse"),
    verificationResult: predicate.member("verificationResult").oneOf("PASSED", "FAILED"),
    timeVerified: readTime(predicate.member("timeVerified")),
    reasons: own.member("reasons").list(1000).map(readReason),
    policySha256: sha256Of(predicate.member("policy")),
    engineVersion: predicate
      .member("verifier")
      .member("version")
      .member("sallyport")
      .text(MAX_TEXT_CHARACTERS),
    decisionDigest: own.member("decisionDigest").text(64, SHA256_HEX),
    ...readSupersedes(own.member("replay")),
  };
}

function readSupersedes(replay: Field): Pick<Statement, "supersedes"> {
  const supersedes = replay.value === undefined ? replay : replay.member("supersedes");
  return supersedes.value === undefined ? {} : { supersedes: supersedes.text(64, SHA256_HEX) };
}

const sha256Of = (field: Field): string => field.member("digest").member("sha256").text(64, SHA256_HEX);

function readTime(field: Field): string {
  const text = field.text(32, /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}\.\d{3}Z$/);
  if (Number.isNaN(Date.parse(text))) throw new ShapeError(`${field.path} is not a time`);
  return text;
}

const readSubject = (field: Field): Statement["subject"] => ({
  kind: field.member("kind").text(64),
  id: field.member("id").text(MAX_TEXT_CHARACTERS),
  label: field.member("label").text(MAX_TEXT_CHARACTERS),
});

const readReason = (field: Field): StatedReason => ({
  policy: field.member("policy").text(MAX_TEXT_CHARACTERS),
  verdict: field.member("verdict").oneOf("admit", "hold", "refuse"),
  because: field.member("because").text(MAX_TEXT_CHARACTERS),
});

function parseJson(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes));
  } catch {
    throw new ShapeError("the statement is not JSON in UTF-8");
  }
}
