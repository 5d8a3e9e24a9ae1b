/**
 * What kind of file this is, as far as it matters for what it may do.
 * Sources: PE Format §COFF File Header; elf(5); Mach-O `mach-o/loader.h`, `mach-o/fat.h`.
 * @module
 */

import { asBuffer } from "@sallyport/core";
import { LANGUAGES } from "../../formats/script/language.ts";
import type { FileKind } from "../../rules/behaviours/behaviour.ts";

/** Bytes from the start that are enough to tell. */
export const KIND_BYTES = 32 * 1024;

const SCRIPT_FORMATS: ReadonlySet<string> = new Set(LANGUAGES);

/** Source that is run as it stands, by the endings under which it is run. */
const SCRIPT_ENDINGS: ReadonlySet<string> = new Set(
  (
    "js mjs cjs jsx ts mts cts jsc py pyw pth sh bash zsh ksh command ps1 psm1 psd1 bat cmd vbs vbe jse wsf hta " +
    "rb pl pm php lua tcl applescript scpt ahk au3 m4 ac am mk cmake gyp gypi gradle postinst preinst prerm postrm"
  ).split(" "),
);
/** Made for people or for compilers only: what stands in them is told, not done. */
const TOLD_ENDINGS: ReadonlySet<string> = new Set(
  "md markdown rst adoc txt map css scss less po xlf csv tsv log".split(" "),
);
const TOLD_NAMES =
  /^(?:readme|changelog|changes|news|licen[cs]e|copying|authors|notice|contributors|history)(?:\.|$)/;

/**
 * @param head - the first {@link KIND_BYTES} of the file, or all of it
 * @returns undefined for what is only read by people: it does nothing
 */
export function kindOf(format: string, path: string, head: Uint8Array): FileKind | undefined {
  const bytes = asBuffer(head);
  switch (format) {
    case "pe":
      return kindOfPe(bytes);
    case "elf":
      return kindOfElf(bytes);
    case "mach-o":
      return kindOfMachO(bytes);
    default:
      return kindOfText(format, path, bytes);
  }
}

function kindOfText(format: string, path: string, head: Buffer): FileKind | undefined {
  const name = path.slice(path.lastIndexOf("/") + 1).toLowerCase();
  const ending = name.slice(name.lastIndexOf(".") + 1);
  const isScript = SCRIPT_FORMATS.has(format) || SCRIPT_ENDINGS.has(ending);
  if (isScript && !name.endsWith(".d.ts")) return "script";
  const isTold = name.endsWith(".d.ts") || TOLD_ENDINGS.has(ending) || TOLD_NAMES.test(name);
  // Whatever it is called, nobody reads a text with zeros in it.
  return isTold && !head.includes(0) ? undefined : "data";
}

const IMAGE_FILE_DLL = 0x2000;

function kindOfPe(bytes: Buffer): FileKind {
  const header = bytes.length >= 64 ? bytes.readUInt32LE(60) : bytes.length;
  const at = header + 22;
  const flags = at + 2 <= bytes.length ? bytes.readUInt16LE(at) : 0;
  return (flags & IMAGE_FILE_DLL) === 0 ? "program" : "library";
}

const PT_INTERP = 3;
const ET_EXEC = 2;

/** A position-independent program says which interpreter loads it; a library does not. */
function kindOfElf(bytes: Buffer): FileKind {
  if (bytes.length < 64) return "library";
  const isBig = bytes[5] === 2;
  const is64 = bytes[4] === 2;
  const half = (at: number) => (isBig ? bytes.readUInt16BE(at) : bytes.readUInt16LE(at));
  const word = (at: number) => (isBig ? bytes.readUInt32BE(at) : bytes.readUInt32LE(at));
  if (half(16) === ET_EXEC) return "program";
  // Tables that stand beyond four gibibytes are beyond what was read as well.
  const start = is64 ? word(isBig ? 36 : 32) : word(28);
  const size = half(is64 ? 54 : 42);
  const count = half(is64 ? 56 : 44);
  for (let index = 0, at = start; index < count && at + 4 <= bytes.length; index += 1, at += size) {
    if (word(at) === PT_INTERP) return "program";
    if (size === 0) break;
  }
  return "library";
}

const FAT_MAGIC = 0xcafebabe;
const MH_EXECUTE = 2;

/** The slices of a universal binary are of one kind; where the first lies beyond what was read, it is code all the same. */
function kindOfMachO(bytes: Buffer): FileKind {
  if (bytes.length < 32) return "library";
  const at = bytes.readUInt32BE(0) === FAT_MAGIC ? bytes.readUInt32BE(16) : 0;
  if (at + 16 > bytes.length) return "program";
  const isLittle = bytes[at] === 0xcf || bytes[at] === 0xce;
  const fileType = isLittle ? bytes.readUInt32LE(at + 12) : bytes.readUInt32BE(at + 12);
  return fileType === MH_EXECUTE ? "program" : "library";
}
