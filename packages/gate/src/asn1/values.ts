/** Values out of DER nodes: object identifiers, integers, times, text. Source: ITU-T X.690, RFC 5280 §4.1.2.5. @module */

import { ArtifactError } from "@sallyport/core";
import { type DerNode, TAG } from "./der.ts";

/** The child at a place. @throws {@link ArtifactError} `artifact.malformed` when it is not there or not of that tag */
export function childOf(node: DerNode | undefined, index: number, what: string, tag?: number): DerNode {
  const child = node?.children[index];
  if (child === undefined) throw malformed(`${what} is missing`);
  return tag === undefined ? child : expectTag(child, tag, what);
}

/** @throws {@link ArtifactError} `artifact.malformed` when the node is of another tag */
export function expectTag(node: DerNode, tag: number, what: string): DerNode {
  if (node.tag !== tag)
    throw malformed(`${what} has tag 0x${node.tag.toString(16)}, not 0x${tag.toString(16)}`);
  return node;
}

/** Dotted form: `1.2.840.113549.1.7.2`. */
export function readOid(node: DerNode, what = "object identifier"): string {
  const bytes = expectTag(node, TAG.objectIdentifier, what).content;
  if (bytes.length === 0 || bytes.length > 64 || ((bytes.at(-1) ?? 0x80) & 0x80) !== 0)
    throw malformed(`${what} is broken`);
  const arcs: bigint[] = [];
  let arc = 0n;
  let fresh = true;
  for (const byte of bytes) {
    if (fresh && byte === 0x80) throw malformed(`${what} is padded`);
    arc = (arc << 7n) | BigInt(byte & 0x7f);
    fresh = (byte & 0x80) === 0;
    if (fresh) {
      arcs.push(arc);
      arc = 0n;
    }
  }
  const [first = 0n, ...rest] = arcs;
  const root = first < 40n ? 0n : first < 80n ? 1n : 2n;
  return [root, first - root * 40n, ...rest].join(".");
}

/** A non-negative integer below 2^48. @throws {@link ArtifactError} `artifact.malformed` */
export function readSmallInteger(node: DerNode, what = "integer"): number {
  const bytes = expectTag(node, TAG.integer, what).content;
  if (bytes.length === 0 || bytes.length > 6 || ((bytes[0] ?? 0x80) & 0x80) !== 0)
    throw malformed(`${what} is out of range`);
  if (bytes.length > 1 && bytes[0] === 0 && ((bytes[1] ?? 0) & 0x80) === 0)
    throw malformed(`${what} is padded`);
  return bytes.readUIntBE(0, bytes.length);
}

/** UTCTime or GeneralizedTime in Zulu time with seconds. @throws {@link ArtifactError} `artifact.malformed` */
export function readTime(node: DerNode, what = "time"): Date {
  const text = node.content.toString("latin1");
  const match =
    node.tag === TAG.utcTime
      ? /^(\d{2})(\d{2})(\d{2})(\d{2})(\d{2})(\d{2})()Z$/.exec(text)
      : node.tag === TAG.generalizedTime
        ? /^(\d{4})(\d{2})(\d{2})(\d{2})(\d{2})(\d{2})(\.\d{1,9})?Z$/.exec(text)
        : null;
  if (match === null) throw malformed(`${what} is not a time in UTC`);
  const [, year = "", month, day, hour, minute, second, fraction = ""] = match;
  // RFC 5280 §4.1.2.5.1: two digits of 50 and more are 19xx.
  const fullYear = year.length === 4 ? year : Number(year) >= 50 ? `19${year}` : `20${year}`;
  const time = new Date(`${fullYear}-${month}-${day}T${hour}:${minute}:${second}${fraction.slice(0, 4)}Z`);
  if (Number.isNaN(time.getTime())) throw malformed(`${what} is not on the calendar`);
  return time;
}

/** The text of a string value of any of the types that names use. */
export function readText(node: DerNode): string {
  switch (node.tag) {
    case TAG.bmpString:
      return new TextDecoder("utf-16be").decode(node.content);
    case TAG.universalString:
      return readUniversal(node.content);
    case TAG.utf8String:
      return node.content.toString("utf8");
    default:
      return node.content.toString("latin1");
  }
}

function readUniversal(content: Buffer): string {
  let text = "";
  for (let at = 0; at + 4 <= content.length; at += 4) {
    const point = content.readUInt32BE(at);
    text += point <= 0x10ffff ? String.fromCodePoint(point) : "�";
  }
  return text;
}

const malformed = (message: string): ArtifactError =>
  new ArtifactError("artifact.malformed", `DER: ${message}`);
