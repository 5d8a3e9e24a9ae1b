/**
 * What an install script says it downloads, without running it: literals, and variables that hold one. Source: Chocolatey, "Create
 * Packages", chocolateyInstall.ps1; about_Quoting_Rules of PowerShell.
 * @module
 */

import { sha256Of } from "../../witnesses/digest.ts";
import { downloadUrl } from "../../witnesses/web-address.ts";

export interface ScriptDownload {
  readonly sha256: string;
  readonly url: string | undefined;
  readonly architecture: string | undefined;
}

const LITERAL = String.raw`(?:'([^'\r\n]{0,4096})'|"([^"\r\n]{0,4096})"|\$([A-Za-z0-9_]{1,64})\b)`;
/** `url64bit = '…'` in a table, `$url64 = "…"`, `-Checksum64 $checksum`. */
const SAYING = new RegExp(
  String.raw`(?<![A-Za-z0-9_])[$-]?(url64bit|url64|url|checksum64|checksum)(?:[ \t]*=[ \t]*|[ \t]+)${LITERAL}`,
  "gi",
);
const ASSIGNMENT = new RegExp(String.raw`\$([A-Za-z0-9_]{1,64})[ \t]*=[ \t]*${LITERAL}`, "g");
const MAX_SAYINGS = 2000;

/** @returns each file whose SHA-256 the script names, once; with its address where it is plain which one that is */
export function downloadsOf(script: string): readonly ScriptDownload[] {
  const text = script.replace(/^[ \t]*#.*$/gm, "");
  const variables = variablesOf(text);
  const said = new Map<string, Set<string>>();
  for (const [, key = "", ...literal] of [...text.matchAll(SAYING)].slice(0, MAX_SAYINGS)) {
    const value = resolve(literal, variables);
    const name = key.toLowerCase().replace("url64bit", "url64");
    if (value !== undefined) said.set(name, (said.get(name) ?? new Set()).add(value));
  }
  const has64 = said.has("checksum64");
  const found = [
    ...pair(said.get("url64") ?? (has64 ? said.get("url") : undefined), said.get("checksum64"), "x64"),
    ...pair(said.get("url"), said.get("checksum"), has64 ? "x86" : undefined),
  ];
  return [...new Map(found.map((one) => [`${one.sha256} ${one.url ?? ""}`, one])).values()];
}

/** One address and one digest belong together; of several nobody can tell without running it. */
function pair(
  urls: ReadonlySet<string> = new Set(),
  digests: ReadonlySet<string> = new Set(),
  architecture: string | undefined,
): readonly ScriptDownload[] {
  const strong = [...digests].map(sha256Of).filter((digest) => digest !== undefined);
  const [url] = urls.size === 1 && strong.length === 1 ? [...urls].map(downloadUrl) : [];
  return strong.map((sha256) => ({ sha256, url, architecture }));
}

/** Variables that are given one literal; of one that is given several nobody can tell. */
function variablesOf(text: string): ReadonlyMap<string, string | undefined> {
  const variables = new Map<string, string | undefined>();
  for (const [, name = "", single, double] of [...text.matchAll(ASSIGNMENT)].slice(0, MAX_SAYINGS)) {
    const key = name.toLowerCase();
    const value = single ?? double;
    variables.set(key, variables.has(key) && variables.get(key) !== value ? undefined : value);
  }
  return variables;
}

function resolve(
  [single, double, variable]: readonly (string | undefined)[],
  variables: ReadonlyMap<string, string | undefined>,
): string | undefined {
  if (single !== undefined) return single;
  const text = double ?? (variable === undefined ? undefined : variables.get(variable.toLowerCase()));
  if (text === undefined) return undefined;
  const filled = text.replace(/\$\{?([A-Za-z0-9_]{1,64})\}?/g, (whole, name: string) => {
    const value = variables.get(name.toLowerCase());
    return value === undefined || value.includes("$") ? whole : value;
  });
  return filled.includes("$") || filled.length > 4096 ? undefined : filled;
}
