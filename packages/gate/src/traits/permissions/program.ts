/** Formats that an operating system or an interpreter runs. @module */

const NATIVE: ReadonlySet<string> = new Set(["pe", "elf", "mach-o"]);
const SCRIPTS: ReadonlySet<string> = new Set([
  "script",
  "shell",
  "python",
  "perl",
  "ruby",
  "php",
  "javascript",
  "powershell",
  "batch",
  "vbscript",
  "windows-script",
  "encoded-script",
  "self-extracting-script",
]);

/** @param format - refined name */
export const isNative = (format: string): boolean => NATIVE.has(format);
export const isScript = (format: string): boolean => SCRIPTS.has(format);
export const isProgram = (format: string): boolean => isNative(format) || isScript(format);
