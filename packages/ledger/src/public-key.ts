/**
 * Public keys as people hand them around: PEM, the verifier key of a signed note, or bare base64.
 * Sources: RFC 8410, https://c2sp.org/signed-note
 * @module
 */

import { createPublicKey, hash, type KeyObject } from "node:crypto";
import { UsageError } from "@sallyport/core";
import { decodeBase64, encodeBase64 } from "./base64.ts";
import { keyObjectOf, PUBLIC_KEY_BYTES, rawKeyOf, weaknessOf } from "./ed25519.ts";

/** Signature type of Ed25519 in a signed note. */
const NOTE_ED25519 = 1;
const KEY_ID_BYTES = 4;
const MAX_KEY_CHARACTERS = 4096;

export interface PublicKey {
  /** 32 bytes. */
  readonly raw: Buffer;
  readonly key: KeyObject;
  /** SHA-256 of the raw key, hex: names the key in envelopes and to people. */
  readonly id: string;
  /** Origin of the log that signs with this key: a verifier key's own name, else derived from the key. */
  readonly origin: string;
}

/** @throws UsageError `usage.key` when the bytes are a weak key or none */
export function publicKeyOf(raw: Buffer, origin?: string): PublicKey {
  const weakness = weaknessOf(raw);
  if (weakness !== undefined) throw keyError(`the public key ${weakness}`);
  const id = hash("sha256", raw);
  return { raw, key: keyObjectOf(raw), id, origin: origin ?? originOf(id) };
}

/** `.invalid` never resolves (RFC 2606 §2): the origin is a name, unique as its key is, and not an address. */
const originOf = (id: string): string => `sallyport.invalid/log/${id.slice(0, 32)}`;

/**
 * Reads PEM (SubjectPublicKeyInfo), a verifier key `name+hash+key`, or 32 bytes of base64.
 * @throws UsageError `usage.key` when it is none of them, no Ed25519 key, or a weak one
 */
export function parsePublicKey(text: string): PublicKey {
  const trimmed = text.length > MAX_KEY_CHARACTERS ? "" : text.trim();
  if (trimmed.startsWith("-----BEGIN")) return fromPem(trimmed);
  if (trimmed.includes("+") && trimmed.split("+").length >= 3) {
    const key = fromVerifierKey(trimmed);
    if (key !== undefined) return key;
  }
  const raw = decodeBase64(trimmed);
  if (raw?.length !== PUBLIC_KEY_BYTES) throw keyError("this is not an Ed25519 public key");
  return publicKeyOf(raw);
}

/** What `parsePublicKey` reads back: `name+hash+base64`. */
export function verifierKeyOf(key: PublicKey): string {
  return `${key.origin}+${noteKeyId(key).toString("hex")}+${encodeBase64(typed(key.raw))}`;
}

/** SubjectPublicKeyInfo in PEM. */
export const publicKeyPem = (key: PublicKey): string =>
  key.key.export({ format: "pem", type: "spki" }).toString();

/** SHA-256(name, newline, type, key), first four bytes. Source: c2sp.org/signed-note, "Signatures". */
export function noteKeyId(key: PublicKey): Buffer {
  const text = Buffer.concat([Buffer.from(`${key.origin}\n`), typed(key.raw)]);
  return hash("sha256", text, "buffer").subarray(0, KEY_ID_BYTES);
}

const typed = (raw: Buffer): Buffer => Buffer.concat([Buffer.from([NOTE_ED25519]), raw]);
const keyError = (message: string): UsageError => new UsageError("usage.key", message);

function fromPem(pem: string): PublicKey {
  // createPublicKey would also derive a public key from a private one: nobody should hand that around.
  if (!pem.startsWith("-----BEGIN PUBLIC KEY-----")) throw keyError("this PEM block is not a PUBLIC KEY");
  const key = readPem(pem);
  if (key.asymmetricKeyType !== "ed25519") throw keyError("the public key is not an Ed25519 key");
  return publicKeyOf(rawKeyOf(key));
}

function readPem(pem: string): KeyObject {
  try {
    return createPublicKey(pem);
  } catch (cause) {
    throw new UsageError("usage.key", "the PEM block is not a public key", { cause });
  }
}

/** The key's base64 may itself hold a plus, the name may not. */
function fromVerifierKey(text: string): PublicKey | undefined {
  const match = /^([^\s+]{1,256})\+([0-9a-f]{8})\+([A-Za-z0-9+/]{44})$/.exec(text);
  if (match === null) return undefined;
  const [, name = "", keyId = "", encoded = ""] = match;
  const bytes = decodeBase64(encoded);
  if (bytes === undefined || bytes[0] !== NOTE_ED25519)
    throw keyError("the verifier key is not an Ed25519 key");
  const key = publicKeyOf(bytes.subarray(1), name);
  if (noteKeyId(key).toString("hex") !== keyId) throw keyError("the verifier key's hash does not match it");
  return key;
}
