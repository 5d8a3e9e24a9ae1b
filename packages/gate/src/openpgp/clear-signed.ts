/**
 * Clear-signed text: what was signed, and what merely stands around it. Programs have read text that nobody signed
 * out of such files (CVE-2013-1051), so everything else in the file is named. Source: RFC 9580 §7.
 * @module
 */

import { ArtifactError } from "@sallyport/core";
import { readSignatures, type Signature } from "./signature.ts";

export const CLEAR_SIGNED_MARK = "-----BEGIN PGP SIGNED MESSAGE-----";
const SIGNATURE_MARK = "-----BEGIN PGP SIGNATURE-----";
export const SIGNATURE_END = "-----END PGP SIGNATURE-----";

export interface ClearSigned {
  /** The signed text alone: without dash escapes and line-end spaces, lines ending in LF. */
  readonly text: Buffer;
  /** The same as the signature covers it. */
  readonly hashed: Buffer;
  readonly signatures: readonly Signature[];
  /** What a reader could take for signed text and is not; empty when all is well. */
  readonly lies: readonly Lie[];
}

export interface Lie {
  readonly because: string;
  /** From the beginning of the file. */
  readonly offsetBytes: number;
}

/** Nobody writes longer ones; GnuPG cuts them. */
const MAX_HEADERS = 32;

/**
 * @param bytes - the whole file
 * @throws {@link ArtifactError} `artifact.malformed`, `artifact.truncated`, `artifact.unsupported`, `artifact.over-limit`
 */
export function readClearSigned(bytes: Buffer): ClearSigned {
  const lines = new Lines(bytes);
  const lies: Lie[] = [];
  const lie = (because: string, offsetBytes = lines.offset) => lies.push({ because, offsetBytes });
  skipToMark(lines, lie);
  readHeaders(lines, lie);
  const text = readText(lines);
  const start = lines.offset;
  const end = endOfSignature(lines);
  const signatures = readSignatures(bytes.subarray(start, end));
  if (bytes.subarray(end).toString("latin1").trim() !== "")
    lie(`has ${bytes.length - end} bytes behind its signature that nobody signed`, end);
  return {
    text: Buffer.from(text.map((line) => `${line}\n`).join(""), "latin1"),
    hashed: Buffer.from(text.join("\r\n"), "latin1"),
    signatures,
    lies,
  };
}

/** Lines of bytes, each without its LF. */
class Lines {
  readonly #bytes: Buffer;
  #at = 0;

  constructor(bytes: Buffer) {
    this.#bytes = bytes;
  }

  /** Of the next line. */
  get offset(): number {
    return this.#at;
  }

  /** @throws {@link ArtifactError} `artifact.truncated` at the end */
  next(): string {
    if (this.#at >= this.#bytes.length)
      throw new ArtifactError("artifact.truncated", "OpenPGP: the clear-signed text has no end");
    const found = this.#bytes.indexOf(0x0a, this.#at);
    const end = found < 0 ? this.#bytes.length : found;
    const line = this.#bytes.toString("latin1", this.#at, end);
    this.#at = end + 1;
    return line;
  }

  /** The next line again. */
  back(offset: number): void {
    this.#at = offset;
  }
}

type Report = (because: string, offsetBytes?: number) => void;

function skipToMark(lines: Lines, lie: Report): void {
  let isTold = false;
  for (let line = lines.next(); line.trimEnd() !== CLEAR_SIGNED_MARK; line = lines.next()) {
    if (isTold || line.replace("\u00ef\u00bb\u00bf", "").trim() === "") continue;
    lie("has text in front of the signed text that nobody signed", 0);
    isTold = true;
  }
}

/** §7: only `Hash` may stand there, because readers have shown other headers as if they were signed. */
function readHeaders(lines: Lines, lie: Report): void {
  for (let count = 0; count <= MAX_HEADERS; count += 1) {
    const offset = lines.offset;
    const line = lines.next().replace(/\r$/, "");
    if (line === "") return;
    if (line.trim() === "") return void lie("has no empty line in front of its signed text", offset);
    if (!/^Hash: *[A-Za-z0-9-]+(, *[A-Za-z0-9-]+)*[ \t]*$/.test(line))
      lie("has a header that nobody signed in front of its signed text", offset);
  }
  throw new ArtifactError("artifact.malformed", "OpenPGP: the clear-signed text has too many headers");
}

/** §7.1, §7.2: spaces at line ends are not signed, and the last line end belongs to the signature. */
function readText(lines: Lines): string[] {
  const text: string[] = [];
  for (;;) {
    const offset = lines.offset;
    const line = trimLineEnd(lines.next());
    if (line === SIGNATURE_MARK) {
      lines.back(offset);
      return text;
    }
    if (line.startsWith("- ")) text.push(line.slice(2));
    else if (line.startsWith("-"))
      throw new ArtifactError("artifact.malformed", "OpenPGP: a line of the signed text has no dash escape");
    else text.push(line);
  }
}

/** Spaces, tabs and returns, without the quadratic time a regular expression takes. */
function trimLineEnd(line: string): string {
  let end = line.length;
  while (end > 0 && " \t\r".includes(line.charAt(end - 1))) end -= 1;
  return line.slice(0, end);
}

function endOfSignature(lines: Lines): number {
  while (trimLineEnd(lines.next()) !== SIGNATURE_END);
  return lines.offset;
}
