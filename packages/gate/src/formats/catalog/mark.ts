/**
 * A catalog by its first bytes: a signature over a list of files. The lengths in it may reach past what was read.
 * Source: RFC 5652 §3, §5.1; see `trust-list.ts`.
 * @module
 */

import { TAG } from "../../asn1/der.ts";

const oid = (hex: string): Buffer => Buffer.from(hex, "hex");
const SIGNED_DATA = oid("2a864886f70d010702");
const TRUST_LIST = oid("2b0601040182370a01");
const CATALOG_USAGE = oid("2b0601040182370c0101");

/** @param head - the beginning of a file */
export function isCatalog(head: Buffer): boolean {
  const walk = new Walk(head);
  return (
    walk.enter(TAG.sequence) &&
    walk.pass(TAG.objectIdentifier, SIGNED_DATA) &&
    walk.enter(0xa0) &&
    walk.enter(TAG.sequence) &&
    walk.pass(TAG.integer) &&
    walk.pass(TAG.set) &&
    walk.enter(TAG.sequence) &&
    walk.pass(TAG.objectIdentifier, TRUST_LIST) &&
    walk.enter(0xa0) &&
    walk.enter(TAG.sequence) &&
    (walk.pass(TAG.integer) || true) &&
    walk.enter(TAG.sequence) &&
    walk.pass(TAG.objectIdentifier, CATALOG_USAGE)
  );
}

class Walk {
  readonly #bytes: Buffer;
  #at = 0;

  constructor(bytes: Buffer) {
    this.#bytes = bytes;
  }

  /** Goes into a value. */
  enter(tag: number): boolean {
    const header = this.#header(tag);
    if (header === undefined) return false;
    this.#at = header.start;
    return true;
  }

  /** Goes behind a value, when it is there and holds that. */
  pass(tag: number, content?: Buffer): boolean {
    const header = this.#header(tag);
    if (header === undefined) return false;
    const { start, lengthBytes } = header;
    const end = start + lengthBytes;
    if (content !== undefined && !this.#bytes.subarray(start, end).equals(content)) return false;
    this.#at = end;
    return true;
  }

  /** Definite lengths of up to four octets, as DER has them. */
  #header(tag: number): { readonly start: number; readonly lengthBytes: number } | undefined {
    const first = this.#bytes[this.#at + 1];
    if (this.#bytes[this.#at] !== tag || first === undefined) return undefined;
    const count = first < 0x80 ? 0 : first & 0x7f;
    const start = this.#at + 2 + count;
    if (first === 0x80 || count > 4 || start > this.#bytes.length) return undefined;
    return { start, lengthBytes: count === 0 ? first : this.#bytes.readUIntBE(this.#at + 2, count) };
  }
}
