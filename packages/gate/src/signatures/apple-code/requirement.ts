/**
 * Requirements, written out as `csreq` writes them: how the system knows the next version of a program from another one.
 * They are shown, not evaluated. Source: Apple, Security, OSX/libsecurity_codesigning, `requirement.h`, `reqdumper.cpp`;
 * TN3127 "Inside Code Signing: Requirements".
 * @module
 */

import { ArtifactError } from "@sallyport/core";
import { readOid } from "../../asn1/values.ts";

const SET = 0xfade0c01;
const REQUIREMENT = 0xfade0c00;
const EXPRESSION = 1;
const DESIGNATED = 3;
const MAX_DEPTH = 100;
const MAX_TEXT_LENGTH = 2000;

/**
 * @param set - the blob of slot 2
 * @returns undefined when it has no designated requirement
 * @throws {@link ArtifactError} `artifact.malformed`, `artifact.unsupported`
 */
export function designatedRequirement(set: Buffer): string | undefined {
  const words = new Words(set);
  if (words.next() !== SET) throw malformed();
  words.next();
  const count = words.next();
  for (let index = 0; index < count; index += 1) {
    const [type, offset] = [words.next(), words.next()];
    if (type === DESIGNATED) return textOf(set.subarray(offset));
  }
  return undefined;
}

function textOf(blob: Buffer): string {
  const words = new Words(blob);
  if (words.next() !== REQUIREMENT) throw malformed();
  words.next();
  if (words.next() !== EXPRESSION)
    throw new ArtifactError("artifact.unsupported", "a requirement of another kind");
  return readExpression(words, 0).slice(0, MAX_TEXT_LENGTH);
}

/** The upper byte says whether readers that do not know the number may go on. */
const NUMBER = 0x00ff_ffff;

function readExpression(words: Words, depth: number): string {
  if (depth > MAX_DEPTH) throw malformed();
  const inner = () => readExpression(words, depth + 1);
  const number = words.next() & NUMBER;
  const plain = PLAIN.get(number);
  if (plain !== undefined) return plain;
  switch (number) {
    case 2:
      return `identifier ${quote(words.data())}`;
    case 4:
      return `certificate ${slotOf(words)} = H"${words.data().toString("hex")}"`;
    case 6:
      return `(${inner()} and ${inner()})`;
    case 7:
      return `(${inner()} or ${inner()})`;
    case 8:
      return `cdhash H"${words.data().toString("hex")}"`;
    case 9:
      return `! ${inner()}`;
    case 10:
      return `info[${words.data().toString("utf8")}]${matchOf(words)}`;
    case 11:
      return `certificate ${slotOf(words)}[${words.data().toString("utf8")}]${matchOf(words)}`;
    case 14:
      return `certificate ${slotOf(words)}[field.${oidOf(words.data())}]${matchOf(words)}`;
    case 16:
      return `entitlement[${words.data().toString("utf8")}]${matchOf(words)}`;
    case 17:
      return `certificate ${slotOf(words)}[policy.${oidOf(words.data())}]${matchOf(words)}`;
    default:
      throw new ArtifactError("artifact.unsupported", `a requirement with operator ${number}`);
  }
}

const PLAIN: ReadonlyMap<number, string> = new Map([
  [0, "never"],
  [1, "always"],
  [3, "anchor apple"],
  [13, "anchor trusted"],
  [15, "anchor apple generic"],
  [21, "notarized"],
  [23, "legacy"],
]);

function slotOf(words: Words): string {
  const slot = words.next();
  if (slot === 0) return "leaf";
  return slot === 0xffff_ffff ? "root" : String(slot);
}

const MATCHES = ["", " = ", " ~ ", " = ", " = ", " < ", " > ", " <= ", " >= "];
const EXISTS = 0;
const ABSENT = 14;

function matchOf(words: Words): string {
  const match = words.next();
  if (match === EXISTS) return " exists";
  if (match === ABSENT) return " absent";
  const sign = MATCHES[match];
  if (sign === undefined)
    throw new ArtifactError("artifact.unsupported", `a requirement that matches by ${match}`);
  const value = words.data();
  const text = quote(value);
  if (match === 3) return `${sign}${text}*`;
  return match === 4 ? `${sign}*${text}` : `${sign}${text}`;
}

const quote = (bytes: Buffer): string => JSON.stringify(bytes.toString("utf8"));

const oidOf = (content: Buffer): string =>
  readOid({ tag: 6, raw: content, content, children: [] }, "field of a requirement");

class Words {
  readonly #bytes: Buffer;
  #at = 0;

  constructor(bytes: Buffer) {
    this.#bytes = bytes;
  }

  next(): number {
    if (this.#at + 4 > this.#bytes.length) throw malformed();
    this.#at += 4;
    return this.#bytes.readUInt32BE(this.#at - 4);
  }

  /** A length, and so many bytes, filled up to a word. */
  data(): Buffer {
    const length = this.next();
    if (length > this.#bytes.length - this.#at) throw malformed();
    const data = this.#bytes.subarray(this.#at, this.#at + length);
    this.#at += Math.ceil(length / 4) * 4;
    return data;
  }
}

const malformed = (): ArtifactError =>
  new ArtifactError("artifact.malformed", "code signature: its requirements are damaged");
