/** What a custom action is. Source: Windows Installer SDK, "Summary List of All Custom Action Types", "Custom Action In-Script Execution Options". @module */

import type { Action } from "../../formats/ole/executed.ts";

/** The lower six bits of the type: where the code is, and what it is. */
const KINDS: ReadonlyMap<number, string> = new Map([
  [1, "calls a library that the installer carries"],
  [2, "runs a program that the installer carries"],
  [5, "runs a JScript that the installer carries"],
  [6, "runs a VBScript that the installer carries"],
  [7, "installs another installer that it carries"],
  [17, "calls a library that it installs"],
  [18, "runs a program that it installs"],
  [21, "runs a JScript that it installs"],
  [22, "runs a VBScript that it installs"],
  [23, "installs another installer beside it"],
  [34, "runs a command line"],
  [37, "runs a JScript"],
  [38, "runs a VBScript"],
  [39, "installs another product"],
  [50, "runs a command line"],
  [53, "runs a JScript from a property"],
  [54, "runs a VBScript from a property"],
]);

const SETS_PROPERTY = 51;
/** Deferred, and not as the person who installs. */
const IN_SCRIPT = 0x0400;
const NO_IMPERSONATION = 0x0800;
/** Programs that run whatever they are told to. */
const HOSTS =
  /\b(?:powershell|pwsh|cmd(?:\.exe)?\s{1,20}\/[ck]|rundll32|regsvr32|mshta|wscript|cscript|certutil|bitsadmin|msbuild|installutil|schtasks|curl|wget)\b|https?:\/\//i;

/** @returns what it runs; undefined for one that sets a property or a folder, or shows an error */
export const whatItRuns = ({ type }: Action): string | undefined => KINDS.get(type & 0x3f);

/** Sets a property to something that reads like a command: what another action runs may come from there. */
export const setsCommand = ({ type, target }: Action): boolean =>
  (type & 0x3f) === SETS_PROPERTY &&
  (HOSTS.test(target) || /\.(?:exe|dll|ps1|vbs|js|bat|cmd|scr)\b/i.test(target));

export const usesHost = ({ source, target }: Action): boolean => HOSTS.test(target) || HOSTS.test(source);

export const runsAsSystem = ({ type }: Action): boolean =>
  (type & IN_SCRIPT) !== 0 && (type & NO_IMPERSONATION) !== 0;

/** Without the numbers, codes and digests that change with each build. */
export const withoutBuild = (text: string): string =>
  text
    .replace(/\{[0-9A-Fa-f-]{36}\}/g, "{}")
    .replace(/[0-9]+/g, "0")
    .toLowerCase();
