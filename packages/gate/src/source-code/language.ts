/**
 * Which language a member is written in: by the ending that says who runs it, else by what its format was found to be.
 * Sources: the interpreters' manuals; PEP 829 and Python's `site` module for `.pth`.
 * @module
 */

import { recogniseLanguage } from "../formats/script/language.ts";

export type SourceLanguage =
  | "ecmascript"
  | "python"
  | "shell"
  | "powershell"
  | "batch"
  | "vbscript"
  | "ruby"
  | "perl"
  | "php"
  | "lua"
  | "other";

const ENDINGS: ReadonlyMap<string, SourceLanguage> = new Map([
  ...["js", "mjs", "cjs", "jsx", "ts", "mts", "cts", "tsx", "es6", "jsm"].map(
    (ending) => [ending, "ecmascript"] as const,
  ),
  ...["py", "pyw", "pth", "pyi"].map((ending) => [ending, "python"] as const),
  ...["sh", "bash", "zsh", "ksh", "dash", "command", "fish"].map((ending) => [ending, "shell"] as const),
  ...["ps1", "psm1", "psd1", "ps1xml"].map((ending) => [ending, "powershell"] as const),
  ...["bat", "cmd"].map((ending) => [ending, "batch"] as const),
  ...["vbs", "wsf", "hta", "wsc"].map((ending) => [ending, "vbscript"] as const),
  ...["rb", "gemspec", "rake"].map((ending) => [ending, "ruby"] as const),
  ...["pl", "pm"].map((ending) => [ending, "perl"] as const),
  ...["php", "phtml"].map((ending) => [ending, "php"] as const),
  ["lua", "lua"],
  ...["html", "htm", "xhtml", "vue", "svelte"].map((ending) => [ending, "ecmascript"] as const),
]);

/** Endings of texts that are read by people or by programs, and run by nobody. */
const NOT_RUN =
  /\.(?:d\.[mc]?ts|map|json|md|markdown|rst|txt|css|scss|less|xml|svg|csv|lock|ya?ml|toml|po)$/i;

const FORMATS: ReadonlyMap<string, SourceLanguage> = new Map([
  ["javascript", "ecmascript"],
  ["python", "python"],
  ["shell", "shell"],
  ["powershell", "powershell"],
  ["powershell-xml", "powershell"],
  ["batch", "batch"],
  ["vbscript", "vbscript"],
  ["windows-script", "vbscript"],
  ["encoded-script", "vbscript"],
  ["ruby", "ruby"],
  ["perl", "perl"],
  ["php", "php"],
  ["script", "other"],
]);

/** Pages whose scripts stand between marks. */
export const isMarkup = (path: string): boolean => /\.(?:x?html?|vue|svelte)$/i.test(path);

/** Endings under which something is run as a script; models and films have the others. */
const RUN_NAME = /\.(?:[cm]?js|jsx|pyw?|sh|bash|zsh|psm?1|bat|cmd|vbs|rb|pl|php|lua)$/i;

/** A member that is run as a script by its name, and that is of a format which nobody reads as one. */
export const isMaskedScript = ({
  path,
  format,
}: {
  readonly path: string;
  readonly format: string;
}): boolean => RUN_NAME.test(path) && !MAY_BE_SOURCE.has(format);

/** Formats whose members can be source text. */
export const MAY_BE_SOURCE: ReadonlySet<string> = new Set(["data", ...FORMATS.keys()]);

/**
 * @param path - as shown; only its last part counts
 * @param text - its beginning, for what neither ending nor format names
 * @returns undefined for what nobody runs
 */
export function sourceLanguageOf(path: string, format: string, text: string): SourceLanguage | undefined {
  const name = path.slice(path.lastIndexOf("/") + 1);
  if (NOT_RUN.test(name)) return undefined;
  const ending = name.slice(name.lastIndexOf(".") + 1).toLowerCase();
  const byEnding = name.includes(".") ? ENDINGS.get(ending) : undefined;
  if (byEnding !== undefined) return byEnding;
  const byFormat = FORMATS.get(format);
  if (byFormat !== undefined) return byFormat;
  const recognised = recogniseLanguage(text);
  return recognised === undefined ? undefined : FORMATS.get(recognised);
}
