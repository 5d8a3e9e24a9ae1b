/**
 * What the last line of a signature block says of the language. A signed script is a script, however little else it
 * holds. Source: see `signature-block.ts`.
 * @module
 */

import type { Language } from "./language.ts";
import { recogniseMarkup } from "./markup.ts";
import { STYLES, type StyleName } from "./signature-block.ts";

const LANGUAGES: readonly (readonly [StyleName, Language])[] = [
  ["hash", "powershell"],
  ["xml", "powershell-xml"],
  ["c", "mof"],
  ["slash", "javascript"],
  ["quote", "vbscript"],
];

/** In which style the blocks of a language are written. */
export const STYLE_OF: ReadonlyMap<string, StyleName> = new Map([
  ...LANGUAGES.map(([style, language]) => [language, style] as const),
  ["windows-script", "element"],
]);

/**
 * @param end - the last characters of the file
 * @param start - the first ones
 */
export function languageOfBlock(end: string, start: string): Language | undefined {
  const text = end.trimEnd();
  const found = LANGUAGES.find(([style]) => {
    const mark = STYLES[style].end;
    return text.endsWith(mark) && (text.length === mark.length || text.at(-mark.length - 1) === "\n");
  });
  // A block of XML comments may stand behind any XML that PowerShell reads, and its root element says more.
  return found?.[0] === "xml" ? (recogniseMarkup(start) ?? "powershell-xml") : found?.[1];
}
