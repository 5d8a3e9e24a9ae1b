/**
 * Clear-signed text: what was signed, and what merely stands around it. Programs have read text that nobody signed
 * out of such files (CVE-2013-1051), so everything else in the file is named. Source: RFC 9580 §7.
 * @module
 */

import { ArtifactError } from "@sallyport/core";
import { findRoom } from "./room.ts";
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
  const text = readText(lines, bytes.length);
  const start = lines.offset;
  const end = endOfSignature(lines);
  const signatures = readSignatures(bytes.subarray(start, end));
  const room = findRoom(bytes.subarray(start, end), signatures);
  if (room !== undefined) lie(`${room}, behind the signed text`, start);
  if (bytes.subarray(end).toString("latin1").trim() !== "")
    lie(`has ${bytes.length - end} bytes behind its signature that nobody signed`, end);
  return { ...text, signatures, lies };
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
  next(): Buffer {
    if (this.#at >= this.#bytes.length)
      throw new ArtifactError("artifact.truncated", "OpenPGP: the clear-signed text has no end");
    const found = this.#bytes.indexOf(LF, this.#at);
    const end = found < 0 ? this.#bytes.length : found;
    const line = this.#bytes.subarray(this.#at, end);
    this.#at = Math.min(end + 1, this.#bytes.length);
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
  for (let line = lines.next(); !isMark(line, CLEAR_SIGNED_MARK); line = lines.next()) {
    if (isTold || line.toString("utf8").replace("\ufeff", "").trim() === "") continue;
    lie("has text in front of the signed text that nobody signed", 0);
    isTold = true;
  }
}

const HASH_NAME = "(?:MD[25]|RIPEMD160|TIGER192|HAVAL-5-160|SHA-?(?:1|224|256|384|512)|SHA3-(?:256|384|512))";
const HASH_HEADER = new RegExp(`^Hash: *${HASH_NAME}(, *${HASH_NAME})*[ \\t]*$`, "i");

/** §7: only `Hash` may stand there, because readers have shown other headers as if they were signed. */
function readHeaders(lines: Lines, lie: Report): void {
  for (let count = 0; count <= MAX_HEADERS; count += 1) {
    const offset = lines.offset;
    const line = lines.next().toString("latin1").replace(/\r$/, "");
    if (line === "") return;
    if (line.trim() === "") return void lie("has no empty line in front of its signed text", offset);
    if (!HASH_HEADER.test(line)) lie("has a header that nobody signed in front of its signed text", offset);
  }
  throw new ArtifactError("artifact.malformed", "OpenPGP: the clear-signed text has too many headers");
}

/** §7.1, §7.2: spaces at line ends are not signed, and the last line end belongs to the signature. */
function readText(lines: Lines, mostBytes: number): Pick<ClearSigned, "text" | "hashed"> {
  const text = Buffer.allocUnsafe(mostBytes);
  const hashed = Buffer.allocUnsafe(2 * mostBytes);
  let [textBytes, hashedBytes] = [0, 0];
  for (;;) {
    const offset = lines.offset;
    const line = trimLineEnd(lines.next());
    if (isMark(line, SIGNATURE_MARK)) {
      lines.back(offset);
      return { text: text.subarray(0, textBytes), hashed: hashed.subarray(0, Math.max(0, hashedBytes - 2)) };
    }
    const content = undoEscape(line);
    textBytes += content.copy(text, textBytes);
    textBytes = text.writeUInt8(LF, textBytes);
    hashedBytes += content.copy(hashed, hashedBytes);
    hashedBytes = hashed.writeUInt16BE(CR_LF, hashedBytes);
  }
}

/** §7.1 */
function undoEscape(line: Buffer): Buffer {
  if (line[0] !== DASH) return line;
  // A dash and nothing else has lost the space of its escape at the line's end.
  if (line.length > 1 && line[1] !== SPACE)
    throw new ArtifactError("artifact.malformed", "OpenPGP: a line of the signed text has no dash escape");
  return line.subarray(2);
}

const [LF, SPACE, DASH, CR_LF] = [0x0a, 0x20, 0x2d, 0x0d0a];
const LINE_END: ReadonlySet<number | undefined> = new Set([SPACE, 0x09, 0x0d]);

/** Without spaces, tabs and returns. */
function trimLineEnd(line: Buffer): Buffer {
  let end = line.length;
  while (end > 0 && LINE_END.has(line[end - 1])) end -= 1;
  return line.subarray(0, end);
}

const isMark = (line: Buffer, mark: string): boolean =>
  line.length >= mark.length && trimLineEnd(line).toString("latin1") === mark;

function endOfSignature(lines: Lines): number {
  while (!isMark(lines.next(), SIGNATURE_END));
  return lines.offset;
}
