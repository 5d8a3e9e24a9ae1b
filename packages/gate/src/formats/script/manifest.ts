/**
 * What a script of PowerShell says it is: in the manifest of a module, or in the comment that scripts of a gallery carry.
 * Source: PowerShell, about_Module_Manifests; PowerShellGet, PSScriptInfo.
 * @module
 */

import type { Identity } from "../../artifact.ts";

const KEYS: readonly (readonly [keyof Identity, RegExp])[] = [
  ["version", /^[ \t]*ModuleVersion[ \t]*=[ \t]*['"]([^'"\r\n]{1,80})['"]/im],
  ["company", /^[ \t]*CompanyName[ \t]*=[ \t]*['"]([^'"\r\n]{1,200})['"]/im],
  ["product", /^[ \t]*(?:RootModule|ModuleToProcess)[ \t]*=[ \t]*['"]([^'"\r\n]{1,200})['"]/im],
];

const INFORMATION: readonly (readonly [keyof Identity, RegExp])[] = [
  ["version", /^[ \t]*\.VERSION[ \t]+([^\r\n]{1,80})$/im],
  ["company", /^[ \t]*\.COMPANYNAME[ \t]+([^\r\n]{1,200})$/im],
];

/** @param characters - the beginning of the text; nothing is claimed by what is neither a manifest nor such a comment */
export function readClaims(characters: string): Identity {
  const comment = /<#PSScriptInfo\b/i.exec(characters);
  const patterns = comment !== null ? INFORMATION : KEYS[0]?.[1].test(characters) === true ? KEYS : [];
  const text = comment === null ? characters : characters.slice(comment.index);
  const claims = patterns.flatMap(([key, pattern]) => {
    const claim = pattern.exec(text)?.[1]?.trim() ?? "";
    return claim === "" ? [] : [[key, key === "product" ? moduleName(claim) : claim] as const];
  });
  return Object.fromEntries(claims);
}

/** A module is named like its file. */
const moduleName = (path: string): string =>
  path
    .slice(Math.max(path.lastIndexOf("/"), path.lastIndexOf("\\")) + 1)
    .replace(/\.(?:psm1|dll|ps1|cdxml|xaml)$/i, "");
