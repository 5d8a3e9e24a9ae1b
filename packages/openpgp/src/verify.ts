/**
 * Verifies signatures over a document that is read once, from front to back. Source: RFC 9580 §5.2.
 * @module
 */

import { ArtifactError } from "@sallyport/core";
import { canVerify, hashAlgorithm, neverSigns } from "./algorithm.ts";
import { type Certificate, isFrom } from "./certificate.ts";
import { judgeKey, type KeyProblem, type SigningKey } from "./key-validity.ts";
import { fits } from "./self-signatures.ts";
import { type Signature, TYPE } from "./signature.ts";
import { SignatureCheck } from "./signature-check.ts";

export interface Verdict {
  readonly signature: Signature;
  /**
   * - `valid`: made over these bytes by a key that was allowed to
   * - `not-allowed`: made over these bytes, by a key that was not; `problem` says how
   * - `wrong`: not made over these bytes, or by nobody
   * - `unknown-key`: no certificate here holds the key
   * - `unsupported`: an algorithm or version that is not known here
   */
  readonly outcome: "valid" | "not-allowed" | "wrong" | "unknown-key" | "unsupported";
  readonly problem?: KeyProblem;
  /** One sentence. */
  readonly because: string;
  /** The key that made it. */
  readonly signer?: SigningKey;
  /** A user id that the key proves to be its own. */
  readonly userId?: string | undefined;
  /** When the key ends, as its owner says. */
  readonly validUntil?: Date | undefined;
  /** Over the document, hex, when it was computed. */
  readonly digest?: string;
  /** As `node:crypto` names it. */
  readonly digestAlgorithm: string;
  /** MD5, SHA-1 and RIPEMD-160 can be forged. */
  readonly isWeakDigest: boolean;
}

export interface VerifyOptions {
  readonly now: Date;
  /** The document is no text: signatures of text, which leave line ends open, are not over it. */
  readonly isBinary?: boolean;
  /** Called for every piece of the document, with its size. */
  readonly onPiece?: (sizeBytes: number) => void;
}

/** Key ids collide when somebody wants them to, and a signature may name no key; each candidate hashes the document anew. */
const MAX_CANDIDATES = 8;
/** Clocks differ. */
const CLOCK_SKEW_MILLISECONDS = 10 * 60_000;

/** One signature; see {@link verifySignatures}. */
export async function verifySignature(
  signature: Signature,
  document: AsyncIterable<Uint8Array>,
  certificates: readonly Certificate[],
  options: VerifyOptions,
): Promise<Verdict> {
  const [verdict] = await verifySignatures([signature], document, certificates, options);
  if (verdict === undefined) throw new TypeError("one signature has one verdict");
  return verdict;
}

/**
 * Reads the document once and says of each signature what it is worth. Throws only what reading the document throws.
 * @param document - as it was signed; line ends are converted for text signatures
 */
export async function verifySignatures(
  signatures: readonly Signature[],
  document: AsyncIterable<Uint8Array>,
  certificates: readonly Certificate[],
  options: VerifyOptions,
): Promise<Verdict[]> {
  const trials = signatures.map((signature) => prepare(signature, certificates, options));
  const checks = trials.flatMap((trial) => ("checks" in trial ? trial.checks : []));
  if (checks.length > 0)
    for await (const piece of document) {
      options.onPiece?.(piece.length);
      for (const { check } of checks) check.update(piece);
    }
  return trials.map((trial) => ("checks" in trial ? conclude(trial, options.now) : trial));
}

interface Trial {
  readonly signature: Signature;
  readonly checks: readonly { readonly signer: SigningKey; readonly check: SignatureCheck }[];
}

/** Finds the keys to try, or a verdict that needs no reading. */
function prepare(
  signature: Signature,
  certificates: readonly Certificate[],
  { isBinary = false }: VerifyOptions,
): Trial | Verdict {
  const say = (outcome: Verdict["outcome"], because: string): Verdict => ({
    ...aboutDigest(signature),
    signature,
    outcome,
    because,
  });
  const { type, keyAlgorithm, hashId, notUnderstood } = signature;
  if (type !== TYPE.binary && type !== TYPE.text)
    return say("wrong", `it is of type ${type}, which signs no document`);
  if (isBinary && type === TYPE.text) return say("wrong", "it signs a text, and this is none");
  if (neverSigns(keyAlgorithm)) return say("wrong", "it claims a kind of key that cannot sign");
  if (signature.version !== 3 && signature.createdAt === undefined)
    return say("wrong", "it does not say when it was made");
  if (!canVerify(keyAlgorithm)) return say("unsupported", `keys of kind ${keyAlgorithm} are not known here`);
  if (hashAlgorithm(hashId) === undefined) return say("unsupported", `digest ${hashId} is not known here`);
  if (notUnderstood !== undefined)
    return say(
      "unsupported",
      `it has a critical statement of kind ${notUnderstood}, which is not known here`,
    );
  const signers = findSigners(signature, certificates).slice(0, MAX_CANDIDATES);
  if (signers.length === 0)
    return say("unknown-key", `nobody here knows the key ${issuerOf(signature)} that made it`);
  try {
    const checks = signers.map((signer) => ({ signer, check: new SignatureCheck(signature, signer.key) }));
    return { signature, checks };
  } catch (error) {
    if (!(error instanceof ArtifactError)) throw error;
    return say("unsupported", `its key cannot be used: ${error.message}`);
  }
}

