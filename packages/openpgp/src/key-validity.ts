/**
 * Was this key allowed to sign, at the time the signature says? Expiry and retirement count from their own time on,
 * a key that fell into other hands never counts. Source: RFC 9580 §5.2.3.13, §5.2.3.29, §5.2.3.31, §5.2.1.
 * @module
 */

import type { Certificate } from "./certificate.ts";
import { readKeyMaterial } from "./key-material.ts";
import type { PublicKey } from "./public-key.ts";
import { hasBackSignature, type ProvenCertificate, proveCertificate } from "./self-signatures.ts";
import type { Signature } from "./signature.ts";

/** Why a key does not count. */
export type KeyProblem = "expired" | "revoked" | "not-yet-valid" | "invalid-key";

export interface KeyJudgement {
  readonly problem: KeyProblem | undefined;
  readonly because: string;
  /** The user id that the key proves to be its own, if there is one. */
  readonly userId: string | undefined;
  readonly validUntil: Date | undefined;
}

export interface SigningKey {
  readonly certificate: Certificate;
  /** The primary key, or one of its subkeys. */
  readonly key: PublicKey;
}

/** §5.2.3.29 */
const MAY_SIGN = 0x02;

/**
 * @param at - when the signature was made
 * @throws ArtifactError `artifact.over-limit` for certificates with too many signatures
 */
export function judgeKey({ certificate, key }: SigningKey, at: Date): KeyJudgement {
  const proven = proveCertificate(certificate);
  const { primary } = certificate;
  const own = statementsOf(proven, at);
  const name = { userId: nameOf(proven), validUntil: endOf(primary, own.keyExpiresAfterSeconds) };
  const bad = (problem: KeyProblem, because: string): KeyJudgement => ({ problem, because, ...name });
  if (at < key.createdAt || at < primary.createdAt)
    return bad("not-yet-valid", "the signature claims to be older than its key");
  const revoked = findRevocation(proven.revocations, at);
  if (revoked !== undefined) return bad("revoked", `the key was revoked${revoked}`);
  if (!own.isProven) return bad("invalid-key", "the key does not vouch for any user id or for itself");
  if (isPast(name.validUntil, at))
    return bad("expired", `the key had expired on ${dayOf(name.validUntil)}, as this copy of it says`);
  // Whoever breaks the primary key can bind whatever subkey he likes.
  for (const one of new Set([primary, key])) {
    const { weakness } = readKeyMaterial(one);
    if (weakness !== undefined)
      return bad("invalid-key", one === key ? weakness : `of the primary key: ${weakness}`);
  }
  if (key !== primary) return judgeSubkey({ proven, key, at }, name);
  if (own.keyFlags !== undefined && (own.keyFlags & MAY_SIGN) === 0)
    return bad("invalid-key", "the key is not meant for signing");
  return { problem: undefined, because: "its key was valid when it was made", ...name };
}

interface SubkeyQuestion {
  readonly proven: ProvenCertificate;
  readonly key: PublicKey;
  readonly at: Date;
}

type Name = Pick<KeyJudgement, "userId" | "validUntil">;

function judgeSubkey({ proven, key, at }: SubkeyQuestion, name: Name): KeyJudgement {
  const subkey = proven.subkeys.get(key);
  const binding = subkey === undefined ? undefined : latest(subkey.bindings, at);
  const bad = (problem: KeyProblem, because: string): KeyJudgement => ({ problem, because, ...name });
  if (subkey === undefined || binding === undefined)
    // Whoever put it there, it was not the owner: the name is not this key's.
    return {
      ...bad("invalid-key", "the primary key does not vouch for the subkey that signed"),
      userId: undefined,
    };
  const revoked = findRevocation(subkey.revocations, at, subkey.bindings);
  if (revoked !== undefined) return bad("revoked", `the subkey was revoked${revoked}`);
  const end = endOf(key, binding.statements.keyExpiresAfterSeconds);
  if (isPast(end, at)) return bad("expired", `the subkey had expired on ${dayOf(end)}`);
  if (((binding.statements.keyFlags ?? 0) & MAY_SIGN) === 0)
    return bad("invalid-key", "the subkey is not meant for signing");
  if (!hasBackSignature(binding, proven.certificate.primary, key))
    return {
      ...bad("invalid-key", "the subkey that signed does not say that it belongs to the primary key"),
      userId: undefined,
    };
  return { problem: undefined, because: "its key was valid when it was made", ...name };
}

