/**
 * Addresses of networks and machines that are nobody's business from outside. A server that sends us there wants something
 * that only we can reach. Sources: IANA IPv4 and IPv6 Special-Purpose Address Registries (RFC 6890), RFC 4291, RFC 6052, RFC 3056.
 * @module
 */

import { isIPv4, isIPv6 } from "node:net";

type Bytes = readonly number[];

interface Block {
  readonly prefix: Bytes;
  readonly bits: number;
  /** What stands there: `a loopback address`. */
  readonly what: string;
}

const IPV4_BLOCKS: readonly Block[] = [
  { prefix: [0], bits: 8, what: "an address of this network" },
  { prefix: [10], bits: 8, what: "a private address" },
  { prefix: [100, 64], bits: 10, what: "an address shared behind a provider" },
  { prefix: [127], bits: 8, what: "a loopback address" },
  { prefix: [169, 254], bits: 16, what: "a link-local address" },
  { prefix: [172, 16], bits: 12, what: "a private address" },
  { prefix: [192, 0, 0], bits: 24, what: "a reserved address" },
  { prefix: [192, 0, 2], bits: 24, what: "an address for documentation" },
  { prefix: [192, 88, 99], bits: 24, what: "a reserved address" },
  { prefix: [192, 168], bits: 16, what: "a private address" },
  { prefix: [198, 18], bits: 15, what: "an address for measurements" },
  { prefix: [198, 51, 100], bits: 24, what: "an address for documentation" },
  { prefix: [203, 0, 113], bits: 24, what: "an address for documentation" },
  { prefix: [224], bits: 4, what: "a multicast address" },
  { prefix: [240], bits: 4, what: "a reserved address" },
];

const IPV6_BLOCKS: readonly Block[] = [
  { prefix: [0x20, 0x01, 0x0d, 0xb8], bits: 32, what: "an address for documentation" },
  // Teredo, benchmarking, ORCHID and whatever the IETF assigns next: no server of anybody's.
  { prefix: [0x20, 0x01, 0, 0], bits: 23, what: "a reserved address" },
  { prefix: [0x3f, 0xff, 0], bits: 20, what: "an address for documentation" },
  { prefix: [0xfc], bits: 7, what: "a private address" },
  { prefix: [0xfe, 0x80], bits: 10, what: "a link-local address" },
  { prefix: [0xfe, 0xc0], bits: 10, what: "a private address" },
  { prefix: [0xff], bits: 8, what: "a multicast address" },
];

/** IPv6 addresses that stand for an IPv4 one, and where in them it stands. */
const CARRIERS: readonly { readonly prefix: Bytes; readonly bits: number; readonly at: number }[] = [
  { prefix: [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff], bits: 96, at: 12 },
  { prefix: [0, 0x64, 0xff, 0x9b, 0, 0, 0, 0, 0, 0, 0, 0], bits: 96, at: 12 },
  { prefix: [0x20, 0x02], bits: 16, at: 2 },
];

/**
 * @param address - as the resolver gives it; also with a zone, as `fe80::1%eth0`
 * @returns what kind of place it is, `a loopback address`; undefined when it is on the public internet
 */
export function placeOf(address: string): string | undefined {
  const [bare = ""] = address.split("%");
  if (isIPv4(bare)) return placeOfIpv4(bare.split(".").map(Number));
  const bytes = isIPv6(bare) ? ipv6Bytes(bare) : undefined;
  return bytes === undefined ? "no address at all" : placeOfIpv6(bytes);
}

const placeOfIpv4 = (bytes: Bytes): string | undefined =>
  IPV4_BLOCKS.find((block) => isIn(bytes, block))?.what;

function placeOfIpv6(bytes: Bytes): string | undefined {
  if (bytes.slice(0, 15).every((byte) => byte === 0) && (bytes[15] ?? 2) <= 1)
    return bytes[15] === 1 ? "a loopback address" : "no place at all";
  const carrier = CARRIERS.find((one) => isIn(bytes, one));
  if (carrier !== undefined) return placeOfIpv4(bytes.slice(carrier.at, carrier.at + 4));
  const block = IPV6_BLOCKS.find((one) => isIn(bytes, one));
  if (block !== undefined) return block.what;
  // Only 2000::/3 is given out. RFC 4291 §2.4
  return isIn(bytes, { prefix: [0x20], bits: 3 }) ? undefined : "a reserved address";
}

function isIn(bytes: Bytes, { prefix, bits }: { prefix: Bytes; bits: number }): boolean {
  for (let bit = 0; bit < bits; bit += 8) {
    const mask = bits - bit >= 8 ? 0xff : (0xff << (8 - (bits - bit))) & 0xff;
    if (((bytes[bit / 8] ?? 0) & mask) !== ((prefix[bit / 8] ?? 0) & mask)) return false;
  }
  return true;
}

/** @param text - a valid address without a zone. RFC 4291 §2.2 */
function ipv6Bytes(text: string): Bytes {
  const [front = "", back] = text.split("::");
  const head = groupBytes(front);
  if (back === undefined) return head;
  const tail = groupBytes(back);
  return [...head, ...Array<number>(Math.max(0, 16 - head.length - tail.length)).fill(0), ...tail];
}

const groupBytes = (text: string): number[] =>
  text === ""
    ? []
    : text.split(":").flatMap((group) => {
        if (group.includes(".")) return group.split(".").map(Number);
        const value = Number.parseInt(group, 16);
        return [value >> 8, value & 0xff];
      });
