/** A wheel's list of its files, against the files. Source: PEP 427 "The .dist-info directory"; PEP 376 "RECORD". @module */

import type { Finding } from "../../finding.ts";
import type { ContainerContents } from "../manifest.ts";

interface Row {
  readonly name: string;
  readonly hash: string;
  readonly size: string;
}

/** These cannot hold their own hash, or sign the list. */
const UNLISTED = /^[^/]+\.dist-info\/RECORD(?:\.jws|\.p7s)?$/;

/** @returns what does not agree; nothing when all does, or when the list itself could not be read */
export function compareRecord(contents: ContainerContents, record: string): Finding[] {
  const { members, unread, budget } = contents;
  if (!contents.complete) return [doubt("has more files than are compared with its RECORD")];
  const list = members.get(record);
  if (list === undefined) return unread.has(record) ? [] : [lie("has no RECORD of its files")];
  if (list.bytes === undefined) return [doubt("its RECORD is too long to be compared")];
  const rows = readRows(list.bytes.toString("utf8"));
  if (rows === undefined) return [doubt("its RECORD cannot be read")];
  const findings: Finding[] = [];
  const listed = new Set<string>();
  for (const { name, hash, size } of rows) {
    budget.checkTime();
    if (listed.has(name)) findings.push(lie("is listed twice in RECORD", name));
    listed.add(name);
    if (UNLISTED.test(name) || unread.has(name)) continue;
    const seen = members.get(name);
    // Folders and bytecode are listed by some tools and not packed.
    if (seen === undefined) {
      if (hash !== "") findings.push(lie("is listed in RECORD and not there", name));
      continue;
    }
    const [algorithm = "", value = ""] = hash.split("=", 2);
    if (algorithm !== "sha256") findings.push(doubt(`has no SHA-256 in RECORD`, name));
    else if (Buffer.from(value, "base64url").toString("hex") !== seen.sha256)
      findings.push(lie("is not the file that RECORD lists: the hash differs", name));
    else if (size !== "" && Number(size) !== seen.sizeBytes)
      findings.push(lie("is not of the size that RECORD lists", name));
  }
  for (const name of members.keys())
    if (!listed.has(name) && !UNLISTED.test(name)) findings.push(lie("is not listed in RECORD", name));
  return findings;
}

/** CSV as Python's csv module writes it by default. @returns undefined for what is none */
function readRows(text: string): Row[] | undefined {
  const rows: Row[] = [];
  for (const line of text.split(/\r\n|\n|\r/)) {
    if (line === "") continue;
    const fields = readFields(line);
    if (fields === undefined || fields.length !== 3) return undefined;
    const [name = "", hash = "", size = ""] = fields;
    // PEP 376 allows backslashes that Windows tools wrote.
    rows.push({ name: name.replaceAll("\\", "/"), hash, size });
  }
  return rows;
}

function readFields(line: string): string[] | undefined {
  const fields: string[] = [];
  for (let at = 0; at <= line.length; ) {
    if (line[at] !== '"') {
      const comma = line.indexOf(",", at);
      const end = comma < 0 ? line.length : comma;
      fields.push(line.slice(at, end));
      at = end + 1;
      continue;
    }
    const quoted = /"((?:[^"]|"")*)"(?:,|$)/y;
    quoted.lastIndex = at;
    const found = quoted.exec(line);
    if (found === null) return undefined;
    fields.push((found[1] ?? "").replaceAll('""', '"'));
    at = quoted.lastIndex + (line[quoted.lastIndex - 1] === "," ? 0 : 1);
  }
  return fields;
}

const lie = (because: string, member?: string): Finding => ({
  check: "structure",
  outcome: "fail",
  because,
  facts: {},
  ...(member === undefined ? {} : { member }),
});

const doubt = (because: string, member?: string): Finding => ({
  ...lie(because, member),
  outcome: "unknown",
});
