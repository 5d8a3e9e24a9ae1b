/** Names that say something else than the content is. Source: MITRE ATT&CK T1036.007, T1036.008, T1564.001. @module */

import { lastPart } from "../small-text.ts";

const DOCUMENTS =
  "pdf|docx?|xlsx?|pptx?|odt|ods|rtf|jpe?g|png|gif|bmp|tiff?|webp|txt|csv|mp3|mp4|avi|mov|wav|html?";
const RUN_BY_WINDOWS = "exe|scr|com|pif|bat|cmd|vb[es]|wsf|hta|lnk|cpl|msi";
const DOUBLE = new RegExp(`\\.(?:${DOCUMENTS})\\s{0,200}\\.(?:${RUN_BY_WINDOWS})$`, "i");

/** Windows shows the first of two endings. */
export const hasDoubleEnding = (path: string): boolean => DOUBLE.test(lastPart(path).slice(-240));

const PICTURES_AND_TEXTS =
  /\.(?:png|jpe?g|gif|bmp|ico|icns|webp|avif|svg|tiff?|ttf|otf|woff2?|eot|wav|mp3|mp4|ogg|flac|webm|avi|mov|pdf|docx?|xlsx?|pptx?|txt|md|html?|css|json|xml|ya?ml|csv|po|mo|map|crt|pem|lic)$/i;
const UNTOLD = /\.(?:dat|db|tmp|log|cfg|conf|ini|bak|old|cache|pak|res)$/i;

/** What the name would make of machine code. */
export function disguiseOf(path: string): "plain" | "vague" | undefined {
  const name = lastPart(path);
  if (PICTURES_AND_TEXTS.test(name)) return "plain";
  return UNTOLD.test(name) ? "vague" : undefined;
}

/**
 * Folders with a dot that tools themselves make and fill with programs: those of compilers and debuggers, of auditwheel
 * and delocate, and of pnpm, npm and Yarn.
 */
const TOOL_FOLDERS: ReadonlySet<string> = new Set([
  ".",
  "..",
  ".bin",
  ".build-id",
  ".dwz",
  ".libs",
  ".dylibs",
  ".pnpm",
  ".store",
  ".yarn",
  ".framework",
]);

/** Hidden from who lists the folder. */
export const isHidden = (path: string): boolean =>
  path.split("/").some((part) => part.startsWith(".") && part.length > 1 && !TOOL_FOLDERS.has(part));
