/**
 * A key's numbers, checked and made into a key of `node:crypto`, by the rules that keys of certificates are held to.
 * Sources: RFC 9580 §5.5.5, §9.2; RFC 3279 §2.3; RFC 5480; RFC 8410; RFC 8017 §3.1.
 * @module
 */

import { createPublicKey, type KeyObject } from "node:crypto";
import { ArtifactError } from "@sallyport/core";
import { KEY_ALGORITHM } from "./algorithm.ts";
import {
  writeBitString,
  writeInteger,
  writeNull,
  writeObjectIdentifier,
  writeOidContent,
  writeSequence,
} from "./der.ts";
import { isWeakEd25519Point } from "./edwards-point.ts";
import { Octets } from "./octets.ts";
import type { PublicKey } from "./public-key.ts";

export interface KeyMaterial {
  readonly kind: "rsa" | "dsa" | "ecdsa" | "ed25519" | "ed448";
  readonly sizeBits: number;
  readonly key: KeyObject;
  /** Why the key is worth little today; undefined when it is not weak. */
  readonly weakness: string | undefined;
}

const MIN_DSA_BITS = 2048;
/** Below this, notes of every authority agree, an RSA key may have been factored. */
const MIN_RSA_BITS = 2048;
/** One signature by a key of 16,384 takes 11 ms, and an attacker brings hundreds of keys. */
const MAX_RSA_BITS = 8192;

/**
 * @throws {@link ArtifactError} `artifact.malformed`, `artifact.truncated`; `artifact.unsupported` for kinds of keys
 * and curves that are not known here
 */
export function readKeyMaterial({ algorithm, material }: PublicKey): KeyMaterial {
  const fields = new Octets(material, "a key");
  switch (algorithm) {
    case KEY_ALGORITHM.rsa:
    case KEY_ALGORITHM.rsaSignOnly:
      return rsaKey(fields);
    case KEY_ALGORITHM.dsa:
      return dsaKey(fields);
    case KEY_ALGORITHM.ecdsa:
      return ecdsaKey(fields);
    case KEY_ALGORITHM.eddsaLegacy:
      return legacyEdwardsKey(fields);
    case KEY_ALGORITHM.ed25519:
      return edwardsKey("ed25519", fields);
    case KEY_ALGORITHM.ed448:
      return edwardsKey("ed448", fields);
    default:
      throw new ArtifactError(
        "artifact.unsupported",
        `OpenPGP: keys of kind ${algorithm} are not known here`,
      );
  }
}

function rsaKey(fields: Octets): KeyMaterial {
  const [modulus, exponent] = [fields.integer(), fields.integer()];
  fields.end();
  const sizeBits = bitsOf(modulus);
  if (sizeBits < 512 || sizeBits > MAX_RSA_BITS) throw malformed(`an RSA key of ${sizeBits} bits`);
  if (!isOdd(modulus)) throw malformed("an RSA modulus that is even");
  // An exponent of 1 makes every value its own signature; a long one only costs time.
  if (exponent.length > 8 || !isOdd(exponent) || isOne(exponent))
    throw malformed("an RSA exponent that is even, one, or longer than 64 bits");
  const info = writeSequence(
    writeSequence(writeObjectIdentifier("1.2.840.113549.1.1.1"), writeNull()),
    writeBitString(writeSequence(writeInteger(modulus), writeInteger(exponent))),
  );
  const weakness = sizeBits < MIN_RSA_BITS ? `its RSA key has only ${sizeBits} bits` : undefined;
  return { kind: "rsa", sizeBits, key: load(info), weakness };
}

function dsaKey(fields: Octets): KeyMaterial {
  const [prime, order, generator, value] = [
    fields.integer(),
    fields.integer(),
    fields.integer(),
    fields.integer(),
  ];
  fields.end();
  const sizeBits = bitsOf(prime);
  // FIPS 186-4 §4.2; what is longer only costs time.
  if (
    sizeBits < 1024 ||
    sizeBits > 4096 ||
    order.length < 20 ||
    order.length > 32 ||
    isOne(generator) ||
    isOne(value)
  )
    throw malformed(`a DSA key of ${sizeBits} bits`);
  const parameters = writeSequence(writeInteger(prime), writeInteger(order), writeInteger(generator));
  const info = writeSequence(
    writeSequence(writeObjectIdentifier("1.2.840.10040.4.1"), parameters),
    writeBitString(writeInteger(value)),
  );
  const weakness = sizeBits < MIN_DSA_BITS ? `its DSA key has only ${sizeBits} bits` : undefined;
  return { kind: "dsa", sizeBits, key: load(info), weakness };
}

