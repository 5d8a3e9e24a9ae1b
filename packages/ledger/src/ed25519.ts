/**
 * Ed25519 public keys that may be trusted. Source: RFC 8032 §5.1. `node:crypto` accepts keys of small order, for
 * which one signature verifies almost any message, so the point is checked here before it is used.
 * @module
 */

import { createPublicKey, type KeyObject, verify } from "node:crypto";

export const PUBLIC_KEY_BYTES = 32;
export const SIGNATURE_BYTES = 64;

/** SubjectPublicKeyInfo of Ed25519 up to the key. Source: RFC 8410 §4. */
const SPKI_PREFIX = Buffer.from("302a300506032b6570032100", "hex");

const P = 2n ** 255n - 19n;
/** The curve's d = -121665/121666. */
const D = mod(-121665n * power(121666n, P - 2n));

/** The y coordinates of the eight points whose order divides 8. */
const SMALL_ORDER_Y: ReadonlySet<bigint> = new Set([
  0n,
  1n,
  P - 1n,
  2707385501144840649318225287225658788936804267575313519463743609750303402022n,
  55188659117513257062467267217118295137698188065244968500265048394206261417927n,
]);

/** @returns why the 32 bytes are no key to trust, or undefined when they are a good one */
export function weaknessOf(raw: Uint8Array): string | undefined {
  if (raw.length !== PUBLIC_KEY_BYTES) return `is ${raw.length} bytes long instead of ${PUBLIC_KEY_BYTES}`;
  const encoded = BigInt(`0x${Buffer.from(raw).reverse().toString("hex")}`);
  const y = encoded & (2n ** 255n - 1n);
  if (y >= P) return "is not written in the one canonical way";
  if (SMALL_ORDER_Y.has(y)) return "has a small order: anybody can sign for it";
  return isOnCurve(y) ? undefined : "is not a point of the curve";
}

/** RFC 8032 §5.1.3: x² = (y² - 1) / (d y² + 1) must be a square. Euler's criterion; 0 only occurs for small orders. */
function isOnCurve(y: bigint): boolean {
  const square = mod(y * y);
  const ratio = mod((square - 1n) * power(mod(D * square + 1n), P - 2n));
  return power(ratio, (P - 1n) / 2n) === 1n;
}

function mod(value: bigint): bigint {
  const rest = value % P;
  return rest < 0n ? rest + P : rest;
}

function power(base: bigint, exponent: bigint): bigint {
  let result = 1n;
  let square = mod(base);
  for (let rest = exponent; rest > 0n; rest >>= 1n) {
    if ((rest & 1n) === 1n) result = mod(result * square);
    square = mod(square * square);
  }
  return result;
}

/** The key object of 32 raw bytes that were found good. */
export const keyObjectOf = (raw: Uint8Array): KeyObject =>
  createPublicKey({ key: Buffer.concat([SPKI_PREFIX, raw]), format: "der", type: "spki" });

/** The 32 raw bytes of a public key object. */
export const rawKeyOf = (key: KeyObject): Buffer =>
  key.export({ format: "der", type: "spki" }).subarray(SPKI_PREFIX.length);

/** RFC 8032 §5.1.7; OpenSSL refuses S ≥ L and compares R byte for byte. */
export function verifyEd25519(key: KeyObject, message: Uint8Array, signature: Uint8Array): boolean {
  return signature.length === SIGNATURE_BYTES && verify(null, message, key, signature);
}
