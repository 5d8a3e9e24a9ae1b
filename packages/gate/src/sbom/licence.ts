/**
 * Licences as they are declared. Source: CycloneDX 1.6, "licenses"; SPDX, licence list and annex D, licence expressions.
 * @module
 */

import type { JsonObject } from "@sallyport/core";

/** The identifiers that packages use most; any other text is kept as a name. */
const IDENTIFIERS: ReadonlySet<string> = new Set([
  "0BSD",
  "AGPL-3.0-only",
  "AGPL-3.0-or-later",
  "Apache-2.0",
  "Artistic-2.0",
  "BlueOak-1.0.0",
  "BSD-2-Clause",
  "BSD-3-Clause",
  "BSL-1.0",
  "CC-BY-3.0",
  "CC-BY-4.0",
  "CC0-1.0",
  "CDDL-1.0",
  "EPL-1.0",
  "EPL-2.0",
  "GPL-2.0-only",
  "GPL-2.0-or-later",
  "GPL-3.0-only",
  "GPL-3.0-or-later",
  "ISC",
  "LGPL-2.1-only",
  "LGPL-2.1-or-later",
  "LGPL-3.0-only",
  "LGPL-3.0-or-later",
  "MIT",
  "MIT-0",
  "MPL-1.1",
  "MPL-2.0",
  "MS-PL",
  "OFL-1.1",
  "OpenSSL",
  "PSF-2.0",
  "Python-2.0",
  "Ruby",
  "Unicode-3.0",
  "Unlicense",
  "WTFPL",
  "X11",
  "Zlib",
  "ZPL-2.1",
]);

/** @returns what stands in `licenses` of a component; absent when nothing is declared */
export function licencesOf(declared: string | undefined): { readonly licenses?: JsonObject[] } {
  const text = declared?.trim();
  if (!text) return {};
  if (IDENTIFIERS.has(text)) return { licenses: [{ license: { id: text } }] };
  return { licenses: [isExpression(text) ? { expression: text } : { license: { name: text } }] };
}

/** Only of identifiers that are known here: whoever reads an expression looks each of them up. */
function isExpression(text: string): boolean {
  let depth = 0;
  let hasOperand = false;
  for (const word of text.match(/[()]|[^()\s]+/g) ?? []) {
    const isFitting = hasOperand ? /^(?:AND|OR|\))$/.test(word) : word === "(" || IDENTIFIERS.has(word);
    if (!isFitting) return false;
    if (word === "(") depth += 1;
    else if (word === ")") depth -= 1;
    else hasOperand = !hasOperand;
    if (depth < 0) return false;
  }
  return hasOperand && depth === 0;
}
