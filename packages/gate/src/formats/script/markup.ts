/**
 * Scripts that are written as markup, told by their root element. Everything else that begins with `<` is data.
 * Sources: PowerShell, about_Types.ps1xml, about_Format.ps1xml, CDXML ("cmdlets over objects"); Windows Script Host,
 * "Script Components", "Windows Script Files"; PHP manual, "PHP tags".
 * @module
 */

import type { Language } from "./language.ts";

interface Root {
  readonly name: string;
  /** What the file holds besides: names of elements and namespaces. */
  readonly holds: RegExp;
  readonly language: Language;
}

const ROOTS: readonly Root[] = [
  { name: "PSConsoleFile", holds: /<PSConsoleFile\b/, language: "powershell-xml" },
  { name: "PowerShellMetadata", holds: /cmdlets-over-objects/, language: "powershell-xml" },
  {
    name: "Configuration",
    holds: /<(?:ViewDefinitions|SelectionSets|DefaultSettings|Controls)\b/,
    language: "powershell-xml",
  },
  { name: "Types", holds: /<Type>/, language: "powershell-xml" },
  { name: "job", holds: /<script\b/i, language: "windows-script" },
  { name: "package", holds: /<job\b|<component\b/i, language: "windows-script" },
  { name: "component", holds: /<(?:registration|script|public|implements)\b/i, language: "windows-script" },
  { name: "scriptlet", holds: /<(?:registration|script|implements)\b/i, language: "windows-script" },
];

/** Declarations and comments before the root element. */
const PROLOGUE = /^\s*(?:<\?xml[^>]{0,500}\?>|<!--[\s\S]{0,4000}?-->)/i;
const MAX_PROLOGUES = 20;

/** @param code - begins with `<` */
export function recogniseMarkup(code: string): Language | undefined {
  if (/^<\?(?:php\b|=)/i.test(code)) return "php";
  let rest = code;
  for (let count = 0; count < MAX_PROLOGUES; count += 1) {
    const prologue = PROLOGUE.exec(rest)?.[0];
    if (prologue === undefined) break;
    rest = rest.slice(prologue.length);
  }
  const name = /^\s*<([A-Za-z][\w.-]{0,60})[\s>/]/.exec(rest)?.[1];
  return ROOTS.find((root) => root.name === name && root.holds.test(rest))?.language;
}
