/**
 * One line of a plain list. What stands in it is told by its form, or by a word beside it that names its kind: a serial number
 * and an MD5 can look the same. Forms: one value a line, comma-separated, hosts files, `hash  name`.
 * @module
 */

import type { Observable, ObservableKind } from "@sallyport/core";
import { FeedError } from "../../feed-error.ts";
import { formOf, observableOf } from "../../indicators/index.ts";

export interface ListLine {
  readonly observable: Observable;
  /** What stands beside it; empty when nothing does. */
  readonly note: string;
}

/** As lists head their columns. */
const KINDS: Readonly<Record<string, ObservableKind>> = {
  sha256: "sha256",
  sha1: "sha1",
  md5: "md5",
  authentihash: "signed-content",
  "signed-content": "signed-content",
  serial: "certificate-serial",
  "certificate-serial": "certificate-serial",
  "serial-number": "certificate-serial",
  "certificate-sha256": "certificate-sha256",
  domain: "domain",
  hostname: "domain",
  fqdn: "domain",
  url: "url",
  uri: "url",
  ip: "ip-address",
  ipv4: "ip-address",
  ipv6: "ip-address",
  "ip-address": "ip-address",
  text: "text",
  string: "text",
};

/** @returns the kind that a word in a list names, however it is written: `SHA-256`, `Certificate Serial` */
export function kindNamed(word: string): ObservableKind | undefined {
  const plain = word.trim().toLowerCase();
  const name = plain.replace(/[\s_]+/g, "-").replace(/^sha-/, "sha");
  return Object.hasOwn(KINDS, name) ? KINDS[name] : undefined;
}

/**
 * @param given - the kind that the list says it holds
 * @throws FeedError saying what is wrong, when nothing in the line is an indicator
 */
export function readLine(line: string, given: ObservableKind | undefined): ListLine {
  const [content = "", comment = ""] = splitComment(line);
  const fields = fieldsOf(content, given);
  const named = fields.map(kindNamed).find((kind) => kind !== undefined);
  const values = fields.filter((field) => kindNamed(field) === undefined);
  const kind = named ?? given;
  const at = Math.max(
    0,
    values.findIndex((field) => kind !== undefined || formOf(field) !== undefined),
  );
  const value = values[at] ?? "";
  const note = [...values.slice(0, at), ...values.slice(at + 1), comment]
    .filter((text) => text !== "")
    .join(", ");
  // A feed of addresses often lists places under a domain's name: their form says which it is.
  const form = formOf(value);
  const meant = kind === "domain" || kind === "url" ? (form ?? kind) : (kind ?? form);
  if (meant === undefined) throw new FeedError("feed.malformed", "holds nothing of a form that is read here");
  return { observable: observableOf(meant, value), note: note.slice(0, 300) };
}

function splitComment(line: string): readonly string[] {
  const at = line.search(/\s[#;]/);
  return at < 0 ? [line.trim()] : [line.slice(0, at).trim(), line.slice(at + 2).trim()];
}

/** Addresses that hosts files give to names that shall not be reached. */
const NOWHERE: ReadonlySet<string> = new Set(["0.0.0.0", "127.0.0.1", "::", "::1"]);

function fieldsOf(content: string, given: ObservableKind | undefined): readonly string[] {
  if (given === "text") return [content];
  const blocked = /^\|\|([^^/]+)\^?$/.exec(content)?.[1];
  if (blocked !== undefined) return [blocked];
  const isNumber = given === "certificate-serial";
  const separator = content.includes("\t") ? /\t/ : /[,;]/.test(content) ? /[,;]/ : isNumber ? /$/ : /\s+/;
  const fields = content.split(separator).map((field) => field.trim().replace(/^["'`]|["'`]$/g, ""));
  const kept = fields.filter((field) => field !== "");
  return kept.length > 1 && NOWHERE.has(kept[0] ?? "") ? kept.slice(1) : kept;
}
