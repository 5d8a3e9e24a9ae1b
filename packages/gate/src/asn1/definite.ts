/**
 * BER with indefinite lengths, rewritten as DER would have it: Apple's signers write the frame of a CMS that way, and
 * whatever is hashed or signed inside of it is DER already and stays as it stands. Source: ITU-T X.690 §8.1.3, §8.7.
 * @module
 */

import { ArtifactError } from "@sallyport/core";
import { TAG } from "./der.ts";
import { writeValue } from "./write.ts";

const MAX_DEPTH = 64;
const MAX_VALUES = 100_000;
const CONSTRUCTED = 0x20;

interface Read {
  /** The value as DER would have it; the bytes that came in where they are that already. */
  readonly der: Buffer;
  /** How long it is in the input. */
  readonly sizeBytes: number;
  readonly isChanged: boolean;
}

/**
 * Reads the one value at the front.
 * @returns it with definite lengths throughout, and how many bytes it took
 * @throws {@link ArtifactError} `artifact.malformed`
 */
export function makeDefinite(bytes: Buffer): Read {
  return readValue(bytes, { depth: 0, left: { values: MAX_VALUES } });
}

interface Position {
  readonly depth: number;
  readonly left: { values: number };
}

function readValue(bytes: Buffer, position: Position): Read {
  position.left.values -= 1;
  if (position.depth > MAX_DEPTH || position.left.values < 0) throw malformed("values are nested too deeply");
  const [tag, first] = bytes;
  if (tag === undefined || first === undefined) throw malformed("a value is cut short");
  if ((tag & 0x1f) === 0x1f) throw malformed("a tag number above 30");
  if (first === 0x80) return readIndefinite(bytes, tag, position);
  const { headerBytes, contentBytes } = definiteLength(bytes, first);
  const raw = bytes.subarray(0, headerBytes + contentBytes);
  const sizeBytes = raw.length;
  const children = (tag & CONSTRUCTED) === 0 ? [] : readAll(raw.subarray(headerBytes), position);
  if (!children.some(({ isChanged }) => isChanged)) return { der: raw, sizeBytes, isChanged: false };
  const der = writeValue(tag, Buffer.concat(children.map((child) => child.der)));
  return { der, sizeBytes, isChanged: true };
}

function readIndefinite(bytes: Buffer, tag: number, position: Position): Read {
  if ((tag & CONSTRUCTED) === 0) throw malformed("a primitive value has no length");
  const children: Buffer[] = [];
  let at = 2;
  while (bytes[at] !== 0 || bytes[at + 1] !== 0) {
    const child = readValue(bytes.subarray(at), { depth: position.depth + 1, left: position.left });
    children.push(child.der);
    at += child.sizeBytes;
  }
  const isText = tag === (TAG.octetString | CONSTRUCTED);
  const der = isText ? joinOctets(children) : writeValue(tag, Buffer.concat(children));
  return { der, sizeBytes: at + 2, isChanged: true };
}

function readAll(content: Buffer, { depth, left }: Position): Read[] {
  const children: Read[] = [];
  for (let at = 0; at < content.length; ) {
    const child = readValue(content.subarray(at), { depth: depth + 1, left });
    children.push(child);
    at += child.sizeBytes;
  }
  return children;
}

/** An OCTET STRING in pieces: only whole, primitive ones, which is what signers write. */
function joinOctets(pieces: readonly Buffer[]): Buffer {
  const contents = pieces.map((piece) => {
    if (piece[0] !== TAG.octetString) throw malformed("an OCTET STRING is made of other things");
    return piece.subarray(definiteLength(piece, piece[1] ?? 0).headerBytes);
  });
  return writeValue(TAG.octetString, Buffer.concat(contents));
}

function definiteLength(bytes: Buffer, first: number): { headerBytes: number; contentBytes: number } {
  const count = first < 0x80 ? 0 : first & 0x7f;
  if (count > 4 || bytes.length < 2 + count) throw malformed("a length is cut short or too large");
  const contentBytes = count === 0 ? first : bytes.readUIntBE(2, count);
  if (2 + count + contentBytes > bytes.length) throw malformed("a value reaches past the end");
  return { headerBytes: 2 + count, contentBytes };
}

const malformed = (what: string): ArtifactError => new ArtifactError("artifact.malformed", `BER: ${what}`);
