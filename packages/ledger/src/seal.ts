/**
 * Documents of this machine's that others can check: sealed with the key that signs receipts, each kind under a type of
 * its own, so that none is ever taken for another. Source: DSSE v1, protocol.md.
 * @module
 */

import assert from "node:assert/strict";
import { type DsseEnvelope, UsageError } from "@sallyport/core";
import { decodeBase64 } from "./base64.ts";
import { PAYLOAD_TYPE, signEnvelope, signerOf } from "./envelope.ts";
import type { PublicKey } from "./public-key.ts";
import type { SigningKey } from "./signing-key.ts";
import { Field, ShapeError } from "./strict-json.ts";

const MAX_SIGNATURES = 16;
const MAX_TEXT_CHARACTERS = 4096;
const BASE64 = /^[A-Za-z0-9+/]*={0,2}$/;

/** @param payloadType - a media type; never that of receipts, whose statements are made from decisions alone */
export function seal(payloadType: string, payload: Uint8Array, signer: SigningKey): DsseEnvelope {
  assert(payloadType !== PAYLOAD_TYPE, "a type of its own");
  return signEnvelope(payload, signer, payloadType);
}

export interface Opened {
  readonly payload: Buffer;
  /** Of those that are trusted, the one that sealed it. */
  readonly key: PublicKey;
}

/**
 * @param envelope - parsed JSON from anywhere; no key in it is ever used
 * @throws UsageError `usage.value` when it is no sealed document of that type, or no trusted key sealed it
 */
export function openSeal(
  envelope: unknown,
  options: {
    readonly payloadType: string;
    readonly publicKeys: readonly PublicKey[];
    readonly maxBytes: number;
  },
): Opened {
  const parsed = readEnvelope(envelope, options);
  const key = signerOf(parsed, options.publicKeys);
  if (key === undefined) throw new UsageError("usage.value", "it is not sealed with a key that was given");
  const payload = decodeBase64(parsed.payload);
  if (payload === undefined)
    throw new UsageError("usage.value", "it is not a sealed document: its content is damaged");
  return { payload, key };
}

function readEnvelope(
  value: unknown,
  { payloadType, maxBytes }: { payloadType: string; maxBytes: number },
): DsseEnvelope {
  try {
    const envelope = new Field("document", value);
    envelope.only("payloadType", "payload", "signatures");
    return {
      payloadType: envelope.member("payloadType").oneOf(payloadType),
      payload: envelope.member("payload").text(Math.ceil(maxBytes / 3) * 4, BASE64),
      signatures: envelope
        .member("signatures")
        .list(MAX_SIGNATURES)
        .map((field) => {
          field.only("keyid", "sig");
          return {
            keyid: field.member("keyid").text(MAX_TEXT_CHARACTERS),
            sig: field.member("sig").text(MAX_TEXT_CHARACTERS, BASE64),
          };
        }),
    };
  } catch (cause) {
    if (!(cause instanceof ShapeError)) throw cause;
    throw new UsageError("usage.value", `it is not a sealed document: ${cause.message}`, { cause });
  }
}