function ecdsaKey(fields: Octets): KeyMaterial {
  const curve = fields.take(fields.number(1));
  const point = fields.integer();
  fields.end();
  const sizeBits = CURVES.get(curve.toString("hex"));
  if (sizeBits === undefined)
    throw new ArtifactError(
      "artifact.unsupported",
      `OpenPGP: curve ${curve.toString("hex")} is not known here`,
    );
  // SEC 1 §2.3.3: uncompressed, the only form §11.2.1 allows.
  if (point[0] !== 4) throw malformed("a point that is not uncompressed");
  const info = writeSequence(
    writeSequence(writeObjectIdentifier("1.2.840.10045.2.1"), writeOidContent(curve)),
    writeBitString(point),
  );
  return { kind: "ecdsa", sizeBits, key: load(info), weakness: undefined };
}

/** §9.2: object identifiers as they stand in keys; NIST's, secp256k1, Brainpool's. */
const CURVES: ReadonlyMap<string, number> = new Map([
  ["2a8648ce3d030107", 256],
  ["2b81040022", 384],
  ["2b81040023", 521],
  ["2b8104000a", 256],
  ["2b2403030208010107", 256],
  ["2b240303020801010b", 384],
  ["2b240303020801010d", 512],
]);

/** §9.2: the object identifiers of the old encoding, and the one GnuPG writes for Ed448. */
const LEGACY_CURVES: Readonly<Record<string, "ed25519" | "ed448">> = {
  "2b06010401da470f01": "ed25519",
  "2b6571": "ed448",
};

function legacyEdwardsKey(fields: Octets): KeyMaterial {
  const curve = LEGACY_CURVES[fields.take(fields.number(1)).toString("hex")];
  const point = fields.integer();
  fields.end();
  if (curve === undefined)
    throw new ArtifactError("artifact.unsupported", "OpenPGP: an EdDSA curve not known here");
  // §11.2.2: 0x40 in front keeps leading zeros.
  if (point[0] !== 0x40) throw malformed("an EdDSA point without its prefix");
  return edwardsKey(curve, new Octets(point.subarray(1), "a key"));
}

const EDWARDS = {
  ed25519: { oid: "1.3.101.112", octets: 32, sizeBits: 255 },
  ed448: { oid: "1.3.101.113", octets: 57, sizeBits: 448 },
} as const;

function edwardsKey(kind: "ed25519" | "ed448", fields: Octets): KeyMaterial {
  const { oid, octets, sizeBits } = EDWARDS[kind];
  const point = fields.take(octets);
  fields.end();
  if (kind === "ed25519" && isWeakEd25519Point(point))
    throw malformed("an Ed25519 key that fits anybody's signatures");
  const info = writeSequence(writeSequence(writeObjectIdentifier(oid)), writeBitString(point));
  return { kind, sizeBits, key: load(info), weakness: undefined };
}

const bitsOf = (integer: Buffer): number =>
  integer.length === 0 ? 0 : integer.length * 8 - Math.clz32(integer[0] ?? 0) + 24;

const isOdd = (integer: Buffer): boolean => ((integer.at(-1) ?? 0) & 1) === 1;

const isOne = (integer: Buffer): boolean =>
  integer.length === 0 || (integer.length === 1 && integer[0] === 1);

function load(publicKeyInfo: Buffer): KeyObject {
  try {
    return createPublicKey({ key: publicKeyInfo, format: "der", type: "spki" });
  } catch (cause) {
    throw new ArtifactError("artifact.malformed", "OpenPGP: a public key that cannot be loaded", { cause });
  }
}

const malformed = (message: string): ArtifactError =>
  new ArtifactError("artifact.malformed", `OpenPGP: ${message}`);
