/** One row of our list of opt-in fixes. Source: schema.json beside this file. @module */

import type { Json, JsonObject } from "@sallyport/core";
import type { FixFact } from "../../fact.ts";
import {
  isJsonObject,
  member,
  optionalDay,
  optionalList,
  optionalText,
  refuse,
  requiredList,
  requiredText,
  textList,
} from "../../reading/index.ts";

const STATUSES = [
  "opt-in",
  "opt-in/phased",
  "phased",
  "enforced-by-update",
  "default-since",
  "default+config",
  "workaround-superseded",
  "superseded",
];
const KINDS = ["registry", "procedure", "iis", "config", "directory", "manual"];
/** What was only remembered, or only half found, is no evidence. */
const EVIDENCE = ["ms-text", "third-party+ms-text", "list", "third-party", "source"];
const OPERATORS = [
  "eq",
  "absent",
  "absent-or-eq",
  "absent-or-gte",
  "absent-or-mask",
  "contains-all",
  "eq-or-superset",
  "procedure",
];
const TYPES = ["REG_SZ", "REG_DWORD", "REG_QWORD", "REG_MULTI_SZ", "REG_BINARY", "KEY"];

/**
 * @param ids - of the rows before; this one's is added
 * @throws FeedError `feed.malformed` naming the member
 */
export function readFix(row: Json, ids: Set<string>): FixFact {
  const id = requiredText(row, "id");
  if (ids.has(id)) refuse("id", `stands twice: ${id}`);
  ids.add(id);
  const cves = textList(row, "cves");
  if (cves.some((cve) => !/^CVE-\d{4}-\d{4,19}$/.test(cve))) refuse("cves", "holds what is no CVE");
  oneOf(row, "status", STATUSES);
  const kind = oneOf(row, "kind", KINDS);
  oneOf(row, "evidence", EVIDENCE);
  oneOf(row, "require", ["all", "any", "matching"]);
  requiredText(row, "role");
  const checks = requiredList(row, "checks");
  for (const check of checks) readCheck(check);
  if (kind === "registry" && checks.length === 0) refuse("checks", "names no value of the registry");
  const timeline = member(row, "timeline");
  for (const name of ["available", "default", "irreversible"]) readDate(timeline, name);
  if (requiredList(row, "sources").length === 0) refuse("sources", "names none");
  for (const source of optionalList(row, "sources")) {
    requiredText(source, "source", 2000);
    if (optionalDay(source, "readOn") === undefined) refuse("readOn", "is missing");
  }
  return { kind: "fix", id, title: requiredText(row, "title"), cves, fix: objectOf(row) };
}

/** A day, or only its month. */
function readDate(from: Json | undefined, name: string): void {
  if (!/^\d{4}-(0[1-9]|1[0-2])$/.test(optionalText(from, name) ?? "")) optionalDay(from, name);
}

function readCheck(check: Json): void {
  if (!/^HKEY_(LOCAL_MACHINE|CURRENT_USER|CLASSES_ROOT)\\/.test(requiredText(check, "path")))
    refuse("path", "is no key of the registry");
  requiredText(check, "name");
  const operator = oneOf(check, "operator", OPERATORS);
  if (operator !== "absent" && optionalText(check, "value") === undefined) refuse("value", "is missing");
  if (textList(check, "types").some((type) => !TYPES.includes(type)))
    refuse("types", "holds what is no type of the registry");
}

function oneOf(from: Json, name: string, words: readonly string[]): string {
  const word = requiredText(from, name);
  return words.includes(word) ? word : refuse(name, `is none of ${words.join(", ")}`);
}

const objectOf = (row: Json): JsonObject => (isJsonObject(row) ? row : refuse("row", "is no object"));
