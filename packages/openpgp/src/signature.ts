/** Signature packets of versions 3, 4 and 6. Source: RFC 9580 §5.2. @module */

import { ArtifactError } from "@sallyport/core";
import { hashAlgorithm } from "./algorithm.ts";
import { isArmoured, readArmour } from "./armour.ts";
import { Octets } from "./octets.ts";
import { readPackets, TAG } from "./packet.ts";
import { findNotUnderstood, readSubpackets, SUBPACKET, type Subpacket } from "./subpacket.ts";

/** §5.2.1 */
export const TYPE = {
  binary: 0x00,
  text: 0x01,
  certifications: [0x10, 0x11, 0x12, 0x13] as readonly number[],
  subkeyBinding: 0x18,
  primaryKeyBinding: 0x19,
  directKey: 0x1f,
  keyRevocation: 0x20,
  subkeyRevocation: 0x28,
  certificationRevocation: 0x30,
} as const;

export interface Signature {
  readonly version: 3 | 4 | 6;
  readonly type: number;
  readonly keyAlgorithm: number;
  readonly hashId: number;
  readonly createdAt: Date | undefined;
  /** When the signature itself ends, if it does. */
  readonly expiresAt: Date | undefined;
  /** Lower-case hex. */
  readonly issuerKeyId: string | undefined;
  readonly issuerFingerprint: string | undefined;
  readonly statements: KeyStatements;
  /** A critical subpacket that nobody here understands: the signature must not be used. */
  readonly notUnderstood: number | undefined;
  /** What is hashed behind the document (§5.2.4). */
  readonly trailer: Buffer;
  /** What is hashed in front of it in version 6. */
  readonly salt: Buffer;
  /** The first two octets of the digest. */
  readonly digestStart: Buffer;
  /** The numbers of the algorithm. */
  readonly value: Buffer;
  readonly raw: Buffer;
}

/** What a signature over a key says about it. Signed. */
export interface KeyStatements {
  readonly keyExpiresAfterSeconds: number | undefined;
  readonly keyFlags: number | undefined;
  readonly isPrimaryUserId: boolean;
  /** §5.2.3.31; undefined when no reason is given. */
  readonly revocationReason: number | undefined;
  /** A signing subkey's own word that it belongs to its primary key. Proves itself, wherever it stands. */
  readonly embedded: readonly Buffer[];
}

const MAX_SIGNATURES = 64;
/** Some hundred bytes each, some thousand with many notations. */
const MAX_BYTES = 4 * 1024 * 1024;

/**
 * The signatures of a detached signature file, armoured or not. Versions that are not known here are left out, as
 * §5.2 asks.
 * @throws {@link ArtifactError} `artifact.malformed`, `artifact.truncated`, `artifact.over-limit`; `artifact.unsupported`
 * when there is none of a known version
 */
export function readSignatures(bytes: Buffer): Signature[] {
  if (bytes.length > MAX_BYTES)
    throw new ArtifactError("artifact.over-limit", "OpenPGP: the signatures are too large");
  const blobs = isArmoured(bytes) ? readArmour(bytes).map(expectSignatureBlock) : [bytes];
  const packets = blobs.flatMap(readPackets).filter(({ tag }) => tag !== TAG.marker && tag !== TAG.padding);
  if (packets.length === 0) throw malformed("there is no signature");
  if (packets.length > MAX_SIGNATURES)
    throw new ArtifactError("artifact.over-limit", "OpenPGP: there are too many signatures");
  const signatures = packets.flatMap(({ tag, body }) => {
    if (tag !== TAG.signature) throw malformed("something else stands among the signatures");
    return readSignature(body) ?? [];
  });
  if (signatures.length === 0)
    throw new ArtifactError("artifact.unsupported", "OpenPGP: signatures of a version not known here");
  return signatures;
}

function expectSignatureBlock({ label, bytes }: { label: string; bytes: Buffer }): Buffer {
  if (label !== "PGP SIGNATURE") throw malformed(`there is a ${label} where a signature is expected`);
  return bytes;
}

/** Reads the body of a signature packet; undefined for a version not known here. */
export function readSignature(body: Buffer): Signature | undefined {
  const fields = new Octets(body, "a signature");
  const version = fields.number(1);
  if (version === 3) return readVersion3(fields, body);
  return version === 4 || version === 6 ? readModern(version, fields, body) : undefined;
}

