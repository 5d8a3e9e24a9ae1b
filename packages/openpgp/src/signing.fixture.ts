/**
 * Keys and signatures of OpenPGP, written by hand so that they can be wrong about one thing each. Ed25519 only, in the
 * encoding of RFC 9580 §5.2.3.4, versions 4 and 6.
 */

import { createHash, generateKeyPairSync, type KeyObject, randomBytes, sign } from "node:crypto";
import { SUBPACKET } from "./subpacket.ts";

export interface FixtureKey {
  readonly version: 4 | 6;
  readonly privateKey: KeyObject;
  readonly body: Buffer;
  /** Prefix, length, body: what signatures are over. */
  readonly hashed: Buffer;
  readonly fingerprint: Buffer;
}

export interface SignatureOptions {
  readonly type?: number;
  readonly at?: Date;
  /** Further subpackets in the signed area, each from {@link subpacket}. */
  readonly hashed?: readonly Buffer[];
  readonly unhashed?: readonly Buffer[];
  readonly withoutTime?: boolean;
}

export const FIXTURE_TIME = new Date("2024-01-01T00:00:00Z");

export function makeKey(version: 4 | 6 = 4, createdAt = FIXTURE_TIME): FixtureKey {
  const { publicKey, privateKey } = generateKeyPairSync("ed25519");
  const point = publicKey.export({ format: "der", type: "spki" }).subarray(-32);
  const body = Buffer.concat([
    Buffer.from([version]),
    seconds(createdAt),
    Buffer.from([27]),
    version === 6 ? number(point.length, 4) : Buffer.alloc(0),
    point,
  ]);
  const prefix = version === 4 ? [0x99] : [0x9b];
  const hashed = Buffer.concat([Buffer.from(prefix), number(body.length, version === 4 ? 2 : 4), body]);
  const fingerprint = createHash(version === 4 ? "sha1" : "sha256")
    .update(hashed)
    .digest();
  return { version, privateKey, body, hashed, fingerprint };
}

/** A signature packet's body over the given bytes. */
export function signBytes(key: FixtureKey, document: Buffer, options: SignatureOptions = {}): Buffer {
  const { type = 0, at = FIXTURE_TIME, hashed = [], unhashed = [], withoutTime = false } = options;
  const lengthOctets = key.version === 4 ? 2 : 4;
  const area = Buffer.concat([
    ...(withoutTime ? [] : [subpacket(SUBPACKET.createdAt, seconds(at))]),
    subpacket(SUBPACKET.issuerFingerprint, Buffer.concat([Buffer.from([key.version]), key.fingerprint])),
    ...hashed,
  ]);
  const head = Buffer.concat([
    Buffer.from([key.version, type, 27, 10]),
    number(area.length, lengthOctets),
    area,
  ]);
  const salt = key.version === 6 ? randomBytes(32) : Buffer.alloc(0);
  const trailer = Buffer.concat([head, Buffer.from([key.version, 0xff]), number(head.length, 4)]);
  const digest = createHash("sha512").update(salt).update(document).update(trailer).digest();
  const loose = Buffer.concat(unhashed);
  return Buffer.concat([
    head,
    number(loose.length, lengthOctets),
    loose,
    digest.subarray(0, 2),
    key.version === 6 ? Buffer.from([salt.length]) : Buffer.alloc(0),
    salt,
    sign(null, digest, key.privateKey),
  ]);
}

export const subpacket = (type: number, body: Buffer, isCritical = false): Buffer =>
  packetLength(Buffer.concat([Buffer.from([type | (isCritical ? 0x80 : 0)]), body]));

/** A packet with the length octets of §4.2.1. */
export const packet = (tag: number, body: Buffer): Buffer =>
  Buffer.concat([Buffer.from([0xc0 | tag]), packetLength(body)]);

function packetLength(body: Buffer): Buffer {
  const { length } = body;
  const head =
    length < 192
      ? Buffer.from([length])
      : length < 8384
        ? number(length - 192 + (192 << 8), 2)
        : Buffer.concat([Buffer.from([255]), number(length, 4)]);
  return Buffer.concat([head, body]);
}

export const seconds = (at: Date): Buffer => number(Math.floor(+at / 1000), 4);

export function number(value: number, octets: number): Buffer {
  const bytes = Buffer.alloc(octets);
  bytes.writeUIntBE(value, 0, octets);
  return bytes;
}

export const flags = (value: number): Buffer => subpacket(SUBPACKET.keyFlags, Buffer.from([value]));

/** A certificate of one user id, whose own signature says what is given. */
export function certificateOf(
  key: FixtureKey,
  userId = "Somebody <somebody@example.com>",
  options: SignatureOptions = { hashed: [flags(3)] },
): Buffer {
  const id = Buffer.from(userId);
  const document = Buffer.concat([key.hashed, Buffer.from([0xb4]), number(id.length, 4), id]);
  const self = signBytes(key, document, { type: 0x13, ...options });
  return Buffer.concat([packet(6, key.body), packet(13, id), packet(2, self)]);
}

/** A subkey and its binding, for the end of a certificate. */
export function subkeyOf(
  primary: FixtureKey,
  subkey: FixtureKey,
  { by = primary, withBack = true, options = {} }: BindingOptions = {},
): Buffer {
  const document = Buffer.concat([primary.hashed, subkey.hashed]);
  const back = withBack
    ? [subpacket(SUBPACKET.embeddedSignature, signBytes(subkey, document, { type: 0x19 }))]
    : [];
  const binding = signBytes(by, document, { type: 0x18, hashed: [flags(2), ...back], ...options });
  return Buffer.concat([packet(14, subkey.body), packet(2, binding)]);
}

export interface BindingOptions {
  readonly by?: FixtureKey;
  readonly withBack?: boolean;
  readonly options?: SignatureOptions;
}

/** Armour without its checksum, as RFC 9580 §6.1 prefers. */
export const armour = (label: string, bytes: Buffer): string =>
  `-----BEGIN PGP ${label}-----\n\n${bytes.toString("base64").replace(/.{1,64}/g, "$&\n")}-----END PGP ${label}-----\n`;

/** A clear-signed text; lines must need no escape. */
export const clearSign = (key: FixtureKey, text: string): Buffer => {
  const hashed = Buffer.from(text.replace(/\n$/, "").replaceAll("\n", "\r\n"));
  const signature = packet(2, signBytes(key, hashed, { type: 1 }));
  return Buffer.from(
    `-----BEGIN PGP SIGNED MESSAGE-----\nHash: SHA512\n\n${text.replace(/\n?$/, "\n")}${armour("SIGNATURE", signature)}`,
  );
};
