/**
 * What the last line of a signature block says of the language. A signed script is a script, however little else it
 * holds. Source: see `signature-block.ts`.
 * @module
 */

import { hasFence, type Language } from "./language.ts";
import { holdsBlockEnd, STYLES, type StyleName } from "./signature-block.ts";

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

/** Lines of a block that must stand before its last one, when text follows it. */
const LEAST_LINES = 4;

/** @param end - the last characters of the file */
export function languageOfBlock(end: string): Language | undefined {
  const text = end.trimEnd();
  const last = LANGUAGES.find(([style]) => {
    const mark = STYLES[style].end;
    return text.endsWith(mark) && (text.length === mark.length || text.at(-mark.length - 1) === "\n");
  });
  if (last !== undefined) return last[1];
  // What was put behind a block does not make the script something else. Documents show blocks between fences.
  if (hasFence(end)) return undefined;
  return LANGUAGES.find(([style]) => holdsBlockEnd(end, STYLES[style], LEAST_LINES))?.[1];
}
