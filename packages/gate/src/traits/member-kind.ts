/** What a member is to the one who runs it, told by its format and the last part of its name. @module */

import { LANGUAGES } from "../formats/script/language.ts";

/**
 * - `native`: machine code; `script`: what an interpreter or a browser runs
 * - `setting`: what a program is told by; `description`: what a package says of itself
 * - `prose`: for people, or for tools of people who build; nothing runs it
 * - `data`: anything else
 */
export type MemberKind = "native" | "script" | "setting" | "description" | "prose" | "data";

const NATIVE: ReadonlySet<string> = new Set(["pe", "elf", "mach-o", "dos-program"]);

/** Formats that scripts are refined to. */
const SCRIPTS: ReadonlySet<string> = new Set(LANGUAGES);

const SCRIPT_NAMES =
  /\.(?:[cm]?jsx?|jsc|[cm]?tsx?|vue|svelte|html?|xhtml|hta|svg|py[w3]?|pyi|sh|bash|zsh|fish|ps[dm]?1|ps1xml|bat|cmd|vb[es]?|wsf|wsc|jse|rb|pl|pm|php|lua|tcl|applescript|scpt|gyp|gypi|m4|am|cmake|mk|bazel|gradle|groovy|r|jl)$/;
const SETTING_NAMES =
  /\.(?:json5?|ya?ml|toml|ini|conf|cfg|config|plist|properties|xml|reg|inf|desktop|service|timer|env|rc)$/;
const PROSE_NAMES =
  /(?:\.(?:md|markdown|mdx|txt|rst|adoc|asciidoc|pod|texi|info|rtf|tex|po|pot|map|flow|css|scss|less|srt|vtt|csv|tsv|ics|[1-9][a-z]{0,4})|\.d\.[cm]?ts)$/;
const PROSE_STEMS =
  /^(?:metadata|pkg-info|readme|licen[cs]e|copying|copyright|notice|notices|changelog|changes|history|news|authors|contributors|contributing|security|thanks|todo|thirdparty\w*|third[-_]party\w*|legal|patents)(?:[.\-_].*)?$/;
const DESCRIPTION_NAMES =
  /^(?:package\.json|composer\.json|bower\.json|.*\.(?:nuspec|gemspec|pom|podspec|dist-info)|pom\.xml|cargo\.toml|pyproject\.toml|setup\.cfg|control|.*\.spdx(?:\.json)?|.*\.cdx\.json|package-lock\.json|yarn\.lock|pnpm-lock\.yaml|cargo\.lock)$/;

/** Endings that scripts have even when their name begins as a document does: `changes.js`. */
export function memberKind(format: string, path: string): MemberKind {
  if (NATIVE.has(format)) return "native";
  const name = path.slice(path.lastIndexOf("/") + 1).toLowerCase();
  if (DESCRIPTION_NAMES.test(name)) return "description";
  if (PROSE_NAMES.test(name)) return SCRIPTS.has(format) ? "script" : "prose";
  if (SCRIPTS.has(format) || SCRIPT_NAMES.test(name)) return "script";
  if (PROSE_STEMS.test(name)) return "prose";
  return SETTING_NAMES.test(name) ? "setting" : "data";
}

const EXAMPLE =
  /(?:^|\/)(?:tests?|__tests__|specs?|testdata|fixtures?|examples?|samples?|demos?|benchmarks?)\/|[._-](?:test|spec)\.[cm]?[jt]sx?$|(?:^|\/)test_[^/]*\.py$|_test\.(?:go|py|rb)$/i;

/** Tests and examples: they speak of much that nobody does, and seldom run where the package is used. */
export const isExample = (path: string): boolean => EXAMPLE.test(path);
