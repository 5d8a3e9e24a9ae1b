/**
 * What tells code that hides from a reader from code that a minifier made short. Each sign is something that common
 * minifiers (terser, esbuild, swc, closure compiler) do not write.
 * Sources: the options of javascript-obfuscator (string array, rotation, control flow flattening, hexadecimal names);
 * reports about event-stream 3.3.6 (2018), ua-parser-js 0.7.29 (2021), chalk and debug (September 2025), code in
 * variation selectors (October 2025).
 * @module
 */

export type SignId =
  | "hexadecimal-names"
  | "rotated-table"
  | "flattened-control"
  | "spelled-in-pieces"
  | "escaped-letters"
  | "decoded-calls"
  | "spelled-by-codes"
  | "hidden-require"
  | "invisible-characters"
  | "pushed-aside"
  | "few-characters"
  | "decode-then-run"
  | "encoded-names"
  | "run-code"
  | "encoded-table"
  | "built-module-name";

export interface SignMeaning {
  /** So many of them say something. */
  readonly enough: number;
  /** Strong ones count by themselves, the others with another. */
  readonly isStrong: boolean;
  /** Goes on from `hides what it does: `. */
  readonly says: string;
}

export const SIGNS: Readonly<Record<SignId, SignMeaning>> = {
  "hexadecimal-names": {
    enough: 4,
    isStrong: true,
    says: "names like _0x1a2b that an obfuscator gives",
  },
  "rotated-table": { enough: 1, isStrong: true, says: "a table of strings that is turned until a sum fits" },
  "flattened-control": {
    enough: 1,
    isStrong: true,
    says: "an order of steps that is kept as a string of numbers",
  },
  "spelled-in-pieces": {
    enough: 1,
    isStrong: true,
    says: "names of dangerous functions, put together of pieces or escapes",
  },
  "encoded-names": {
    enough: 1,
    isStrong: true,
    says: "names of dangerous functions, encoded or written backwards",
  },
  "escaped-letters": { enough: 2, isStrong: true, says: "plain letters, written as escapes" },
  "spelled-by-codes": {
    enough: 1,
    isStrong: true,
    says: "plain text, spelled by the codes of its characters",
  },
  "hidden-require": { enough: 1, isStrong: true, says: "require, handed on under a name that is computed" },
  "decoded-calls": {
    enough: 4,
    isStrong: true,
    says: "functions that are named by a number or by encoded text",
  },
  "invisible-characters": { enough: 1, isStrong: true, says: "a run of characters that nobody sees" },
  "pushed-aside": {
    enough: 1,
    isStrong: true,
    says: "code behind a row of spaces, past the edge of the screen",
  },
  "few-characters": { enough: 1, isStrong: true, says: "code of nothing but brackets and signs" },
  "decode-then-run": { enough: 1, isStrong: true, says: "code that is decoded and then run" },
  "run-code": { enough: 1, isStrong: false, says: "code that is made while it runs" },
  "encoded-table": { enough: 1, isStrong: false, says: "a long encoded string or list of character codes" },
  "built-module-name": { enough: 1, isStrong: false, says: "modules whose names are made while it runs" },
};

/** Names that are spelled out in ordinary code. */
export const DANGEROUS_NAMES: readonly string[] = [
  "child_process",
  "execSync",
  "spawnSync",
  "fromCharCode",
  "createDecipheriv",
  "runInThisContext",
  "XMLHttpRequest",
  "process.env",
  "constructor.constructor",
  "powershell",
  "WScript.Shell",
  "createObject",
];
