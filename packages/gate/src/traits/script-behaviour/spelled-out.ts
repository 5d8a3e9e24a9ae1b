/**
 * Commands that are spelled letter by letter, so that nobody finds them by their words. Sources: MITRE ATT&CK
 * T1027.010; the manuals of PowerShell (about_Join), cmd.exe (`set /?`), VBScript (Chr) and bash (ANSI-C quoting).
 * @module
 */

import { BATCH, type Look, POWERSHELL, SHELL, VBSCRIPT } from "./sign.ts";

export const SPELLED_OUT: readonly Look[] = [
  {
    languages: POWERSHELL,
    needles: ["iex", "invoke-expression"],
    pattern:
      /\b(?:iex|invoke-expression)\b[^\n]{0,200}(?:-join\b|\[char\[?\]?\]|\bgzipstream\b|\bdeflatestream\b|-bxor\b)|(?:-join\b|\[char\[?\]?\]|\bgzipstream\b|\bdeflatestream\b|-bxor\b)[^\n]{0,200}\|[ \t]{0,4}(?:iex|invoke-expression)\b/g,
  },
  {
    // `iex` out of the letters of a path.
    languages: POWERSHELL,
    needles: ["comspec[", "pshome[", "shellid["],
    pattern: /\$(?:env:comspec|pshome|shellid)\[/g,
  },
  {
    languages: BATCH,
    different: 6,
    needles: [":~"],
    pattern: /%\w{1,40}:~-?\d{1,3},1%/g,
  },
  {
    languages: VBSCRIPT,
    needles: ["chr(", "chrw("],
    pattern: /(?:\bchrw?\([^)\n]{1,20}\)[ \t]{0,4}[&+][ \t]{0,4}){8}/g,
  },
  {
    languages: SHELL,
    needles: ["\\x"],
    pattern:
      /\$'(?:\\x[0-9a-f]{2}){4}|\bprintf[ \t]{1,4}["'](?:\\x[0-9a-f]{2}){8}[^\n|]{0,2000}\|[ \t]{0,4}(?:ba|z|da)?sh\b/g,
  },
];
