/** The framing of packets, of both kinds. Source: RFC 9580 §4.2. @module */

import { ArtifactError } from "@sallyport/core";

export interface Packet {
  readonly tag: number;
  readonly body: Buffer;
  /** Of the packet's first byte. */
  readonly offsetBytes: number;
}

export const TAG = {
  signature: 2,
  secretKey: 5,
  publicKey: 6,
  secretSubkey: 7,
  marker: 10,
  trust: 12,
  userId: 13,
  publicSubkey: 14,
  userAttribute: 17,
  padding: 21,
} as const;

/** A distribution's whole keyring has some 30,000. */
const MAX_PACKETS = 200_000;

/**
 * Reads a sequence of packets that fills `bytes`.
 * @throws {@link ArtifactError} `artifact.malformed`, `artifact.truncated`; `artifact.unsupported` for bodies in
 * pieces or without a length, which keys and signatures must not have (§4.2.1.4)
 */
export function readPackets(bytes: Buffer): Packet[] {
  const packets: Packet[] = [];
  for (let at = 0; at < bytes.length; ) {
    if (packets.length >= MAX_PACKETS)
      throw new ArtifactError("artifact.over-limit", "OpenPGP: there are too many packets");
    const { tag, start, length } = readHeader(bytes, at);
    if (start + length > bytes.length)
      throw new ArtifactError("artifact.truncated", "OpenPGP: a packet is cut short");
    packets.push({ tag, body: bytes.subarray(start, start + length), offsetBytes: at });
    at = start + length;
  }
  return packets;
}

interface Header {
  readonly tag: number;
  /** Where the body starts. */
  readonly start: number;
  readonly length: number;
}

function readHeader(bytes: Buffer, at: number): Header {
  const first = octetAt(bytes, at);
  if ((first & 0x80) === 0) throw new ArtifactError("artifact.malformed", "OpenPGP: this is no packet");
  return (first & 0x40) === 0 ? legacyHeader(bytes, at, first) : modernHeader(bytes, at, first & 0x3f);
}

/** §4.2.2 */
function legacyHeader(bytes: Buffer, at: number, first: number): Header {
  const kind = first & 3;
  if (kind === 3) throw unsupported("a packet without a length");
  const octets = 1 << kind;
  octetAt(bytes, at + octets);
  return {
    tag: (first >> 2) & 0x0f,
    start: at + 1 + octets,
    length: bytes.readUIntBE(at + 1, octets),
  };
}

/** §4.2.1 */
function modernHeader(bytes: Buffer, at: number, tag: number): Header {
  const first = octetAt(bytes, at + 1);
  if (first < 192) return { tag, start: at + 2, length: first };
  if (first < 224) return { tag, start: at + 3, length: ((first - 192) << 8) + octetAt(bytes, at + 2) + 192 };
  if (first < 255) throw unsupported("a packet in pieces");
  octetAt(bytes, at + 5);
  return { tag, start: at + 6, length: bytes.readUInt32BE(at + 2) };
}

function octetAt(bytes: Buffer, at: number): number {
  const octet = bytes[at];
  if (octet === undefined) throw new ArtifactError("artifact.truncated", "OpenPGP: a packet is cut short");
  return octet;
}

const unsupported = (what: string): ArtifactError =>
  new ArtifactError("artifact.unsupported", `OpenPGP: ${what}, where none may stand`);
