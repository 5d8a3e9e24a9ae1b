/**
 * DER, read strictly and without copying. Every node knows the exact bytes it stands on, so that what is
 * hashed is what was signed and never a re-encoding. Source: ITU-T X.690 (2021) §8-§11.
 * @module
 */

import { ArtifactError } from "@sallyport/core";

/** Nesting beyond this is an attack on the reader's stack. */
const MAX_DEPTH = 64;
/** A signature with more values than this is not one. */
const MAX_NODES = 200_000;

export interface DerNode {
  /** Identifier octet: class, constructed bit and number (all numbers we meet are below 31). */
  readonly tag: number;
  /** Identifier, length and content octets. */
  readonly raw: Buffer;
  /** Content octets only. */
  readonly content: Buffer;
  /** Children of a constructed value; empty for a primitive one. */
  readonly children: readonly DerNode[];
}

export const TAG = {
  boolean: 0x01,
  integer: 0x02,
  bitString: 0x03,
  octetString: 0x04,
  null: 0x05,
  objectIdentifier: 0x06,
  enumerated: 0x0a,
  utf8String: 0x0c,
  printableString: 0x13,
  teletexString: 0x14,
  ia5String: 0x16,
  utcTime: 0x17,
  generalizedTime: 0x18,
  universalString: 0x1c,
  bmpString: 0x1e,
  sequence: 0x30,
  set: 0x31,
} as const;

/** Context-specific tags: `[0]` constructed is 0xa0, primitive 0x80. */
export const contextConstructed = (number: number): number => 0xa0 | number;
export const contextPrimitive = (number: number): number => 0x80 | number;

/**
 * Reads one value that fills `bytes` to the last byte.
 * @param isOpaque - says of a value, before it is looked into, that it is to be left without children
 * @throws {@link ArtifactError} `artifact.malformed` on indefinite or over-long lengths, trailing bytes, numbers
 * above 30, nesting beyond 64, or too many values
 */
export function readDer(bytes: Uint8Array, isOpaque: IsOpaque = () => false): DerNode {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const node = readNode(buffer, { depth: 0, parentTag: 0, nodes: { left: MAX_NODES }, isOpaque });
  if (node.raw.length !== buffer.length)
    throw malformed(`${buffer.length - node.raw.length} bytes follow the value`);
  return node;
}

/**
 * Length of the value that starts at the first byte, or the reason why there is none. Does not look inside.
 * @throws {@link ArtifactError} `artifact.malformed`
 */
export function derLength(bytes: Uint8Array): number {
  const { headerBytes, contentBytes } = readHeader(
    Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength),
  );
  return headerBytes + contentBytes;
}

/** @param depth - of the value: the outermost is 0 */
export type IsOpaque = (depth: number, parentTag: number) => boolean;

/** The values that stand one after the other in `content`, uncut and unread. @throws as {@link derLength} */
export function* splitDer(content: Buffer): Generator<Buffer> {
  for (let at = 0; at < content.length; ) {
    const value = content.subarray(at, at + derLength(content.subarray(at)));
    yield value;
    at += value.length;
  }
}

interface Position {
  readonly depth: number;
  readonly parentTag: number;
  readonly nodes: { left: number };
  readonly isOpaque: IsOpaque;
}

function readNode(bytes: Buffer, position: Position): DerNode {
  if (position.depth > MAX_DEPTH) throw malformed("values are nested too deeply");
  position.nodes.left -= 1;
  if (position.nodes.left < 0) throw malformed("there are too many values");
  const { tag, headerBytes, contentBytes } = readHeader(bytes);
  const raw = bytes.subarray(0, headerBytes + contentBytes);
  const content = raw.subarray(headerBytes);
  const isClosed = (tag & 0x20) === 0 || position.isOpaque(position.depth, position.parentTag);
  return { tag, raw, content, children: isClosed ? [] : readChildren(tag, content, position) };
}

function readChildren(parentTag: number, content: Buffer, position: Position): DerNode[] {
  const children: DerNode[] = [];
  const below = { ...position, parentTag, depth: position.depth + 1 };
  for (let at = 0; at < content.length; ) {
    const child = readNode(content.subarray(at), below);
    children.push(child);
    at += child.raw.length;
  }
  return children;
}

function readHeader(bytes: Buffer): { tag: number; headerBytes: number; contentBytes: number } {
  const tag = bytes[0];
  const first = bytes[1];
  if (tag === undefined || first === undefined) throw malformed("a value is cut short");
  if ((tag & 0x1f) === 0x1f) throw malformed("a tag number above 30");
  if (first < 0x80) return bounded(bytes, tag, 2, first);
  const count = first & 0x7f;
  if (count === 0) throw malformed("a length is indefinite, which DER forbids");
  if (count > 4 || bytes.length < 2 + count) throw malformed("a length is cut short or too large");
  const length = bytes.readUIntBE(2, count);
  if (length < 0x80 || length < 2 ** (8 * (count - 1)))
    throw malformed("a length is longer than it needs to be");
  return bounded(bytes, tag, 2 + count, length);
}

function bounded(bytes: Buffer, tag: number, headerBytes: number, contentBytes: number) {
  if (headerBytes + contentBytes > bytes.length) throw malformed("a value reaches past the end");
  return { tag, headerBytes, contentBytes };
}

function malformed(what: string): ArtifactError {
  return new ArtifactError("artifact.malformed", `DER: ${what}`);
}
