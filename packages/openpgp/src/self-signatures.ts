/**
 * What a certificate proves of itself: which statements its primary key really made over its parts.
 * Source: RFC 9580 §5.2.4, §5.2.1, §10.1.
 * @module
 */

import { ArtifactError } from "@sallyport/core";
import { hashAlgorithm } from "./algorithm.ts";
import type { Certificate, SignedPart } from "./certificate.ts";
import type { PublicKey } from "./public-key.ts";
import { readSignature, type Signature, TYPE } from "./signature.ts";
import { SignatureCheck } from "./signature-check.ts";

/** Statements that verify. */
export interface ProvenCertificate {
  readonly certificate: Certificate;
  readonly revocations: readonly Signature[];
  readonly direct: readonly Signature[];
  readonly userIds: readonly ProvenUserId[];
  readonly subkeys: ReadonlyMap<PublicKey, ProvenSubkey>;
}

export interface ProvenUserId {
  readonly text: string;
  readonly certifications: readonly Signature[];
  readonly revocations: readonly Signature[];
}

export interface ProvenSubkey {
  readonly bindings: readonly Signature[];
  readonly revocations: readonly Signature[];
}

/** Keys that were flooded have thousands; each one costs a public-key operation. */
const MAX_SELF_SIGNATURES = 1000;
/**
 * Until then SHA-1 counts in what a key says of itself: to forge that, a second preimage is needed, and nobody can
 * make one. Source: Sequoia PGP's default policy as apt sets it (sha1.second_preimage_resistance).
 */
const SHA1_UNTIL = new Date("2026-02-01T00:00:00Z");

const proven = new WeakMap<Certificate, ProvenCertificate>();

/** @throws {@link ArtifactError} `artifact.over-limit` for certificates with too many signatures */
export function proveCertificate(certificate: Certificate): ProvenCertificate {
  const known = proven.get(certificate);
  if (known !== undefined) return known;
  const { primary, direct, userIds, subkeys } = certificate;
  const lists = [direct, ...userIds.map(signaturesOf), ...subkeys.map(signaturesOf)];
  if (lists.reduce((sum, list) => sum + list.length, 0) > MAX_SELF_SIGNATURES)
    throw new ArtifactError("artifact.over-limit", "OpenPGP: a key with too many signatures on itself");
  const over = (types: readonly number[], list: readonly Signature[], ...parts: readonly Buffer[]) =>
    list.filter(
      (one) =>
        types.includes(one.type) &&
        (REVOKING.has(one.type) || isReliable(one)) &&
        isRight(one, primary, [primary.hashed, ...parts]),
    );
  const result: ProvenCertificate = {
    certificate,
    revocations: over([TYPE.keyRevocation], direct),
    direct: over([TYPE.directKey], direct),
    userIds: userIds.map(({ part, signatures }) => ({
      text: part.toString("utf8"),
      certifications: over(TYPE.certifications, signatures, hashedUserId(part)),
      revocations: over([TYPE.certificationRevocation], signatures, hashedUserId(part)),
    })),
    subkeys: new Map(
      subkeys.map(({ part, signatures }) => [
        part,
        {
          bindings: over([TYPE.subkeyBinding], signatures, part.hashed),
          revocations: over([TYPE.subkeyRevocation], signatures, part.hashed),
        },
      ]),
    ),
  };
  proven.set(certificate, result);
  return result;
}

const signaturesOf = ({ signatures }: SignedPart<unknown>): readonly Signature[] => signatures;

/**
 * Whether the subkey says as well that it belongs to the primary key. Without that, anybody could put somebody
 * else's signing key under his own name (§5.2.1.9; in rpm CVE-2021-3521).
 */
export const hasBackSignature = (binding: Signature, primary: PublicKey, subkey: PublicKey): boolean =>
  binding.statements.embedded.some((body) => {
    const back = readEmbedded(body);
    return (
      back?.type === TYPE.primaryKeyBinding &&
      isReliable(back) &&
      isRight(back, subkey, [primary.hashed, subkey.hashed])
    );
  });

function readEmbedded(body: Buffer): Signature | undefined {
  try {
    return readSignature(body);
  } catch (error) {
    if (error instanceof ArtifactError) return undefined;
    throw error;
  }
}

/** Versions of keys and signatures go together (§5.2.2, §5.2.3). */
export const fits = ({ version, keyAlgorithm }: Signature, key: PublicKey): boolean =>
  (version === 6) === (key.version === 6) &&
  (keyAlgorithm === key.algorithm || (keyAlgorithm <= 3 && key.algorithm <= 3));

function isRight(signature: Signature, key: PublicKey, parts: readonly Buffer[]): boolean {
  if (!fits(signature, key)) return false;
  try {
    const check = new SignatureCheck(signature, key);
    for (const part of parts) check.update(part);
    return check.finish().isValid;
  } catch (error) {
    if (error instanceof ArtifactError) return false;
    throw error;
  }
}

/**
 * To be wrong about a revocation costs a key that might still be good: it counts with whatever digest, and with
 * statements beside it that nobody here understands.
 */
const REVOKING: ReadonlySet<number> = new Set([
  TYPE.keyRevocation,
  TYPE.subkeyRevocation,
  TYPE.certificationRevocation,
]);

const isReliable = (signature: Signature): boolean =>
  signature.notUnderstood === undefined && hasStrongDigest(signature);

function hasStrongDigest({ hashId, createdAt }: Signature): boolean {
  const algorithm = hashAlgorithm(hashId);
  if (algorithm?.isWeak !== true) return algorithm !== undefined;
  return algorithm.name === "sha1" && createdAt !== undefined && createdAt < SHA1_UNTIL;
}

function hashedUserId(userId: Buffer): Buffer {
  const prefix = Buffer.alloc(5, 0xb4);
  prefix.writeUInt32BE(userId.length, 1);
  return Buffer.concat([prefix, userId]);
}
