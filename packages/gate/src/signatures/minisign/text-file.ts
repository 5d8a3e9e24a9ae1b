/**
 * The small text files of minisign and OpenBSD's signify: a comment, a line of base64, and what follows.
 * Sources: minisign, "Signature format" and "Public key format"; signify(1) of OpenBSD.
 * @module
 */

import { ArtifactError } from "@sallyport/core";

export interface MinisignKey {
  /** As minisign shows it: the identifier's bytes from last to first, lower-case hex. */
  readonly keyId: string;
  /** 32 octets. */
  readonly point: Buffer;
  /** Algorithm, identifier and point, as the file has them. */
  readonly raw: Buffer;
  /** Not signed: a name that the one who keeps the file gave it. */
  readonly comment: string;
  /** Of the file it was brought in. */
  readonly origin: string;
}

export interface MinisignSignature {
  readonly keyId: string;
  /** The file's BLAKE2b digest is signed, not the file. */
  readonly isPrehashed: boolean;
  readonly value: Buffer;
  /** minisign: a comment, and a signature over signature and comment. */
  readonly trusted?: { readonly comment: Buffer; readonly value: Buffer };
  /** signify: the signed message stands in the same file, behind its signature. */
  readonly message?: Buffer;
}

const COMMENT = /^untrusted comment: ?(.*)$/;
const TRUSTED = "trusted comment: ";
const KEY_BYTES = 42;
const SIGNATURE_BYTES = 74;
/** minisign's limits are 1,024 and 8,192 characters. */
const MAX_LINE_BYTES = 8300;

/** What the first lines say the file is; undefined when it is none of the two. */
export function kindOf(head: Buffer): "key" | "signature" | undefined {
  const lines = head.toString("latin1", 0, 2 * MAX_LINE_BYTES).split("\n");
  const [first = "", second = ""] = lines.map((line) => line.replace(/\r$/, ""));
  const blob = readBlob(COMMENT.test(first) ? second : first);
  if (blob?.length === KEY_BYTES && isEd(blob)) return "key";
  if (blob?.length === SIGNATURE_BYTES && COMMENT.test(first)) return "signature";
  return undefined;
}

/** @throws {@link ArtifactError} `artifact.malformed`; `artifact.unsupported` for another algorithm */
export function readKey(bytes: Buffer, origin: string): MinisignKey {
  const lines = bytes
    .toString("utf8")
    .split("\n")
    .map((line) => line.replace(/\r$/, ""));
  const [, comment = ""] = COMMENT.exec(lines[0] ?? "") ?? [];
  const [encoded = "", ...more] = COMMENT.test(lines[0] ?? "") ? lines.slice(1) : lines;
  const raw = readBlob(encoded);
  if (raw?.length !== KEY_BYTES || more.some((line) => line.trim() !== ""))
    throw malformed("this is no public key");
  if (!isEd(raw)) throw unsupported("a public key of another algorithm");
  return { keyId: keyIdOf(raw), point: raw.subarray(10), raw, comment, origin };
}

/** @throws {@link ArtifactError} `artifact.malformed`, `artifact.truncated`; `artifact.unsupported` for another algorithm */
export function readSignature(bytes: Buffer): MinisignSignature {
  const [comment, afterComment] = lineAt(bytes, 0);
  const [encoded, afterValue] = lineAt(bytes, afterComment);
  const raw = readBlob(encoded.toString("latin1"));
  if (!COMMENT.test(comment.toString("latin1")) || raw?.length !== SIGNATURE_BYTES)
    throw malformed("this is no signature");
  const algorithm = raw.toString("latin1", 0, 2);
  if (algorithm !== "Ed" && algorithm !== "ED") throw unsupported("a signature of another algorithm");
  const isPrehashed = algorithm === "ED";
  const signature = { keyId: keyIdOf(raw), isPrehashed, value: raw.subarray(10) };
  const rest = bytes.subarray(afterValue);
  if (rest.length === 0) {
    // minisign always writes one, and signify knows no digests.
    if (isPrehashed) throw malformed("the signature has no trusted comment");
    return signature;
  }
  if (rest.toString("latin1", 0, TRUSTED.length) === TRUSTED) return { ...signature, ...readTrusted(rest) };
  if (isPrehashed) throw malformed("there is something behind the signature");
  return { ...signature, message: rest };
}

function readTrusted(rest: Buffer): Pick<MinisignSignature, "trusted"> {
  const [line, afterLine] = lineAt(rest, 0);
  const [encoded, end] = lineAt(rest, afterLine);
  const value = readBlob(encoded.toString("latin1"));
  if (value?.length !== 64) throw malformed("the trusted comment has no signature");
  if (rest.subarray(end).toString("latin1").trim() !== "")
    throw malformed("there is something behind the signature");
  return { trusted: { comment: line.subarray(TRUSTED.length), value } };
}

/** A line without its end, and where the next one begins. */
function lineAt(bytes: Buffer, from: number): [line: Buffer, next: number] {
  const found = bytes.indexOf(0x0a, from);
  const end = found < 0 ? bytes.length : found;
  if (end - from > MAX_LINE_BYTES) throw malformed("a line is too long");
  const line = bytes.subarray(from, end);
  return [line.at(-1) === 0x0d ? line.subarray(0, -1) : line, found < 0 ? bytes.length : end + 1];
}

/** Base64 as both programs write it: whole, padded, on one line. */
function readBlob(line: string): Buffer | undefined {
  const text = line.trim();
  if (text.length % 4 !== 0 || text.length > 256 || !/^[A-Za-z0-9+/]+={0,2}$/.test(text)) return undefined;
  return Buffer.from(text, "base64");
}

const isEd = (blob: Buffer): boolean => blob.toString("latin1", 0, 2) === "Ed";

const keyIdOf = (raw: Buffer): string => Buffer.from(raw.subarray(2, 10)).reverse().toString("hex");

const malformed = (message: string): ArtifactError =>
  new ArtifactError("artifact.malformed", `minisign: ${message}`);

const unsupported = (message: string): ArtifactError =>
  new ArtifactError("artifact.unsupported", `minisign: ${message}`);
