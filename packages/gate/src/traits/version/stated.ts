/** Versions that the text of a script states: `const VERSION = "1.2.3"`, `__version__ = '1.2'`. @module */

const STATEMENT =
  /\bversion(?:_?(?:number|string))?(?:_{2})?["']?\s{0,5}[:=]{1,2}\s{0,5}["'`]v?(\d{1,9}(?:\.\d{1,9}){1,4}[0-9A-Za-z.+-]{0,40})["'`]/gi;
const MOST = 12;
const MOST_MATCHES = 2000;

/** @returns at most a dozen, sorted, each once */
export function statedVersions(text: string): string[] {
  const found = new Set<string>();
  let matches = 0;
  for (const [, version = ""] of text.matchAll(STATEMENT)) {
    found.add(version);
    matches += 1;
    if (found.size >= MOST || matches >= MOST_MATCHES) break;
  }
  return [...found].sort();
}
