/**
 * DSSE: a signature over the payload's bytes and type, never over parsed JSON.
 * Source: https://github.com/secure-systems-lab/dsse, protocol.md v1 (PAE)
 * @module
 */

import { hash, sign } from "node:crypto";
import { canonicalJson, type DsseEnvelope } from "@sallyport/core";
import { decodeBase64, encodeBase64 } from "./base64.ts";
import { verifyEd25519 } from "./ed25519.ts";
import type { PublicKey } from "./public-key.ts";
import type { SigningKey } from "./signing-key.ts";

export const PAYLOAD_TYPE = "application/vnd.in-toto+json";

/** Pre-authentication encoding: `DSSEv1 <length> <type> <length> <payload>`. */
function preAuthenticate(payloadType: string, payload: Uint8Array): Buffer {
  const type = Buffer.from(payloadType);
  return Buffer.concat([
    Buffer.from(`DSSEv1 ${type.length} `),
    type,
    Buffer.from(` ${payload.length} `),
    payload,
  ]);
}

export function signEnvelope(
  payload: Uint8Array,
  signer: SigningKey,
  payloadType: string = PAYLOAD_TYPE,
): DsseEnvelope {
  const signature = sign(null, preAuthenticate(payloadType, payload), signer.privateKey);
  return {
    payloadType,
    payload: encodeBase64(payload),
    signatures: [{ keyid: signer.publicKey.id, sig: encodeBase64(signature) }],
  };
}

/** The key among those trusted that signed the envelope. `keyid` is a hint nobody vouches for and is not read. */
export function signerOf(envelope: DsseEnvelope, keys: readonly PublicKey[]): PublicKey | undefined {
  const payload = decodeBase64(envelope.payload);
  if (payload === undefined) return undefined;
  const message = preAuthenticate(envelope.payloadType, payload);
  return keys.find((key) =>
    envelope.signatures.some(({ sig }) => {
      const signature = decodeBase64(sig);
      return signature !== undefined && verifyEd25519(key.key, message, signature);
    }),
  );
}

/** SHA-256 over the canonical JSON of the envelope: what the log commits to. */
export function envelopeDigest(envelope: DsseEnvelope): Buffer {
  const { payloadType, payload, signatures } = envelope;
  return hash(
    "sha256",
    canonicalJson({
      payloadType,
      payload,
      signatures: signatures.map(({ keyid, sig }) => ({ keyid, sig })),
    }),
    "buffer",
  );
}

export const SALT_BYTES = 32;
const COMMITMENT_DOMAIN = Buffer.from("sallyport.log-entry/1\0");

/** The log's entry: says nothing to somebody without the salt, because names and hashes can be guessed. */
export function commitmentOf(salt: Uint8Array, envelope: DsseEnvelope): Buffer {
  return hash("sha256", Buffer.concat([COMMITMENT_DOMAIN, salt, envelopeDigest(envelope)]), "buffer");
}
