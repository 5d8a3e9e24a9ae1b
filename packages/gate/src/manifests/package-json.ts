/** What `package.json` says. Source: npm, package.json. @module */

import type { Json } from "@sallyport/core";
import type { Identity } from "../artifact.ts";
import { member, readJson, textMember } from "../json/read-json.ts";

/**
 * @param names - of the members that hold the product's name, the first that is there counts
 * @returns undefined when it names neither product nor version
 */
export function readPackageJson(bytes: Buffer, names: readonly string[]): Identity | undefined {
  const document = readJson(bytes, "package.json");
  const product = names.map((name) => textMember(document, name)).find((text) => text);
  const version = textMember(document, "version");
  if (product === undefined || version === undefined) return undefined;
  const company = personName(member(document, "author"));
  return { product, version, ...(company === undefined ? {} : { company }) };
}

/** `Name <address> (page)`, or the same in parts. */
export function personName(person: Json | undefined): string | undefined {
  const text = typeof person === "string" ? person : textMember(person, "name");
  const name = text?.split(/[<(]/, 1)[0]?.trim();
  return name === "" ? undefined : name;
}
