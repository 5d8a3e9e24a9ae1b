/**
 * Keys for the replica's certificates, and signatures made with them. Sources: RFC 5754 (RSA, ECDSA in CMS),
 * RFC 4055 (RSASSA-PSS), RFC 8410 (Ed25519).
 * @module
 */

import { constants, createHash, generateKeyPairSync, type KeyObject, sign } from "node:crypto";
import {
  writeContext,
  writeInteger,
  writeNull,
  writeObjectIdentifier,
  writeSequence,
} from "../asn1/write.ts";
import { type DigestName, oidOfDigest } from "../cms/algorithm.ts";

export type KeyKind = "rsa-1024" | "rsa-2048" | "rsa-3072" | "p-256" | "p-384" | "ed25519";

export interface SigningKey {
  readonly privateKey: KeyObject;
  readonly publicKey: KeyObject;
}

/** How the signature is made and named. `bare`: only the kind of key is named, as signtool does. */
export type SignatureNaming = "full" | "bare" | "pss";

export function makeSigningKey(kind: KeyKind): SigningKey {
  if (kind === "ed25519") return generateKeyPairSync("ed25519");
  if (kind === "p-256" || kind === "p-384")
    return generateKeyPairSync("ec", { namedCurve: kind === "p-256" ? "P-256" : "P-384" });
  return generateKeyPairSync("rsa", { modulusLength: Number(kind.slice("rsa-".length)) });
}

const keys = new Map<string, SigningKey>();

/** The same key for the same name, for as long as the process lives: RSA keys take long to make. */
export function signingKeyNamed(name: string, kind: KeyKind): SigningKey {
  const id = `${kind} ${name}`;
  const key = keys.get(id) ?? makeSigningKey(kind);
  keys.set(id, key);
  return key;
}

/** DER of the SubjectPublicKeyInfo. */
export const publicKeyInfoOf = (key: SigningKey): Buffer =>
  key.publicKey.export({ type: "spki", format: "der" });

export function signBytes(key: SigningKey, digest: DigestName, data: Uint8Array, naming: SignatureNaming) {
  if (key.privateKey.asymmetricKeyType === "ed25519") return sign(null, data, key.privateKey);
  if (naming !== "pss") return sign(digest, data, key.privateKey);
  const saltLength = createHash(digest).digest().length;
  return sign(digest, data, {
    key: key.privateKey,
    padding: constants.RSA_PKCS1_PSS_PADDING,
    saltLength,
  });
}

/** DER of the AlgorithmIdentifier that goes with {@link signBytes}. */
export function writeSignatureAlgorithm(
  key: SigningKey,
  digest: DigestName,
  naming: SignatureNaming,
): Buffer {
  const kind = key.privateKey.asymmetricKeyType;
  if (kind === "ed25519") return writeSequence(writeObjectIdentifier("1.3.101.112"));
  if (kind === "ec") {
    const oid = naming === "bare" ? "1.2.840.10045.2.1" : ECDSA[digest];
    return writeSequence(writeObjectIdentifier(oid));
  }
  if (naming === "pss") return writePss(digest);
  const oid = naming === "bare" ? "1.2.840.113549.1.1.1" : RSA[digest];
  return writeSequence(writeObjectIdentifier(oid), writeNull());
}

/** DER of a digest's AlgorithmIdentifier, with the NULL that Authenticode signers write. */
export const writeDigestAlgorithm = (digest: DigestName): Buffer =>
  writeSequence(writeObjectIdentifier(oidOfDigest(digest)), writeNull());

function writePss(digest: DigestName): Buffer {
  const hash = writeDigestAlgorithm(digest);
  const mask = writeSequence(writeObjectIdentifier("1.2.840.113549.1.1.8"), hash);
  const saltBytes = createHash(digest).digest().length;
  return writeSequence(
    writeObjectIdentifier("1.2.840.113549.1.1.10"),
    writeSequence(writeContext(0, hash), writeContext(1, mask), writeContext(2, writeInteger(saltBytes))),
  );
}

const RSA: Readonly<Record<DigestName, string>> = {
  md5: "1.2.840.113549.1.1.4",
  sha1: "1.2.840.113549.1.1.5",
  sha224: "1.2.840.113549.1.1.14",
  sha256: "1.2.840.113549.1.1.11",
  sha384: "1.2.840.113549.1.1.12",
  sha512: "1.2.840.113549.1.1.13",
};

const ECDSA: Readonly<Record<DigestName, string>> = {
  // ECDSA was never given a name with MD5; the replica writes SHA-1's and lets the verifier refuse it.
  md5: "1.2.840.10045.4.1",
  sha1: "1.2.840.10045.4.1",
  sha224: "1.2.840.10045.4.3.1",
  sha256: "1.2.840.10045.4.3.2",
  sha384: "1.2.840.10045.4.3.3",
  sha512: "1.2.840.10045.4.3.4",
};
