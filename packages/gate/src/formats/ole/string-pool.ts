/**
 * The strings of an installer database: all text once, referred to by number.
 * Source: Wine, `dlls/msi/string.c` (msi_load_string_table); Microsoft does not document the streams.
 * @module
 */

import { ArtifactError } from "@sallyport/core";

export interface StringPool {
  /** Bytes of a reference to a string: 2, or 3 in a database of many strings. */
  readonly referenceBytes: 2 | 3;
  /** Windows code page of the text; 0 is neutral, which is ASCII. */
  readonly codePage: number;
  /**
   * The string of a number; 0 is the null string.
   * @throws {@link ArtifactError} `artifact.malformed` when the database has no such string
   */
  text(reference: number): string;
}

/**
 * Reads the two streams of a pool.
 * @param pool - `!_StringPool`: four bytes per string, its length and how often it is used
 * @param data - `!_StringData`: the text, one string after the other
 * @throws {@link ArtifactError} `artifact.truncated`, `artifact.malformed`
 */
export function readStringPool(pool: Buffer, data: Buffer): StringPool {
  if (pool.length < 4 || pool.length % 4 !== 0) refuse("the string pool has an impossible length");
  const head = pool.readUInt32LE(0);
  const codePage = head & 0x7fffffff;
  const entries = pool.length / 4;
  // One more than there are strings: string n ends where the next begins.
  const offsets = new Uint32Array(entries + 1);
  let strings = 1;
  let offset = 0;
  for (let at = 4; at < pool.length; at += 4) {
    let length = pool.readUInt16LE(at);
    const uses = pool.readUInt16LE(at + 2);
    if (length === 0 && uses !== 0) {
      // A string of 64 KiB and more: the next entry is its length.
      at += 4;
      if (at + 4 > pool.length) refuse("the string pool ends inside a long string's length");
      length = pool.readUInt16LE(at) + pool.readUInt16LE(at + 2) * 0x10000;
    }
    offset += length;
    if (offset > data.length) {
      throw new ArtifactError("artifact.truncated", "MSI: the string data is cut short");
    }
    strings += 1;
    offsets[strings] = offset;
  }
  const decoder = decoderOf(codePage);
  // A million cells may name one long text; it is decoded and held once.
  const decoded = new Map<number, string>();
  return {
    referenceBytes: head >= 0x80000000 ? 3 : 2,
    codePage,
    text(reference) {
      if (reference === 0) return "";
      if (reference >= strings) refuse(`there is no string ${reference}`);
      const known = decoded.get(reference);
      if (known !== undefined) return known;
      const text = decoder(data.subarray(offsets[reference], offsets[reference + 1]));
      decoded.set(reference, text);
      return text;
    },
  };
}

/** Names of the WHATWG encodings for Windows code pages that installers use. */
const ENCODINGS: ReadonlyMap<number, string> = new Map([
  [874, "windows-874"],
  [932, "shift_jis"],
  [936, "gbk"],
  [949, "euc-kr"],
  [950, "big5"],
  ...[1250, 1251, 1252, 1253, 1254, 1255, 1256, 1257, 1258].map((page) => [page, `windows-${page}`] as const),
  [65001, "utf-8"],
]);

/** Decodes text of a Windows code page; one that is not known is read as Latin-1. */
export function decoderOf(codePage: number): (bytes: Buffer) => string {
  const encoding = ENCODINGS.get(codePage);
  if (encoding === undefined) return (bytes) => bytes.toString("latin1");
  const decoder = new TextDecoder(encoding);
  return (bytes) => decoder.decode(bytes);
}

function refuse(because: string): never {
  throw new ArtifactError("artifact.malformed", `MSI: ${because}`);
}
