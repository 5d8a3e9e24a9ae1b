/**
 * Commands that npm runs while it installs a package. Source: npm, "scripts", Life Cycle Operation Order; npm,
 * package.json, "gypfile".
 * @module
 */

import { isJsonObject, member } from "../../json/read-json.ts";
import { parseAsNpm } from "../small-text.ts";

/** Run for a package that another one depends on; the others are for its own developers. */
export const LIFECYCLE = [
  "preinstall",
  "install",
  "postinstall",
  "preuninstall",
  "uninstall",
  "postuninstall",
] as const;

export type Lifecycle = Partial<Readonly<Record<(typeof LIFECYCLE)[number], string>>>;

const MOST_CHARACTERS = 4000;

/** @returns undefined when the text is no description of a package */
export function readLifecycle(text: string): Lifecycle | undefined {
  const document = parseAsNpm(text);
  if (!isJsonObject(document) || member(document, "version") === undefined) return undefined;
  const scripts = member(document, "scripts");
  const found: Partial<Record<(typeof LIFECYCLE)[number], string>> = {};
  for (const name of LIFECYCLE) {
    const command = member(scripts, name);
    if (typeof command === "string") found[name] = command.slice(0, MOST_CHARACTERS);
  }
  return found;
}

/** Does nothing, or what npm does by itself for a package with a `binding.gyp`. */
export const isIdle = (command: string): boolean =>
  /^\s*(?:echo\s[^;&|`$<>]*|exit 0|true|:|node-gyp rebuild|)\s*$/.test(command);

const RUNNERS =
  /^(?:node|nodejs|sh|bash|zsh|python[0-9.]*|perl|ruby|deno|bun|ts-node|tsx|powershell|pwsh|cscript|call|source|\.)$/;

/** Files of the package that a command runs, relative to its folder; endings may be left out. */
export function filesRunBy(command: string): string[] {
  const files: string[] = [];
  for (const part of command.slice(0, MOST_CHARACTERS).split(/&&|\|\||[;|&\n]/)) {
    const words = part.trim().split(/\s+/);
    const at = words.findIndex((word) => !/^(?:[A-Z_]+=\S*|cross-env|npx|exec|sudo)$/.test(word));
    const program = words[at] ?? "";
    const argument = words.slice(at + 1).find((word) => !word.startsWith("-"));
    const file = RUNNERS.test(program) ? argument : /^\.{1,2}\//.test(program) ? program : undefined;
    if (file !== undefined) files.push(file.replace(/^["']|["']$/g, "").replace(/^(?:\.\/)+/, ""));
  }
  return files;
}
