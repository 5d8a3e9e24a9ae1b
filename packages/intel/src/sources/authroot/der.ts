/** DER, as far as a list of authorities needs it. Source: ITU-T X.690, 8 and 10. @module */

import { FeedError } from "../../feed-error.ts";

export const TAG = {
  integer: 0x02,
  octets: 0x04,
  oid: 0x06,
  utcTime: 0x17,
  generalizedTime: 0x18,
  sequence: 0x30,
  set: 0x31,
  /** `[0]`, constructed. */
  first: 0xa0,
} as const;

const MAX_CHILDREN = 100_000;

export interface Node {
  readonly tag: number;
  /** With tag and length. */
  readonly whole: Buffer;
  readonly content: Buffer;
}

/** Reads one value and what is inside of it when it is asked for. Everything is checked before it is used. */
export class DerReader {
  readonly #place: string;

  /** @param place - for messages */
  constructor(place: string) {
    this.#place = place;
  }

  /** @throws FeedError when the bytes are not one value and nothing else */
  only(bytes: Buffer): Node {
    const [node, end] = this.#at(bytes, 0);
    if (end !== bytes.length) throw this.wrong("has bytes behind its end");
    return node;
  }

  children({ content }: Node): readonly Node[] {
    const nodes: Node[] = [];
    for (let at = 0; at < content.length; ) {
      const [node, end] = this.#at(content, at);
      nodes.push(node);
      if (nodes.length > MAX_CHILDREN) throw this.wrong("has too many parts");
      at = end;
    }
    return nodes;
  }

  /** @throws FeedError when it is missing or of another kind; `what` names it */
  expect(node: Node | undefined, tag: number, what: string): Node {
    if (node?.tag !== tag) throw this.wrong(`has no ${what} where it has to stand`);
    return node;
  }

  /** Dotted. */
  oid(node: Node | undefined): string {
    const { content } = this.expect(node, TAG.oid, "object identifier");
    if (content.length === 0 || content.length > 64) throw this.wrong("has an impossible object identifier");
    const parts: number[] = [];
    let value = 0;
    for (const byte of content) {
      value = value * 128 + (byte & 0x7f);
      if (value > Number.MAX_SAFE_INTEGER / 256) throw this.wrong("has an impossible object identifier");
      if (byte < 0x80) {
        parts.push(value);
        value = 0;
      }
    }
    const [first = 0, ...rest] = parts;
    const root = Math.min(2, Math.floor(first / 40));
    return [root, first - root * 40, ...rest].join(".");
  }

  /** UTCTime or GeneralizedTime with seconds, as RFC 5280 writes them; ISO 8601. */
  time(node: Node | undefined): string {
    const text = node?.content.toString("latin1") ?? "";
    const digits = node?.tag === TAG.utcTime ? `${Number(text.slice(0, 2)) < 50 ? "20" : "19"}${text}` : text;
    const found = /^(\d{4})(\d{2})(\d{2})(\d{2})(\d{2})(\d{2})Z$/.exec(digits);
    const [, year, month, day, hour, minute, second] = found ?? [];
    const time = Date.parse(`${year}-${month}-${day}T${hour}:${minute}:${second}Z`);
    if (Number.isNaN(time)) throw this.wrong("has a time that is none");
    return new Date(time).toISOString();
  }

  wrong(because: string): FeedError {
    return FeedError.at(this.#place, because);
  }

  #at(bytes: Buffer, at: number): readonly [Node, number] {
    const tag = bytes[at];
    const first = bytes[at + 1];
    if (tag === undefined || first === undefined) throw this.#cut();
    if ((tag & 0x1f) === 0x1f) throw this.wrong("has a tag that is not used here");
    let length = first;
    let start = at + 2;
    if (first >= 0x80) {
      const count = first & 0x7f;
      if (count === 0 || count > 4) throw this.wrong("has a length that DER does not allow");
      if (start + count > bytes.length) throw this.#cut();
      length = bytes.readUIntBE(start, count);
      start += count;
    }
    const end = start + length;
    if (end > bytes.length) throw this.#cut();
    return [{ tag, whole: bytes.subarray(at, end), content: bytes.subarray(start, end) }, end];
  }

  #cut(): FeedError {
    return FeedError.at(this.#place, "ends in the middle", "feed.truncated");
  }
}