/** Direct-key signatures speak for the whole key, certifications where those say nothing (§5.2.3.10). */
function statementsOf(proven: ProvenCertificate, at: Date) {
  const direct = latest(proven.direct, at)?.statements;
  const certified = latest(
    proven.userIds
      .filter((one) => findRevocation(one.revocations, at, one.certifications) === undefined)
      .flatMap(({ certifications }) => certifications),
    at,
  )?.statements;
  return {
    isProven: direct !== undefined || certified !== undefined,
    keyExpiresAfterSeconds: direct?.keyExpiresAfterSeconds ?? certified?.keyExpiresAfterSeconds,
    keyFlags: direct?.keyFlags ?? certified?.keyFlags,
  };
}

/**
 * The statement that held at a time. Owners renew statements and publish only the last one, so for a time before all
 * of them the first one speaks.
 */
function latest(statements: readonly Signature[], at: Date): Signature | undefined {
  const dated = statements.flatMap((signature) =>
    signature.createdAt === undefined ? [] : [{ signature, createdAt: signature.createdAt }],
  );
  const inForce = dated.filter(
    ({ signature, createdAt }) => createdAt <= at && !isPast(signature.expiresAt, at),
  );
  const byTime = (a: { createdAt: Date }, b: { createdAt: Date }) => +a.createdAt - +b.createdAt;
  const last = inForce.toSorted(byTime).at(-1);
  const first = dated.filter(({ createdAt }) => createdAt > at).toSorted(byTime)[0];
  return (last ?? first)?.signature;
}

/** §5.2.3.31: superseded, retired, user id no longer valid. Every other reason, and none, is about the key itself. */
const SOFT_REASONS: ReadonlySet<number | undefined> = new Set([1, 3, 32]);

/**
 * @param renewed - statements that take back a mild revocation when they are later: a user id certified anew, a subkey
 * bound anew. A key itself cannot be taken back.
 * @returns the rest of a sentence when a revocation counts at that time
 */
function findRevocation(
  revocations: readonly Signature[],
  at: Date,
  renewed: readonly Signature[] = [],
): string | undefined {
  for (const { statements, createdAt = new Date(0) } of revocations) {
    const isHard = !SOFT_REASONS.has(statements.revocationReason);
    if (isHard) return statements.revocationReason === 2 ? ": it fell into other hands" : "";
    const isTakenBack = renewed.some(
      (one) => one.createdAt !== undefined && one.createdAt > createdAt && one.createdAt <= at,
    );
    if (createdAt <= at && !isTakenBack) return " before the signature was made";
  }
  return undefined;
}

function nameOf({ userIds }: ProvenCertificate): string | undefined {
  const valid = userIds.filter(
    ({ certifications, revocations }) => certifications.length > 0 && revocations.length === 0,
  );
  const primary = valid.find(({ certifications }) =>
    certifications.some(({ statements }) => statements.isPrimaryUserId),
  );
  return (primary ?? valid[0])?.text;
}

const endOf = (key: PublicKey, afterSeconds: number | undefined): Date | undefined =>
  afterSeconds === undefined ? undefined : new Date(+key.createdAt + afterSeconds * 1000);

const isPast = (end: Date | undefined, at: Date): boolean => end !== undefined && end <= at;

const dayOf = (date: Date | undefined): string => date?.toISOString().slice(0, 10) ?? "";
