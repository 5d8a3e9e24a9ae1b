/**
 * Who says so: a declaration counts only under a key that somebody here trusts for it.
 * Source: DSSE v1, protocol.md and envelope.md; RFC 8032.
 * @module
 */

import { createPublicKey, type KeyObject, verify } from "node:crypto";
import type { Json } from "@sallyport/core";
import { FeedError } from "../../feed-error.ts";
import { refuse, requiredList, requiredText } from "../../reading/index.ts";

export const OPENEOX_TYPE = "application/vnd.sallyport.openeox+json";
export const MAX_PAYLOAD_BYTES = 16 * 1024 * 1024;
const MAX_SIGNATURES = 16;
const BASE64 = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/;

/**
 * @param trustedKeys - PEM; a key that stands in the document is never used
 * @returns the bytes that were sealed
 * @throws FeedError `feed.signature` when no trusted key sealed them; `feed.malformed`
 */
export function unseal(envelope: Json, trustedKeys: readonly string[], place: string): Buffer {
  if (requiredText(envelope, "payloadType") !== OPENEOX_TYPE) refuse("payloadType", `is not ${OPENEOX_TYPE}`);
  const payload = decode(envelope, "payload", Math.ceil(MAX_PAYLOAD_BYTES / 3) * 4);
  const signatures = requiredList(envelope, "signatures");
  if (signatures.length > MAX_SIGNATURES) refuse("signatures", `has more than ${MAX_SIGNATURES} entries`);
  const sealed = signatures.map((signature) => decode(signature, "sig", 4096));
  const keys = trustedKeys.map(readKey).filter((key) => key !== undefined);
  const message = preAuthenticated(payload);
  if (keys.some((key) => sealed.some((signature) => verify(null, message, key, signature)))) return payload;
  const because =
    keys.length === 0
      ? "is sealed, and no key is trusted for it; give its maker's with --key"
      : "is not sealed with a key that is trusted, or was changed";
  throw new FeedError("feed.signature", `${place}: ${because}`);
}

function decode(from: Json, name: string, maxCharacters: number): Buffer {
  const text = requiredText(from, name, maxCharacters);
  return BASE64.test(text) ? Buffer.from(text, "base64") : refuse(name, "is no base64");
}

/** A key of another kind, as OpenPGP's or one for RSA, vouches for nothing here. */
function readKey(pem: string): KeyObject | undefined {
  try {
    const key = createPublicKey(pem);
    return key.asymmetricKeyType === "ed25519" ? key : undefined;
  } catch {
    return undefined;
  }
}

/** Source: DSSE v1, "PAE". */
function preAuthenticated(payload: Buffer): Buffer {
  const head = `DSSEv1 ${Buffer.byteLength(OPENEOX_TYPE)} ${OPENEOX_TYPE} ${payload.length} `;
  return Buffer.concat([Buffer.from(head), payload]);
}
