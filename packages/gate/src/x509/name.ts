/**
 * Distinguished names: as text for people, as bytes for comparing. Sources: RFC 4514, RFC 5280 §4.1.2.4, §7.1.
 * @module
 */

import { ArtifactError } from "@sallyport/core";
import { type DerNode, TAG } from "../asn1/der.ts";
import { childOf, expectTag, readOid, readText } from "../asn1/values.ts";

/** One attribute of a name; `set` counts the relative distinguished names, so that multi-valued ones stay together. */
export interface NameAttribute {
  readonly oid: string;
  readonly text: string;
  readonly set: number;
}

/** More than this is an attack on whoever has to show it. */
const MAX_ATTRIBUTES = 64;

/** @throws {@link ArtifactError} `artifact.malformed` */
export function readName(node: DerNode): readonly NameAttribute[] {
  expectTag(node, TAG.sequence, "Name");
  const attributes: NameAttribute[] = [];
  for (const [set, relative] of node.children.entries()) {
    expectTag(relative, TAG.set, "RelativeDistinguishedName");
    if (relative.children.length === 0) throw malformed("an empty RelativeDistinguishedName");
    for (const pair of relative.children) {
      if (expectTag(pair, TAG.sequence, "AttributeTypeAndValue").children.length !== 2)
        throw malformed("a name attribute without type and value");
      attributes.push({
        oid: readOid(childOf(pair, 0, "attribute type"), "attribute type"),
        text: readText(childOf(pair, 1, "attribute value")),
        set,
      });
      if (attributes.length > MAX_ATTRIBUTES) throw malformed("a name with too many attributes");
    }
  }
  return attributes;
}

/** The last value of a type, which is the most specific one; undefined when the name has none. */
export const attributeOf = (name: readonly NameAttribute[], oid: string): string | undefined =>
  name.findLast((attribute) => attribute.oid === oid)?.text;

export const ATTRIBUTE_TYPE = {
  commonName: "2.5.4.3",
  organisation: "2.5.4.10",
  emailAddress: "1.2.840.113549.1.9.1",
} as const;

/** RFC 4514 text: most specific part first, `+` inside multi-valued parts. */
export function nameText(name: readonly NameAttribute[]): string {
  const sets = Map.groupBy(name, (attribute) => attribute.set);
  return [...sets.values()]
    .reverse()
    .map((set) => set.map(({ oid, text }) => `${SHORT_NAMES.get(oid) ?? oid}=${escapeValue(text)}`).join("+"))
    .join(",");
}

/**
 * The form in which two names are the same name: RFC 5280 §7.1 ignores the string type, case and extra white
 * space. Used to match subject and issuer; which key stands behind a name is for the signature to say.
 */
export function comparableName(name: readonly NameAttribute[]): string {
  const sets = Map.groupBy(name, (attribute) => attribute.set);
  return JSON.stringify([...sets.values()].map((set) => set.map(comparableAttribute).sort()));
}

/** The comparable form of each relative distinguished name, from the root of the tree down. */
export function comparableParts(name: readonly NameAttribute[]): readonly string[] {
  const sets = Map.groupBy(name, (attribute) => attribute.set);
  return [...sets.values()].map((set) => JSON.stringify(set.map(comparableAttribute).sort()));
}

function comparableAttribute({ oid, text }: NameAttribute): string {
  return `${oid}=${text.normalize("NFKC").toLowerCase().replaceAll(/\s+/gu, " ").trim()}`;
}

/** RFC 4514 §3, and the common ones beyond it as OpenSSL and Windows show them. */
const SHORT_NAMES: ReadonlyMap<string, string> = new Map([
  ["2.5.4.3", "CN"],
  ["2.5.4.4", "SN"],
  ["2.5.4.5", "serialNumber"],
  ["2.5.4.6", "C"],
  ["2.5.4.7", "L"],
  ["2.5.4.8", "ST"],
  ["2.5.4.9", "STREET"],
  ["2.5.4.10", "O"],
  ["2.5.4.11", "OU"],
  ["2.5.4.12", "title"],
  ["2.5.4.15", "businessCategory"],
  ["2.5.4.17", "postalCode"],
  ["2.5.4.42", "GN"],
  ["2.5.4.97", "organizationIdentifier"],
  ["0.9.2342.19200300.100.1.1", "UID"],
  ["0.9.2342.19200300.100.1.25", "DC"],
  ["1.2.840.113549.1.9.1", "emailAddress"],
  ["1.3.6.1.4.1.311.60.2.1.1", "jurisdictionL"],
  ["1.3.6.1.4.1.311.60.2.1.2", "jurisdictionST"],
  ["1.3.6.1.4.1.311.60.2.1.3", "jurisdictionC"],
]);

/** RFC 4514 §2.4; control and direction characters are escaped as well, so that a terminal shows what is there. */
function escapeValue(text: string): string {
  let escaped = text.replaceAll(/[\\"+,;<>]/g, "\\$&").replaceAll(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, hexEscape);
  if (/^[ #]/.test(escaped)) escaped = `\\${escaped}`;
  return escaped.endsWith(" ") && !escaped.endsWith("\\ ") ? `${escaped.slice(0, -1)}\\ ` : escaped;
}

const hexEscape = (character: string): string =>
  [...Buffer.from(character, "utf8")].map((byte) => `\\${byte.toString(16).padStart(2, "0")}`).join("");

const malformed = (message: string): ArtifactError =>
  new ArtifactError("artifact.malformed", `X.509: ${message}`);
