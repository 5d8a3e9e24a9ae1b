/**
 * Text in which every line is one file's hash.
 * Sources: GNU coreutils manual, md5sum invocation (plain, binary, escaped and `--tag` forms); OpenSSL dgst;
 * Squirrel.Windows RELEASES.
 * @module
 */

import { baseName, hexEntry, integrityEntries, isAlgorithm, type PublishedEntry } from "./entry.ts";

/** @returns the entries; lines that are none (signatures, headings, comments) are passed over */
export function readChecksumList(text: string): readonly PublishedEntry[] {
  const single = readSingle(text.trim());
  return single.length > 0 ? single : text.split(/\r?\n/).flatMap((line) => readLine(line) ?? []);
}

/** A file that holds one hash and nothing else, or npm's integrity text. */
function readSingle(text: string): readonly PublishedEntry[] {
  if (text.length > MAX_LINE_LENGTH) return [];
  const unquoted = text.replace(/^(["'])(.*)\1$/, "$2");
  const [, algorithm = "", hex = ""] =
    /^(?:(md5|sha1|sha256|sha384|sha512):)?([0-9a-f]+)$/i.exec(unquoted) ?? [];
  const stated = algorithm.toLowerCase();
  const entry = hexEntry(undefined, hex, isAlgorithm(stated) ? stated : undefined);
  return entry === undefined ? integrityEntries(undefined, unquoted) : [entry];
}

const MAX_LINE_LENGTH = 8 * 1024;
const TAGGED = /^(MD5|SHA1|SHA2?-?256|SHA2?-?384|SHA2?-?512) ?\((.+)\) ?= ?([0-9a-f]+)$/i;
const RELEASES = /^([0-9a-f]{40}) (\S+) \d+(?:\s|$)/i;
const PLAIN = /^([0-9a-f]+)(?: [ *]|\t| )(\S.*)$/i;

function readLine(line: string): PublishedEntry | undefined {
  if (line.length > MAX_LINE_LENGTH) return undefined;
  const trimmed = line.trim();
  // A leading backslash says that the name is escaped.
  const escaped = trimmed.startsWith("\\");
  const text = escaped ? trimmed.slice(1) : trimmed;
  const named = (name: string): string => baseName(escaped ? unescapeName(name) : name);
  const tagged = TAGGED.exec(text);
  if (tagged !== null) {
    const [, tag = "", name = "", hex = ""] = tagged;
    const algorithm = tag.toLowerCase().replace(/^sha2?-?(?=\d{3})/, "sha");
    return isAlgorithm(algorithm) ? hexEntry(named(name), hex, algorithm) : undefined;
  }
  const [, hex = "", name = ""] = RELEASES.exec(text) ?? PLAIN.exec(text) ?? [];
  return hexEntry(named(name), hex);
}

const unescapeName = (name: string): string =>
  name.replace(/\\([\\nr])/g, (_, letter: string) => (letter === "n" ? "\n" : letter === "r" ? "\r" : "\\"));
