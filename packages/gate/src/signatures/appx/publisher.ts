/**
 * The publisher a package names, which must be the subject of the certificate that signed it: a distinguished name as
 * Windows writes it, most specific part first.
 * Sources: Microsoft Learn, "Identity" (Publisher); "CertStrToName", table of keys.
 * @module
 */

import type { Certificate } from "../../x509/certificate.ts";
import { comparableName, type NameAttribute } from "../../x509/name.ts";

const KEYS: ReadonlyMap<string, string> = new Map([
  ["cn", "2.5.4.3"],
  ["sn", "2.5.4.4"],
  ["serialnumber", "2.5.4.5"],
  ["c", "2.5.4.6"],
  ["l", "2.5.4.7"],
  ["s", "2.5.4.8"],
  ["st", "2.5.4.8"],
  ["street", "2.5.4.9"],
  ["o", "2.5.4.10"],
  ["ou", "2.5.4.11"],
  ["t", "2.5.4.12"],
  ["title", "2.5.4.12"],
  ["description", "2.5.4.13"],
  ["postalcode", "2.5.4.17"],
  ["pobox", "2.5.4.18"],
  ["phone", "2.5.4.20"],
  ["x21address", "2.5.4.24"],
  ["g", "2.5.4.42"],
  ["givenname", "2.5.4.42"],
  ["i", "2.5.4.43"],
  ["initials", "2.5.4.43"],
  ["dnqualifier", "2.5.4.46"],
  ["e", "1.2.840.113549.1.9.1"],
  ["email", "1.2.840.113549.1.9.1"],
  ["dc", "0.9.2342.19200300.100.1.25"],
]);

const MAX_LENGTH = 8192;

/** @returns undefined when the text is no name that can be read here */
export function isPublisher(publisher: string, signer: Certificate): boolean | undefined {
  const name = readPublisher(publisher);
  return name === undefined ? undefined : comparableName(name) === signer.subjectKey;
}

function readPublisher(text: string): NameAttribute[] | undefined {
  if (text.length > MAX_LENGTH) return undefined;
  const reader = new NameReader(text);
  const attributes: NameAttribute[] = [];
  let set = 0;
  while (!reader.ended) {
    const oid = oidOf(reader.key());
    const value = reader.value();
    if (oid === undefined || value === undefined) return undefined;
    attributes.push({ oid, text: value, set });
    const separator = reader.separator();
    if (separator === undefined) return undefined;
    if (separator !== "+") set -= 1;
  }
  // The last part written is the first of the name.
  return attributes.toSorted((a, b) => a.set - b.set);
}

function oidOf(key: string | undefined): string | undefined {
  if (key === undefined) return undefined;
  const dotted = /^(?:oid\.)?([0-9]+(?:\.[0-9]+)+)$/i.exec(key)?.[1];
  return dotted ?? KEYS.get(key.toLowerCase());
}

class NameReader {
  readonly #text: string;
  #at = 0;

  constructor(text: string) {
    this.#text = text;
  }

  get ended(): boolean {
    return this.#at >= this.#text.length;
  }

  key(): string | undefined {
    const equals = this.#text.indexOf("=", this.#at);
    if (equals < 0) return undefined;
    const key = this.#text.slice(this.#at, equals).trim();
    this.#at = equals + 1;
    return key;
  }

  /** Plain up to the separator, or quoted with quotes doubled. */
  value(): string | undefined {
    this.#skipSpaces();
    if (this.#text[this.#at] !== '"') {
      const start = this.#at;
      while (!this.ended && !",;+\n".includes(this.#text.charAt(this.#at))) this.#at += 1;
      return this.#text.slice(start, this.#at).trim();
    }
    const pieces: string[] = [];
    for (let from = this.#at + 1; ; ) {
      const quote = this.#text.indexOf('"', from);
      if (quote < 0) return undefined;
      pieces.push(this.#text.slice(from, quote));
      this.#at = quote + 1;
      if (this.#text[this.#at] !== '"') return pieces.join('"');
      from = this.#at + 1;
    }
  }

  /** @returns the empty string at the end */
  separator(): string | undefined {
    this.#skipSpaces();
    if (this.ended) return "";
    const separator = this.#text.charAt(this.#at);
    this.#at += 1;
    return ",;+\n".includes(separator) ? separator : undefined;
  }

  #skipSpaces(): void {
    while (this.#text[this.#at] === " ") this.#at += 1;
  }
}
