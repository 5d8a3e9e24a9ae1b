/**
 * Lines of build files that do more than name files and flags. Told by the tools they call, not by single names: every
 * configure script evaluates texts, and every Makefile unpacks archives in some target.
 * Sources: POSIX.1-2017, Shell and Utilities; coreutils, grep, xz, gzip, openssl manuals; CVE-2024-3094.
 * @module
 */

/**
 * - `shell`: hands what comes out of something to a shell
 * - `evaluate`: evaluates a text in the middle of a pipe
 * - `substitute`: evaluates a text that a command gave
 * - `decode`: turns bytes into other bytes: decompresses, decodes, decrypts, maps characters, cuts out a piece
 * - `hidden-command`: the command itself stands in a variable, and decodes
 * - `search`: looks through the sources for bytes, as if binary files were text
 * - `one-line`: a program in another language within the line
 * - `fetch`: gets something from the network
 * - `make-object`: writes what is linked or run: an object, a library, a program
 */
export type Feature =
  | "shell"
  | "evaluate"
  | "substitute"
  | "decode"
  | "hidden-command"
  | "search"
  | "one-line"
  | "fetch"
  | "make-object";

const PATTERNS: readonly (readonly [Feature, RegExp])[] = [
  [
    "shell",
    /(?<!\|)\|\s*(?:exec\s+|env\s+)?\\?["']?(?:\$\{?\w*SHELL\}?|\$\$?\(?\{?SHELL\}?\)?)["']?(?=$|[\s;)'"\],&2>|])/,
  ],
  ["shell", /\b(?:ba|da|z|k)?sh\s+-c\s+["']?(?:\$\(|`)/],
  ["evaluate", /(?<!\|)\|\s*eval\s+\\?["']?\\?\$/],
  ["evaluate", /\beval\s+\\?["']?\\?\$[\w{[\]$}]+["']?\s*\|(?!\|)/],
  ["substitute", /\beval\s+["']?(?:\$\(|`)/],
  ["decode", /\b(?:un(?:xz|lzma|zstd)|xzcat|lzcat|zcat|bzcat|zstdcat|gunzip|bunzip2|uudecode)\s/],
  [
    "decode",
    /\b(?:xz|lzma|gzip|bzip2|zstd|lz4|brotli|base64|base32|gpg)\b[^|;\n]{0,60}\s-(?:-decode|-decompress|-decrypt|[a-zA-Z]*[dD][a-zA-Z]*)\b/,
  ],
  ["decode", /\bopenssl\b[^|;\n]{0,80}\s-d\b/],
  ["decode", /\bxxd\b[^|;\n]{0,40}\s-\w*r/],
  ["decode", /\b(?:head|tail)\s+(?:-c|--bytes)/],
  ["decode", /\bdd\b[^|;\n]{0,120}\b(?:skip|count|bs)=/],
  ["decode", /\btr\s+(?:-[cs]\s+)?["']?\\(?:t|[0-7]{1,3})/],
  ["decode", /\bprintf\s+["']?(?:\\\\?(?:x[0-9a-f]{2}|[0-7]{3})){4}/i],
  [
    "decode",
    /\b(?:GzDecoder|XzDecoder|ZlibDecoder|BzDecoder|b64decode|a85decode|zlib\.decompress|lzma\.decompress|bz2\.decompress|base64::decode)\b/,
  ],
  ["hidden-command", /\|\s*\\?["']?\\?\$[\w{}[\]$()]{2,60}["']?\s+-\w*d\w*(?=$|[\s|;'"`2>)])/],
  ["search", /\bgrep\s+(?:-[a-zA-Z]+\s+)*-[b-zA-Z]*a[a-zA-Z]*\b/],
  ["search", /\bgrep\b[^|;\n]{0,40}--(?:binary-files=text|text)\b/],
  [
    "one-line",
    /\b(?:python[\d.]*|perl|ruby|node|php|lua|osascript|powershell(?:\.exe)?|pwsh)\s+(?:-\w+\s+)*-(?:c|e|E|ec|enc|EncodedCommand)\b/,
  ],
  [
    "fetch",
    /(?:^|[\s(`;&|"'@])(?:curl|wget|fetch|aria2c)\s+(?:-|["']?https?:|\\?["']?\$)|\b(?:Invoke-WebRequest|DownloadString|DownloadFile|urlretrieve|urlopen|ureq::get|reqwest::)/,
  ],
  [
    "make-object",
    /(?:>|-o|of=|OUTPUT)\s*["']?[\w${}()./@\\-]{1,120}\.(?:o|lo|a|la|so|obj|lib|dll|dylib|exe)\b/,
  ],
  ["make-object", /\bchmod\s+(?:\+x|a\+x|u\+x|[0-7]?7[0-7][0-7])\b/],
];

/** What makes a line worth keeping; the others say little without these. */
const KEPT: ReadonlySet<Feature> = new Set([
  "shell",
  "evaluate",
  "substitute",
  "decode",
  "hidden-command",
  "search",
  "one-line",
  "fetch",
]);
/** A first look, so that most of a million lines are passed over quickly. */
const WORTH_A_LOOK =
  /\||`|\b(?:eval|sh|xz|lzma|gzip|gunzip|bzip2|zstd|base64|openssl|xxd|head|tail|dd|tr|printf|grep|python|perl|ruby|node|curl|wget|[a-z0-9]*cat|decode|decompress|Decoder|fetch|ureq|reqwest)\b/;

export interface Line {
  readonly features: readonly Feature[];
  /** Of the line, its spaces and continuations made one; at most 400 characters. */
  readonly text: string;
}

const MAX_LINE_CHARACTERS = 4000;
const SHOWN_CHARACTERS = 400;
const LINES_BETWEEN_LOOKS = 100;

/** @param checkTime - asked now and then; throws when the time is up */
export function* readLines(text: string, checkTime: () => void): Generator<Line> {
  let count = 0;
  for (const line of logicalLines(text)) {
    if (count % LINES_BETWEEN_LOOKS === 0) checkTime();
    count += 1;
    if (!WORTH_A_LOOK.test(line)) continue;
    const features = featuresOf(line);
    if (features.some((feature) => KEPT.has(feature)))
      yield { features, text: line.replaceAll(/\s+/g, " ").trim().slice(0, SHOWN_CHARACTERS) };
  }
}

function featuresOf(line: string): Feature[] {
  const found = new Set(PATTERNS.filter(([, pattern]) => pattern.test(line)).map(([feature]) => feature));
  if (isPipedToShell(line)) found.add("shell");
  // Automake's own targets take the archives apart that they made.
  if (found.size === 1 && found.has("decode") && line.includes("$(distdir)")) return [];
  return [...found].sort();
}

const PIPED = /(?<!\|)\|[ \t]*(?:exec\s+|env\s+)?(?:\/usr)?(?:\/bin\/)?(?:ba|da|z|k)?sh(?=$|[\s;)'"\],&2>])/g;

/** Lists of words that a case matches have pipes between them as well: a command has an argument. */
function isPipedToShell(line: string): boolean {
  for (const { index } of line.matchAll(PIPED)) {
    const from = Math.max(line.lastIndexOf("|", index - 1), line.lastIndexOf(";", index - 1)) + 1;
    if (/\S\s+\S/.test(line.slice(from, index))) return true;
  }
  return false;
}

/** Without comments of their own line; those that end with a backslash go on. A very long line is looked at in pieces. */
export function* logicalLines(text: string): Generator<string> {
  let held = "";
  for (let at = 0; at < text.length; ) {
    const found = text.indexOf("\n", at);
    const end = found < 0 ? text.length : found;
    for (let from = at; from < end || from === at; from += MAX_LINE_CHARACTERS) {
      const piece = text.slice(from, Math.min(end, from + MAX_LINE_CHARACTERS)).replace(/\r$/, "");
      const goesOn = piece.endsWith("\\") && held.length + piece.length < MAX_LINE_CHARACTERS;
      held += goesOn ? `${piece.slice(0, -1)} ` : piece;
      if (goesOn) continue;
      if (!COMMENT.test(held)) yield held;
      held = "";
    }
    at = end + 1;
  }
  if (held !== "" && !COMMENT.test(held)) yield held;
}

const COMMENT = /^\s*(?:#(?!!)|dnl\b|\/\/|<!--)/;

/** What paths are made of, and more than one character of it. */
const WORD = /[A-Za-z0-9_@+./-]{3,}/g;
const ENDING = /^[A-Za-z0-9_]{1,12}$/;
const MAX_PATH_CHARACTERS = 256;

/** @returns last parts of what may be paths to files with an ending, sorted */
export function readMentions(text: string, most: number): string[] {
  const names = new Set<string>();
  for (const line of logicalLines(text)) {
    for (const [word] of line.matchAll(WORD)) {
      const dot = word.lastIndexOf(".");
      if (dot <= 0 || word.length > MAX_PATH_CHARACTERS || !ENDING.test(word.slice(dot + 1))) continue;
      names.add(word.slice(word.lastIndexOf("/") + 1));
    }
    if (names.size > most) break;
  }
  return [...names].sort().slice(0, most);
}
