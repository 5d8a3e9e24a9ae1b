/**
 * Script text as it stands in a file: which encoding its byte order mark claims, and whether it is text at all.
 * Source: The Unicode Standard §23.8 (byte order marks). Without a mark the code page of the machine decides, which no
 * file says; marks of signatures are ASCII in all of them.
 * @module
 */

export type Encoding = "utf-8" | "utf-16le" | "utf-16be" | "unmarked";

export interface ScriptText {
  readonly encoding: Encoding;
  /** Bytes of the byte order mark. */
  readonly markBytes: number;
  /** Bytes of one character of {@link characters}. */
  readonly widthBytes: 1 | 2;
  /** One character for each byte, or for each two; the byte order mark is left out. */
  readonly characters: string;
}

const MARKS: readonly (readonly [Encoding, Buffer])[] = [
  ["utf-16le", Buffer.from([0xff, 0xfe])],
  ["utf-16be", Buffer.from([0xfe, 0xff])],
  ["utf-8", Buffer.from([0xef, 0xbb, 0xbf])],
];

/** @param bytes - from the start of the file; an odd last byte of UTF-16 is left out */
export function readScriptText(bytes: Buffer): ScriptText {
  const found = MARKS.find(([, mark]) => bytes.subarray(0, mark.length).equals(mark));
  const [encoding, mark] = found ?? (["unmarked", Buffer.alloc(0)] as const);
  return {
    encoding,
    markBytes: mark.length,
    widthBytes: encoding === "utf-16le" || encoding === "utf-16be" ? 2 : 1,
    characters: charactersOf(bytes.subarray(mark.length), encoding),
  };
}

/** @param bytes - a piece of a text, from the start of a character */
export function charactersOf(bytes: Buffer, encoding: Encoding): string {
  if (encoding === "utf-16le") return bytes.toString("utf16le");
  if (encoding !== "utf-16be") return bytes.toString("latin1");
  return Buffer.from(bytes.subarray(0, bytes.length & ~1))
    .swap16()
    .toString("utf16le");
}

/** What no text holds: control characters but for white space, escape sequences, and the end mark of DOS. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what it looks for
const CONTROL = /[\0-\x07\x0e-\x19\x1c-\x1f\x7f]/;

export const isPlainText = (characters: string): boolean => !CONTROL.test(characters);
