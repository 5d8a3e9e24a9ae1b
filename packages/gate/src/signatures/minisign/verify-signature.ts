/** One signature against the file and the keys at hand. Sources: minisign, "Signature format"; signify(1). @module */

import { createHash, createPublicKey, type KeyObject, verify } from "node:crypto";
import { ArtifactError, type ByteSource, visitPieces } from "@sallyport/core";
import { isWeakEd25519Point } from "@sallyport/openpgp";
import { writeBitString, writeObjectIdentifier, writeSequence } from "../../asn1/write.ts";
import type { VerifyContext } from "../scheme.ts";
import { shown } from "../signed-list.ts";
import type { MinisignKey, MinisignSignature } from "./text-file.ts";

export interface Verdict {
  readonly outcome: "valid" | "weak-key" | "wrong" | "unknown-key" | "unsupported";
  readonly because: string;
  readonly key?: MinisignKey;
  /** Of what was signed. */
  readonly digestAlgorithm: string;
  readonly digest?: string;
  /** Only where its signature is right. */
  readonly trustedComment?: string;
  /** The name under which a signed list of digests has the file. */
  readonly listedAs?: string;
}

/** What a signature may be over. */
export interface Signed {
  readonly source: ByteSource;
  /** Whether a message that came with the signature speaks of these bytes. */
  judgeMessage(message: Buffer): Promise<MessageAnswer>;
}

export interface MessageAnswer {
  readonly outcome: "valid" | "wrong";
  readonly because: string;
  readonly listedAs?: string;
}

/** @throws ArtifactError `artifact.over-limit` when a limit of the whole descent is spent */
export async function verifyOne(
  signature: MinisignSignature,
  signed: Signed,
  keys: readonly MinisignKey[],
  context: VerifyContext,
): Promise<Verdict> {
  const digestAlgorithm = signature.isPrehashed ? "blake2b512" : "sha512";
  // Two keys may bear one identifier: nothing but its size keeps them apart.
  const candidates = keys.filter(({ keyId }) => keyId === signature.keyId);
  if (candidates.length === 0)
    return {
      outcome: "unknown-key",
      because: `nobody here knows the key ${signature.keyId} that made it`,
      digestAlgorithm,
    };
  const document = await readDocument(signature, signed.source, context);
  if (document === undefined)
    return {
      outcome: "unsupported",
      because: "the file is too large for a signature of the old kind",
      digestAlgorithm,
    };
  const key = candidates.find(({ point }) => verify(null, document, load(point), signature.value));
  if (key === undefined)
    return { outcome: "wrong", because: "the bytes are not those that were signed", digestAlgorithm };
  const made = {
    key,
    digestAlgorithm,
    ...(signature.isPrehashed ? { digest: document.toString("hex") } : {}),
  };
  if (isWeakEd25519Point(key.point))
    return { ...made, outcome: "weak-key", because: "its key fits the signatures of anybody" };
  return { ...made, ...(await judgeRest(signature, key, signed)) };
}

/** Everything but the first signature: the trusted comment, the message. */
async function judgeRest(
  { trusted, value, message }: MinisignSignature,
  key: MinisignKey,
  signed: Signed,
): Promise<Omit<Verdict, "key" | "digestAlgorithm">> {
  if (trusted !== undefined) {
    const whole = Buffer.concat([value, trusted.comment]);
    if (!verify(null, whole, load(key.point), trusted.value))
      return { outcome: "wrong", because: "its trusted comment was changed" };
    return {
      outcome: "valid",
      because: "made over these bytes by the key",
      trustedComment: shown(trusted.comment.toString("utf8")),
    };
  }
  if (message === undefined) return { outcome: "valid", because: "made over these bytes by the key" };
  return signed.judgeMessage(message);
}

/** What the signature is over: the file, its digest, or the message that came with it. */
async function readDocument(
  { isPrehashed, message }: MinisignSignature,
  source: ByteSource,
  { budget, maxHeldBytes }: VerifyContext,
): Promise<Buffer | undefined> {
  if (message !== undefined) return message;
  if (isPrehashed) {
    const hash = createHash("blake2b512");
    await visitPieces(source, (bytes) => {
      budget.checkTime();
      hash.update(bytes);
    });
    return hash.digest();
  }
  if (source.sizeBytes > maxHeldBytes) return undefined;
  const whole = Buffer.alloc(source.sizeBytes);
  await visitPieces(source, (bytes, offset) => {
    budget.checkTime();
    whole.set(bytes, offset);
  });
  return whole;
}

/** RFC 8410 */
function load(point: Buffer): KeyObject {
  const info = writeSequence(writeSequence(writeObjectIdentifier("1.3.101.112")), writeBitString(point));
  try {
    return createPublicKey({ key: info, format: "der", type: "spki" });
  } catch (cause) {
    throw new ArtifactError("artifact.malformed", "minisign: a public key that cannot be loaded", { cause });
  }
}
