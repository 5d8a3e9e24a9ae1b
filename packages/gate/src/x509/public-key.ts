/**
 * Public keys, checked before the crypto library sees them: explicit elliptic-curve parameters let anybody make a
 * key that "matches" a trusted one (CVE-2020-0601). Sources: RFC 3279 §2.3, RFC 5480 §2.1.1, RFC 8410, RFC 8017 §3.1.
 * @module
 */

import { createPublicKey, type KeyObject } from "node:crypto";
import { ArtifactError } from "@sallyport/core";
import { type DerNode, readDer, TAG } from "../asn1/der.ts";
import { childOf, expectTag, readOid } from "../asn1/values.ts";

export type KeyKind = "rsa" | "rsa-pss" | "ec" | "ed25519";

export interface PublicKey {
  readonly kind: KeyKind;
  /** Of the modulus, or of the curve's field. */
  readonly sizeBits: number;
  readonly key: KeyObject;
  /** Why the key is worth little today; undefined when it is not weak. */
  readonly weakness: string | undefined;
}

/** Below this, notes of every authority agree, an RSA key may have been factored. */
const MIN_RSA_BITS = 2048;
/** Roots have 4096. One signature by a key of 16,384 takes 11 ms, and an attacker brings hundreds of keys. */
const MAX_RSA_BITS = 8192;

/**
 * Reads a SubjectPublicKeyInfo.
 * @throws {@link ArtifactError} `artifact.malformed` when it is broken or uses explicit curve parameters;
 * `artifact.unsupported` when the kind of key is not known here
 */
export function readPublicKey(publicKeyInfo: Uint8Array): PublicKey {
  const node = expectTag(readDer(publicKeyInfo), TAG.sequence, "SubjectPublicKeyInfo");
  if (node.children.length !== 2) throw malformed("a public key without algorithm and value");
  const algorithm = childOf(node, 0, "public key algorithm", TAG.sequence);
  const value = childOf(node, 1, "public key", TAG.bitString);
  if (value.content[0] !== 0) throw malformed("a public key that is not whole octets");
  const oid = readOid(childOf(algorithm, 0, "public key algorithm"), "public key algorithm");
  const parameters = algorithm.children[1];
  if (algorithm.children.length > 2) throw malformed("a public key algorithm with extra fields");
  switch (oid) {
    case "1.2.840.113549.1.1.1":
      expectNullOrAbsent(parameters);
      return rsaKey("rsa", publicKeyInfo, value.content.subarray(1));
    case "1.2.840.113549.1.1.10":
      return rsaKey("rsa-pss", publicKeyInfo, value.content.subarray(1));
    case "1.2.840.10045.2.1":
      return curveKey(publicKeyInfo, parameters);
    case "1.3.101.112":
      if (parameters !== undefined) throw malformed("an Ed25519 key with parameters");
      return { kind: "ed25519", sizeBits: 255, key: load(publicKeyInfo), weakness: undefined };
    default:
      throw new ArtifactError("artifact.unsupported", `X.509: public keys of kind ${oid} are not known here`);
  }
}

function rsaKey(kind: "rsa" | "rsa-pss", publicKeyInfo: Uint8Array, value: Buffer): PublicKey {
  const pair = expectTag(readDer(value), TAG.sequence, "RSAPublicKey");
  if (pair.children.length !== 2) throw malformed("an RSA key without modulus and exponent");
  const modulus = positiveOctets(childOf(pair, 0, "modulus", TAG.integer));
  const exponent = positiveOctets(childOf(pair, 1, "publicExponent", TAG.integer));
  const sizeBits = modulus.length * 8 - Math.clz32(modulus[0] ?? 0) + 24;
  if (sizeBits > MAX_RSA_BITS) throw malformed(`an RSA key of ${sizeBits} bits`);
  if (sizeBits < 512) throw malformed(`an RSA key of ${sizeBits} bits`);
  if (((modulus.at(-1) ?? 0) & 1) === 0) throw malformed("an RSA modulus that is even");
  // An exponent of 1 makes every value its own signature; a long one only costs time.
  if (exponent.length > 8 || ((exponent.at(-1) ?? 0) & 1) === 0 || isOne(exponent))
    throw malformed("an RSA exponent that is even, one, or longer than 64 bits");
  const weakness = sizeBits < MIN_RSA_BITS ? `its RSA key has only ${sizeBits} bits` : undefined;
  return { kind, sizeBits, key: load(publicKeyInfo), weakness };
}

/** RFC 5480 §2.1.1: in certificates the curve is always named. */
function curveKey(publicKeyInfo: Uint8Array, parameters: DerNode | undefined): PublicKey {
  if (parameters?.tag !== TAG.objectIdentifier)
    throw malformed("an elliptic-curve key whose curve is spelled out instead of named (CVE-2020-0601)");
  const curve = CURVES.get(readOid(parameters, "curve"));
  if (curve === undefined)
    throw new ArtifactError("artifact.unsupported", `X.509: curve ${readOid(parameters)} is not known here`);
  return { kind: "ec", sizeBits: curve, key: load(publicKeyInfo), weakness: undefined };
}

const CURVES: ReadonlyMap<string, number> = new Map([
  ["1.2.840.10045.3.1.7", 256],
  ["1.3.132.0.34", 384],
  ["1.3.132.0.35", 521],
  ["1.3.132.0.10", 256],
  ["1.3.36.3.3.2.8.1.1.7", 256],
  ["1.3.36.3.3.2.8.1.1.11", 384],
  ["1.3.36.3.3.2.8.1.1.13", 512],
]);

function positiveOctets(node: DerNode): Buffer {
  const octets = node.content;
  const [first = 0x80, second = 0x80] = octets;
  if (octets.length === 0 || first >= 0x80 || (first === 0 && octets.length > 1 && second < 0x80))
    throw malformed("a number in a key is negative or padded");
  return first === 0 ? octets.subarray(1) : octets;
}

const isOne = (octets: Buffer): boolean => octets.length === 1 && octets[0] === 1;

/** RFC 3279 §2.3.1 wants NULL; some old authorities left it out. */
function expectNullOrAbsent(parameters: DerNode | undefined): void {
  if (parameters !== undefined && (parameters.tag !== TAG.null || parameters.content.length > 0))
    throw malformed("an RSA key with parameters");
}

function load(publicKeyInfo: Uint8Array): KeyObject {
  try {
    return createPublicKey({ key: Buffer.from(publicKeyInfo), format: "der", type: "spki" });
  } catch (cause) {
    throw new ArtifactError("artifact.malformed", "X.509: a public key that cannot be loaded", { cause });
  }
}

const malformed = (message: string): ArtifactError =>
  new ArtifactError("artifact.malformed", `X.509: ${message}`);
