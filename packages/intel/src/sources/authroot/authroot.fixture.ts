/** A list of authorities that a test signs itself, as Microsoft signs its own. Sources: RFC 2315, RFC 5280, [MS-CAESO]. @module */

import { createHash, generateKeyPairSync, type KeyObject, sign } from "node:crypto";

const der = (tag: number, ...parts: readonly Uint8Array[]): Buffer => {
  const content = Buffer.concat(parts);
  const { length } = content;
  const header =
    length < 128
      ? [length]
      : length < 65536
        ? [0x82, length >> 8, length & 255]
        : [0x83, length >> 16, (length >> 8) & 255, length & 255];
  return Buffer.concat([Buffer.from([tag, ...header]), content]);
};
const sequence = (...parts: readonly Uint8Array[]) => der(0x30, ...parts);
const set = (...parts: readonly Uint8Array[]) => der(0x31, ...parts);
const octets = (bytes: Uint8Array) => der(0x04, bytes);
const integer = (value: number) => der(0x02, Buffer.from([value]));
const time = (text: string) => der(0x17, Buffer.from(text));
const nothing = Buffer.from([0x05, 0x00]);

export function oid(dotted: string): Buffer {
  const [first = 0, second = 0, ...rest] = dotted.split(".").map(Number);
  const bytes = [first * 40 + second, ...rest].flatMap((value) => {
    const groups = [value & 0x7f];
    for (let more = Math.floor(value / 128); more > 0; more = Math.floor(more / 128))
      groups.unshift((more & 0x7f) | 0x80);
    return groups;
  });
  return der(0x06, Buffer.from(bytes));
}

const RSA_SHA256 = sequence(oid("1.2.840.113549.1.1.11"), nothing);
const DIGEST_SHA256 = sequence(oid("2.16.840.1.101.3.4.2.1"), nothing);
const nameOf = (text: string) => sequence(set(sequence(oid("2.5.4.3"), der(0x0c, Buffer.from(text)))));

export interface Party {
  readonly certificate: Buffer;
  readonly name: string;
  readonly privateKey: KeyObject;
  readonly publicKeyPem: string;
}

/** @param issuer - itself when left out */
export function makeParty(name: string, issuer?: Party): Party {
  const { privateKey, publicKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
  const isAuthority = issuer === undefined;
  const extensions = der(
    0xa3,
    sequence(
      sequence(
        oid("2.5.29.19"),
        der(0x01, Buffer.from([0xff])),
        octets(sequence(...(isAuthority ? [der(0x01, Buffer.from([0xff]))] : []))),
      ),
    ),
  );
  const toBeSigned = sequence(
    der(0xa0, integer(2)),
    integer(1),
    RSA_SHA256,
    nameOf(issuer?.name ?? name),
    sequence(time("250101000000Z"), time("350101000000Z")),
    nameOf(name),
    publicKey.export({ type: "spki", format: "der" }),
    extensions,
  );
  const signature = sign("sha256", toBeSigned, issuer?.privateKey ?? privateKey);
  const certificate = sequence(toBeSigned, RSA_SHA256, der(0x03, Buffer.from([0]), signature));
  return {
    certificate,
    name,
    privateKey,
    publicKeyPem: publicKey.export({ type: "spki", format: "pem" }).toString(),
  };
}

export interface Entry {
  readonly certificate: Buffer;
  readonly name?: string;
  readonly usages?: readonly string[];
  readonly sha256?: Buffer;
  /** Milliseconds since 1970. */
  readonly disallowedFrom?: number;
}

const property = (number: number, value: Uint8Array) =>
  sequence(oid(`1.3.6.1.4.1.311.10.11.${number}`), set(octets(value)));

function entryOf({ certificate, name, usages, sha256, disallowedFrom }: Entry): Buffer {
  const filetime = Buffer.alloc(8);
  if (disallowedFrom !== undefined)
    filetime.writeBigUInt64LE(BigInt(disallowedFrom + 11_644_473_600_000) * 10_000n);
  return sequence(
    octets(createHash("sha1").update(certificate).digest()),
    set(
      property(98, sha256 ?? createHash("sha256").update(certificate).digest()),
      ...(name === undefined ? [] : [property(11, Buffer.from(`${name}\0`, "utf16le"))]),
      ...(usages === undefined ? [] : [property(9, sequence(...usages.map(oid)))]),
      ...(disallowedFrom === undefined ? [] : [property(104, filetime)]),
    ),
  );
}

export interface ListParts {
  readonly entries: readonly Entry[];
  readonly signer: Party;
  /** Certificates that come along. */
  readonly along: readonly Party[];
  /** Changes the list after it was signed. */
  readonly forge?: (list: Buffer) => Buffer;
  readonly withoutAttributes?: boolean;
}

export function buildList({ entries, signer, along, forge, withoutAttributes = false }: ListParts): Buffer {
  const list = sequence(
    sequence(oid("1.3.6.1.4.1.311.10.3.9")),
    octets(Buffer.from("list")),
    integer(7),
    time("260102030405Z"),
    sequence(oid("1.3.14.3.2.26"), nothing),
    sequence(...entries.map(entryOf)),
  );
  const content = list.subarray(list.length < 130 ? 2 : 4);
  const attributes = Buffer.concat([
    sequence(oid("1.2.840.113549.1.9.3"), set(oid("1.3.6.1.4.1.311.10.1"))),
    sequence(oid("1.2.840.113549.1.9.4"), set(octets(createHash("sha256").update(content).digest()))),
  ]);
  const signature = sign("sha256", withoutAttributes ? content : set(attributes), signer.privateKey);
  const info = sequence(
    integer(1),
    sequence(nameOf("Issuer"), integer(1)),
    DIGEST_SHA256,
    ...(withoutAttributes ? [] : [der(0xa0, attributes)]),
    sequence(oid("1.2.840.113549.1.1.1"), nothing),
    octets(signature),
  );
  return sequence(
    oid("1.2.840.113549.1.7.2"),
    der(
      0xa0,
      sequence(
        integer(1),
        set(DIGEST_SHA256),
        sequence(
          oid("1.3.6.1.4.1.311.10.1"),
          der(0xa0, forge === undefined ? list : forge(Buffer.from(list))),
        ),
        der(0xa0, ...along.map(({ certificate }) => certificate)),
        set(info),
      ),
    ),
  );
}
