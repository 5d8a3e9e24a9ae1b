/** The numbers that stand for algorithms. Source: RFC 9580 §9. @module */

/** §9.5. A digest as `node:crypto` names it. */
export interface HashAlgorithm {
  readonly name: string;
  /** Dotted, for the DigestInfo of RSA (§9.5, RFC 8017 §9.2). */
  readonly oid: string;
  /** §5.2.3: length of the salt in version 6 signatures; undefined where it is not allowed there. */
  readonly saltBytes?: number;
  /** A second content with the same value can be, or nearly can be, made. */
  readonly isWeak?: true;
}

const HASHES: ReadonlyMap<number, HashAlgorithm> = new Map([
  [1, { name: "md5", oid: "1.2.840.113549.2.5", isWeak: true }],
  [2, { name: "sha1", oid: "1.3.14.3.2.26", isWeak: true }],
  [3, { name: "ripemd160", oid: "1.3.36.3.2.1", isWeak: true }],
  [8, { name: "sha256", oid: "2.16.840.1.101.3.4.2.1", saltBytes: 16 }],
  [9, { name: "sha384", oid: "2.16.840.1.101.3.4.2.2", saltBytes: 24 }],
  [10, { name: "sha512", oid: "2.16.840.1.101.3.4.2.3", saltBytes: 32 }],
  [11, { name: "sha224", oid: "2.16.840.1.101.3.4.2.4", saltBytes: 16 }],
  [12, { name: "sha3-256", oid: "2.16.840.1.101.3.4.2.8", saltBytes: 16 }],
  [14, { name: "sha3-512", oid: "2.16.840.1.101.3.4.2.10", saltBytes: 32 }],
]);

export const hashAlgorithm = (id: number): HashAlgorithm | undefined => HASHES.get(id);

/** §9.1, those that can sign and are read here. */
export const KEY_ALGORITHM = {
  rsa: 1,
  rsaSignOnly: 3,
  dsa: 17,
  ecdsa: 19,
  eddsaLegacy: 22,
  ed25519: 27,
  ed448: 28,
} as const;

const SIGNING: ReadonlySet<number> = new Set(Object.values(KEY_ALGORITHM));

/** Whether signatures of this kind of key are read here. ML-DSA and its kin are not, yet. */
export const canVerify = (keyAlgorithm: number): boolean => SIGNING.has(keyAlgorithm);

/** §9.1: kinds of keys that never sign. */
const NEVER_SIGNING: ReadonlySet<number> = new Set([2, 16, 18, 25, 26]);

export const neverSigns = (keyAlgorithm: number): boolean => NEVER_SIGNING.has(keyAlgorithm);