/** §5.2.2 */
function readVersion3(fields: Octets, raw: Buffer): Signature {
  if (fields.number(1) !== 5) throw malformed("a signature of version 3 without its length");
  const trailer = fields.take(5);
  const issuerKeyId = fields.take(8).toString("hex");
  const [keyAlgorithm, hashId] = [fields.number(1), fields.number(1)];
  return {
    version: 3,
    type: trailer.readUInt8(0),
    keyAlgorithm,
    hashId,
    createdAt: new Date(trailer.readUInt32BE(1) * 1000),
    expiresAt: undefined,
    issuerKeyId,
    issuerFingerprint: undefined,
    statements: NOTHING_SAID,
    notUnderstood: undefined,
    trailer,
    salt: Buffer.alloc(0),
    digestStart: fields.take(2),
    value: fields.rest(),
    raw,
  };
}

const NOTHING_SAID: KeyStatements = {
  keyExpiresAfterSeconds: undefined,
  keyFlags: undefined,
  isPrimaryUserId: false,
  revocationReason: undefined,
  embedded: [],
};

/** §5.2.3 */
function readModern(version: 4 | 6, fields: Octets, raw: Buffer): Signature {
  const lengthOctets = version === 4 ? 2 : 4;
  const [type, keyAlgorithm, hashId] = [fields.number(1), fields.number(1), fields.number(1)];
  const hashed = readSubpackets(fields.take(fields.number(lengthOctets)));
  const signedBytes = fields.offset;
  const unhashed = readSubpackets(fields.take(fields.number(lengthOctets)));
  const digestStart = fields.take(2);
  const salt = version === 6 ? fields.take(fields.number(1)) : Buffer.alloc(0);
  if (version === 6 && salt.length !== hashAlgorithm(hashId)?.saltBytes)
    throw malformed("a signature whose salt does not have the length its digest asks for");
  const tail = Buffer.alloc(6);
  tail.writeUInt16BE((version << 8) | 0xff);
  tail.writeUInt32BE(signedBytes, 2);
  const createdAt = timeOf(hashed);
  const expiresAfter = numberOf(hashed, SUBPACKET.expiresAfter) ?? 0;
  return {
    version,
    type,
    keyAlgorithm,
    hashId,
    createdAt,
    expiresAt:
      createdAt === undefined || expiresAfter === 0 ? undefined : new Date(+createdAt + expiresAfter * 1000),
    ...readIssuer([...hashed, ...unhashed]),
    statements: readStatements(hashed, unhashed),
    notUnderstood: findNotUnderstood(hashed),
    trailer: Buffer.concat([raw.subarray(0, signedBytes), tail]),
    salt,
    digestStart,
    value: fields.rest(),
    raw,
  };
}

function timeOf(hashed: readonly Subpacket[]): Date | undefined {
  const seconds = numberOf(hashed, SUBPACKET.createdAt);
  return seconds === undefined ? undefined : new Date(seconds * 1000);
}

/** The issuer proves itself: a hint that is wrong leads to a key the signature does not verify with. */
function readIssuer(list: readonly Subpacket[]) {
  const fingerprint = bodyOf(list, SUBPACKET.issuerFingerprint)?.subarray(1).toString("hex");
  return {
    issuerKeyId: bodyOf(list, SUBPACKET.issuerKeyId)?.toString("hex"),
    issuerFingerprint: fingerprint === "" ? undefined : fingerprint,
  };
}

function readStatements(hashed: readonly Subpacket[], unhashed: readonly Subpacket[]): KeyStatements {
  const embedded = [...hashed, ...unhashed].filter(({ type }) => type === SUBPACKET.embeddedSignature);
  const keyFlags = bodyOf(hashed, SUBPACKET.keyFlags);
  return {
    keyExpiresAfterSeconds: numberOf(hashed, SUBPACKET.keyExpiresAfter) || undefined,
    // No octets are no flags, which is not the same as no word about flags (§5.2.3.29).
    keyFlags: keyFlags && (keyFlags[0] ?? 0),
    isPrimaryUserId: bodyOf(hashed, SUBPACKET.primaryUserId)?.[0] === 1,
    revocationReason: bodyOf(hashed, SUBPACKET.revocationReason)?.[0],
    embedded: embedded.map(({ body }) => body),
  };
}

function numberOf(list: readonly Subpacket[], type: number): number | undefined {
  const body = bodyOf(list, type);
  if (body === undefined) return undefined;
  if (body.length !== 4) throw malformed("a time in a signature that is not four octets");
  return body.readUInt32BE(0);
}

/** §5.2.3.9 leaves it open which of two counts; the last, as GnuPG and others have it. */
const bodyOf = (list: readonly Subpacket[], type: number): Buffer | undefined =>
  list.findLast((subpacket) => subpacket.type === type)?.body;

const malformed = (message: string): ArtifactError =>
  new ArtifactError("artifact.malformed", `OpenPGP: ${message}`);
