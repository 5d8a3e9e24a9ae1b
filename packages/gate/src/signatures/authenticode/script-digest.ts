/**
 * The digest a signature of a script covers: its text in UTF-16, without the signature block. Windows Script Host adds
 * where the block stood. Source: Microsoft never published it; jsign (`SignableScript`, `WSHScript`), relic
 * (`powershell.go`) and osslsigncode (`script.c`) agree on what signtool and Set-AuthenticodeSignature hash.
 *
 * A text without a byte order mark has no encoding of its own: the signer's machine chose one, and Windows asks the
 * machine again when it verifies. Each that is tried here refuses bytes without a meaning, so that whichever of them
 * matches, other bytes have another digest (but for characters that a code page of East Asia has twice).
 * @module
 */

import { createHash } from "node:crypto";
import type { Budget } from "@sallyport/core";
import type { SignatureBlock, StyleName } from "../../formats/script/signature-block.ts";
import type { ScriptText } from "../../formats/script/text.ts";
import type { IndirectData } from "./indirect-data.ts";

/** {603BCC1F-4B59-4E08-B724-D2C6297EF351}, the others likewise: as their bytes stand in SpcSipInfo. */
const POWERSHELL = "1fcc3b60594b084eb724d2c6297ef351";
const VBSCRIPT = "4ef029169927b54d8fe5ace10f17ebab";
const JSCRIPT = "10e0c906ce38d411a2a300104bd35090";
const SCRIPT_FILE = "7005611ace38d411a2a300104bd35090";

/** Which program may have hashed a script with a block of that style. osslsigncode signs JScript as PowerShell does. */
export const SIP_CLASSES: Readonly<Record<StyleName, ReadonlySet<string>>> = {
  hash: new Set([POWERSHELL]),
  xml: new Set([POWERSHELL]),
  c: new Set([POWERSHELL]),
  slash: new Set([JSCRIPT, POWERSHELL]),
  quote: new Set([VBSCRIPT]),
  element: new Set([SCRIPT_FILE]),
};

/** {0AC5DF4B-CE07-4DE2-B76E-23C839A09FD1}, {0F5F58B3-AADE-4B9A-A434-95742D92ECEB}; of XAP as relic writes it. */
const APPX = "4bdfc50a07cee24db76e23c839a09fd1";
const APPX_BUNDLE = "b3585f0fdeaa9a4ba43495742d92eceb";
const XAP = "6fa608ba3b11584d9329a1b37af30f0e";

/** Programs that hash no installers: what they hashed may be what an installer's streams hold one after the other. */
export const NOT_OF_INSTALLERS: ReadonlySet<string> = new Set([
  POWERSHELL,
  VBSCRIPT,
  JSCRIPT,
  SCRIPT_FILE,
  APPX,
  APPX_BUNDLE,
  XAP,
]);

export interface DigestedScript {
  readonly bytes: Buffer;
  readonly text: ScriptText;
  readonly block: SignatureBlock;
  /** What follows the block is covered as well. */
  readonly isInside: boolean;
  readonly budget: Budget;
}

/**
 * @returns the digest that the signature names, if the text in any encoding has it; otherwise that of the likeliest
 * one. undefined for a digest that is not known here
 */
export function digestScript(script: DigestedScript, indirect: IndirectData): Buffer | undefined {
  return closestDigest(script, indirect, (text) => text);
}

/**
 * Whether nothing but the ends of the lines was changed after the script was signed. Version control and web servers
 * do that to honest files: what it says was signed, and yet no system accepts the signature.
 */
export function hasOtherLineEnds(script: DigestedScript, indirect: IndirectData): boolean {
  const converted = (lineEnd: string) => (text: Buffer) =>
    Buffer.from(text.toString("utf16le").replace(/\r?\n/g, lineEnd), "utf16le");
  return ["\r\n", "\n"].some(
    (lineEnd) => closestDigest(script, indirect, converted(lineEnd))?.equals(indirect.digest) === true,
  );
}

function closestDigest(script: DigestedScript, indirect: IndirectData, change: Decode): Buffer | undefined {
  const { digestName, digest: signed, sipClass } = indirect;
  if (digestName === undefined) return undefined;
  let likeliest: Buffer | undefined;
  for (const decode of decodersFor(script.bytes, script.text)) {
    script.budget.checkTime();
    const hash = createHash(digestName);
    for (const piece of coveredText(script, (bytes) => change(decode(bytes)), sipClass)) hash.update(piece);
    const digest = hash.digest();
    if (digest.equals(signed)) return digest;
    likeliest ??= digest;
  }
  return likeliest;
}

/** Gives a piece of the file in UTF-16, little-endian. */
type Decode = (bytes: Buffer) => Buffer;

/** The byte order mark is hashed by PowerShell, and not by Windows Script Host, which adds the block's place. */
function* coveredText(
  script: DigestedScript,
  decode: Decode,
  sipClass: string | undefined,
): Generator<Buffer> {
  const { bytes, text, block } = script;
  const byteAt = (character: number) => text.markBytes + character * text.widthBytes;
  const before = decode(bytes.subarray(text.markBytes, byteAt(block.start)));
  const isPowerShell = sipClass === POWERSHELL;
  if (isPowerShell && text.markBytes > 0) yield Buffer.from([0xff, 0xfe]);
  yield before;
  if (script.isInside) yield decode(bytes.subarray(byteAt(block.end)));
  if (isPowerShell) return;
  const place = Buffer.alloc(4);
  place.writeUInt32LE(before.length / 2);
  yield place;
}

/** Code pages of Windows, the Western one first. Those of East Asia are called otherwise where they are decoded. */
const CODE_PAGES = [
  ...[1252, 1250, 1251, 1253, 1254, 1255, 1256, 1257, 1258, 874].map((page) => `windows-${page}`),
  "shift_jis",
  "gbk",
  "big5",
  "euc-kr",
];

function* decodersFor(bytes: Buffer, { encoding }: ScriptText): Generator<Decode> {
  if (encoding === "utf-16le") return yield (piece) => piece;
  if (encoding === "utf-16be")
    return yield (piece) => Buffer.from(piece.subarray(0, piece.length & ~1)).swap16();
  if (isValid(bytes, "utf-8")) yield decoderOf("utf-8");
  if (encoding === "utf-8" || isAscii(bytes)) return;
  for (const page of CODE_PAGES) if (isValid(bytes, page)) yield decoderOf(page);
  // What old jsign used.
  yield (piece) => Buffer.from(piece.toString("latin1"), "utf16le");
}

function decoderOf(encoding: string): Decode {
  const decoder = new TextDecoder(encoding, { fatal: true, ignoreBOM: true });
  return (piece) => Buffer.from(decoder.decode(piece), "utf16le");
}

/** Decodes to other text for other bytes: what has no meaning in an encoding is refused, not replaced. */
function isValid(bytes: Buffer, encoding: string): boolean {
  try {
    new TextDecoder(encoding, { fatal: true, ignoreBOM: true }).decode(bytes);
    return true;
  } catch (error) {
    // RangeError: a runtime that was built without this encoding.
    if (error instanceof TypeError || error instanceof RangeError) return false;
    throw error;
  }
}

const isAscii = (bytes: Buffer): boolean => bytes.every((byte) => byte < 0x80);
