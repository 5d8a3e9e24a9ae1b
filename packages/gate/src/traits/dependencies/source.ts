/**
 * Where a dependency comes from, when it is not the registry. Sources: npm, package.json ("URLs as Dependencies", "Git
 * URLs", "Local Paths", "alias"); PyPA, dependency specifiers ("direct references"); The Cargo Book, "Specifying
 * Dependencies".
 * @module
 */

import type { Ecosystem } from "./declared/declared.ts";

export interface Source {
  readonly kind: "repository" | "address" | "folder" | "alias";
  /** For a sentence: the address, or the other package's name. */
  readonly from: string;
}

/** @returns undefined for what the registry answers */
export function sourceOf(range: string, ecosystem: Ecosystem): Source | undefined {
  const text = range.trim();
  if (ecosystem === "npm") return npmSource(text);
  if (ecosystem === "python") {
    const address = /^@ *(\S+)/.exec(text)?.[1];
    return address === undefined
      ? undefined
      : { kind: address.startsWith("git+") ? "repository" : "address", from: cut(address) };
  }
  if (ecosystem !== "cargo") return undefined;
  const [, key, value = ""] = /(?:^|[\s{,])(git|path) *= *"([^"]*)"/.exec(text) ?? [];
  // A folder stands beside the version that the registry has; cargo takes it off when it packs.
  if (key === undefined || key === "path") return undefined;
  return { kind: "repository", from: cut(value) };
}

function npmSource(text: string): Source | undefined {
  const alias = /^npm:((?:@[^/@\s]+\/)?[^@\s]+)/.exec(text)?.[1];
  if (alias !== undefined) return { kind: "alias", from: cut(alias) };
  if (/^(?:git[+:]|git@|(?:github|gitlab|bitbucket|gist):|ssh:)/i.test(text))
    return { kind: "repository", from: cut(text) };
  if (/^https?:/i.test(text))
    return { kind: /\.git(?:#|$)/.test(text) ? "repository" : "address", from: cut(text) };
  // What a workspace calls itself is rewritten when it is packed.
  if (/^(?:file:|link:|\.{0,2}\/|~\/)/.test(text)) return { kind: "folder", from: cut(text) };
  if (/^[\w.-]+\/[\w.-]+(?:#|$)/.test(text)) return { kind: "repository", from: cut(text) };
  return undefined;
}

/** Whatever the registry has at the time, by any registry's way to write it. */
export const isAnyVersion = (range: string): boolean =>
  /^(?:\*|x|latest|next|>=? *0(?:\.0)*|version = "\*"|"\*"|\[0?,\)|)$/i.test(range.trim());

const cut = (text: string): string => (text.length > 120 ? `${text.slice(0, 119)}…` : text);
