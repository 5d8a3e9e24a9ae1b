/**
 * What was signed: a DSSE envelope, whole in the bundle, or the file itself, which goes by in pieces. The library would
 * hold the file in memory. Sources: DSSE v1, protocol.md; sigstore_common.proto, MessageSignature.
 * @module
 */

import { createHash, createVerify, type KeyObject, type Verify, verify } from "node:crypto";
import { ArtifactError } from "@sallyport/core";
import type { Bundle } from "@sigstore/bundle";
import type { SignedEntity } from "@sigstore/verify";
import type { Consumer, DigestName } from "./file-digests.ts";

/** What the verifier library asks of a signature. */
type LibraryContent = SignedEntity["signature"];

export interface SignedContent {
  readonly signature: Buffer;
  /** Who must see the file's bytes before {@link verifies} can be asked. */
  readonly consumers: readonly Consumer[];
  verifies(key: KeyObject): boolean;
  /** For the library, which compares what the log recorded. */
  readonly forLibrary: LibraryContent;
}

type Envelope = Extract<Bundle["content"], { $case: "dsseEnvelope" }>["dsseEnvelope"];
type Message = Extract<Bundle["content"], { $case: "messageSignature" }>["messageSignature"];

/** @param envelope - with exactly one signature, as the bundle library makes sure */
export function signedEnvelope({ payload, payloadType, signatures }: Envelope): SignedContent {
  const signature = signatures[0]?.sig ?? Buffer.alloc(0);
  const type = Buffer.from(payloadType);
  const signed = Buffer.concat([
    Buffer.from(`DSSEv1 ${type.length} `),
    type,
    Buffer.from(` ${payload.length} `),
    payload,
  ]);
  const verifies = (key: KeyObject) =>
    digestsFor(key).some((name) => verifyBytes(name, signed, key, signature));
  return {
    signature,
    consumers: [],
    verifies,
    forLibrary: {
      signature,
      compareSignature: (other) => signature.equals(other),
      compareDigest: (digest) => isDigestOf(digest, payload),
      compareSignedDigest: (digest) => isDigestOf(digest, signed),
      verifySignature: verifies,
    },
  };
}

/** By the numbers of sigstore_common.proto, HashAlgorithm. */
const MESSAGE_DIGESTS: ReadonlyMap<number, DigestName> = new Map([
  [0, "sha256"],
  [1, "sha256"],
  [2, "sha384"],
  [3, "sha512"],
]);

export interface MessageDigest {
  readonly algorithm: DigestName;
  /** Hex. */
  readonly value: string;
}

/** @throws {@link ArtifactError} `artifact.unsupported` */
export function messageDigest({ messageDigest: stated }: Message): MessageDigest {
  const algorithm = MESSAGE_DIGESTS.get(stated.algorithm);
  if (algorithm === undefined)
    throw new ArtifactError("artifact.unsupported", "the file's digest is of a kind that is not known here");
  return { algorithm, value: stated.digest.toString("hex") };
}

/**
 * @param keys - every key that may have signed; each sees the file's bytes
 * @param wholeFile - needed where the kind of key signs no digest (Ed25519)
 */
export function signedFile(
  message: Message,
  keys: readonly KeyObject[],
  wholeFile: Buffer | undefined,
): SignedContent {
  const { algorithm } = messageDigest(message);
  const { signature } = message;
  const streams = new Map<KeyObject, Verify>();
  for (const key of keys) if (!signsWhole(key)) streams.set(key, createVerify(algorithm));
  const results = new Map<KeyObject, boolean>();
  const verifies = (key: KeyObject): boolean => {
    const known = [...results].find(([other]) => other.equals(key));
    if (known !== undefined) return known[1];
    const result = signsWhole(key)
      ? wholeFile !== undefined && verifyBytes(undefined, wholeFile, key, signature)
      : finish(streams, key, signature);
    results.set(key, result);
    return result;
  };
  return {
    signature,
    consumers: [...streams.values()],
    verifies,
    forLibrary: {
      signature,
      compareSignature: (other) => signature.equals(other),
      compareDigest: (digest) => message.messageDigest.digest.equals(digest),
      compareSignedDigest: (digest) => message.messageDigest.digest.equals(digest),
      verifySignature: verifies,
    },
  };
}

/** Ed25519 signs the message itself and needs all of it (RFC 8032 §5.1). */
export const signsWhole = (key: KeyObject): boolean =>
  key.asymmetricKeyType === "ed25519" || key.asymmetricKeyType === "ed448";

function finish(streams: Map<KeyObject, Verify>, key: KeyObject, signature: Buffer): boolean {
  const [own, stream] = [...streams].find(([other]) => other.equals(key)) ?? [];
  if (own === undefined || stream === undefined) return false;
  streams.delete(own);
  try {
    return stream.verify(key, signature);
  } catch {
    return false;
  }
}

function verifyBytes(
  name: DigestName | undefined,
  bytes: Buffer,
  key: KeyObject,
  signature: Buffer,
): boolean {
  try {
    return verify(name, bytes, key, signature);
  } catch {
    return false;
  }
}

/** The curve's own digest, and SHA-256, which clients used with every curve at first. */
function digestsFor(key: KeyObject): readonly (DigestName | undefined)[] {
  if (signsWhole(key)) return [undefined];
  const curve = key.asymmetricKeyDetails?.namedCurve;
  if (curve === "secp384r1") return ["sha256", "sha384"];
  if (curve === "secp521r1") return ["sha256", "sha512"];
  return key.asymmetricKeyType === "rsa" ? ["sha256", "sha384", "sha512"] : ["sha256"];
}

const DIGEST_BY_BYTES: ReadonlyMap<number, DigestName> = new Map([
  [32, "sha256"],
  [48, "sha384"],
  [64, "sha512"],
]);

function isDigestOf(digest: Buffer, bytes: Buffer): boolean {
  const name = DIGEST_BY_BYTES.get(digest.length);
  return name !== undefined && createHash(name).update(bytes).digest().equals(digest);
}