function findSigners(signature: Signature, certificates: readonly Certificate[]): SigningKey[] {
  return certificates.flatMap((certificate) =>
    [certificate.primary, ...certificate.subkeys.map(({ part }) => part)]
      .filter((key) => isFrom(signature, key) && fits(signature, key))
      .map((key) => ({ certificate, key })),
  );
}

/** Several certificates may hold the key that made it, a thief's among them: the one that may sign speaks. */
function conclude({ signature, checks }: Trial, now: Date): Verdict {
  const results = checks.map(({ signer, check }) => ({ signer, ...check.finish() }));
  const about = { ...aboutDigest(signature), signature };
  const made = results
    .filter(({ isValid }) => isValid)
    .map(({ signer, digest, isOfItsKind }) => ({
      ...about,
      signer,
      digest: digest.toString("hex"),
      ...(isOfItsKind ? judgeGuarded(signature, signer, now) : NO_TEXT),
    }));
  return (
    made.find(({ outcome }) => outcome === "valid") ??
    made[0] ?? { ...about, ...notMade(signature, results[0]) }
  );
}

/** Line ends are left open by signatures of texts; in a program or archive they are bytes like others. */
const NO_TEXT: Pick<Verdict, "outcome" | "because"> = {
  outcome: "unsupported",
  because: "it signs a text, and this is none: other bytes would fit it as well",
};

type Judgement = Pick<Verdict, "outcome" | "problem" | "because" | "userId" | "validUntil">;

function judgeGuarded(signature: Signature, signer: SigningKey, now: Date): Judgement {
  try {
    return judge(signature, signer, now);
  } catch (error) {
    if (!(error instanceof ArtifactError)) throw error;
    return { outcome: "unsupported", because: `its key cannot be judged: ${error.message}` };
  }
}

/** Without a named key, one that is not at hand may have made it. */
function notMade(
  signature: Signature,
  tried: { readonly signer: SigningKey; readonly digest: Buffer } | undefined,
): Pick<Verdict, "outcome" | "because" | "signer" | "digest"> {
  if (!namesKey(signature) || tried === undefined)
    return { outcome: "unknown-key", because: "it names no key, and none that is known here made it" };
  return {
    outcome: "wrong",
    because: "the bytes are not those that were signed, or the signature is not of this key",
    signer: tried.signer,
    digest: tried.digest.toString("hex"),
  };
}

const namesKey = ({ issuerFingerprint, issuerKeyId }: Signature): boolean =>
  issuerFingerprint !== undefined || issuerKeyId !== undefined;

function judge(signature: Signature, signer: SigningKey, now: Date): Judgement {
  const at = signature.createdAt ?? new Date(0);
  const { problem, because, userId, validUntil } = judgeKey(signer, at);
  const name = { userId, validUntil };
  if (problem !== undefined) return { outcome: "not-allowed", problem, because, ...name };
  const not = (kind: KeyProblem, sentence: string) => ({
    outcome: "not-allowed" as const,
    problem: kind,
    because: sentence,
    ...name,
  });
  if (+at > +now + CLOCK_SKEW_MILLISECONDS)
    return not("not-yet-valid", `it claims to be made at ${at.toISOString()}, which is still to come`);
  if (signature.expiresAt !== undefined && signature.expiresAt <= now)
    return not("expired", `the signature itself expired at ${signature.expiresAt.toISOString()}`);
  const since =
    validUntil !== undefined && validUntil <= now
      ? `; the key has expired since, on ${validUntil.toISOString().slice(0, 10)}`
      : "";
  return { outcome: "valid", because: `made at ${at.toISOString()}; ${because}${since}`, ...name };
}

/** What to call the key a signature names. */
export const issuerOf = ({ issuerFingerprint, issuerKeyId }: Signature): string =>
  issuerFingerprint ?? issuerKeyId ?? "(not named)";

function aboutDigest({ hashId }: Signature) {
  const algorithm = hashAlgorithm(hashId);
  return { digestAlgorithm: algorithm?.name ?? `digest ${hashId}`, isWeakDigest: algorithm?.isWeak === true };
}
