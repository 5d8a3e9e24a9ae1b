/**
 * Canonical XML, the form that XML signatures digest: one spelling for every element, whatever the file's.
 * Comments are left out; the reader has left them out already, and who signs has to ask whether there were any.
 * Source: W3C, Canonical XML 1.0, §2.3, §2.4.
 * @module
 */

import type { XmlElement } from "./element.ts";

/** An element with what it inherits from those around it. */
export interface Placed {
  readonly element: XmlElement;
  /** Namespaces in scope, by prefix, its own declarations among them. */
  readonly scope: ReadonlyMap<string, string>;
  /** `xml:lang` and its kin, of the elements around it, by the attributes' keys. */
  readonly inherited: ReadonlyMap<string, string>;
}

const XML_NAMESPACE = "http://www.w3.org/XML/1998/namespace";
const NOTHING: ReadonlyMap<string, string> = new Map();

/** The root of a document. */
export const placeRoot = (root: XmlElement): Placed => ({
  element: root,
  scope: enter(NOTHING, root),
  inherited: NOTHING,
});

/** An element directly inside another. */
export const placeChild = (parent: Placed, element: XmlElement): Placed => ({
  element,
  scope: enter(parent.scope, element),
  inherited: inherit(parent),
});

/** The UTF-8 bytes of the element and everything inside it, with all namespaces in scope at its top. */
export function canonicalXml({ element, scope, inherited }: Placed): Buffer {
  const pieces: string[] = [];
  const own = [...inherited].filter(([key]) => !element.attributes.has(key));
  const attributes = new Map([...element.attributes, ...own]);
  const declared = [...scope].filter(([prefix, uri]) => prefix !== "xml" && uri !== "");
  write(pieces, { ...element, attributes }, declared, scope);
  return Buffer.from(pieces.join(""), "utf8");
}

function enter(
  scope: ReadonlyMap<string, string>,
  { declarations }: XmlElement,
): ReadonlyMap<string, string> {
  return declarations.size === 0 ? scope : new Map([...scope, ...declarations]);
}

function inherit({ element, inherited }: Placed): ReadonlyMap<string, string> {
  const own = [...element.attributes].filter(([key]) => key.startsWith(`{${XML_NAMESPACE}}`));
  return own.length === 0 ? inherited : new Map([...inherited, ...own]);
}

type Declaration = readonly [prefix: string, uri: string];

function write(
  pieces: string[],
  element: XmlElement,
  declared: readonly Declaration[],
  scope: ReadonlyMap<string, string>,
): void {
  writeStart(pieces, element, declared);
  for (const child of element.children) {
    if (typeof child === "string") {
      pieces.push(escapeText(child));
      continue;
    }
    const changed = [...child.declarations].filter(
      ([prefix, uri]) => prefix !== "xml" && (scope.get(prefix) ?? "") !== uri,
    );
    write(pieces, child, changed, enter(scope, child));
  }
  pieces.push(`</${nameOf(element)}>`);
}

const nameOf = ({ prefix, name }: XmlElement): string => (prefix === "" ? name : `${prefix}:${name}`);

function writeStart(pieces: string[], element: XmlElement, declared: readonly Declaration[]): void {
  pieces.push(`<${nameOf(element)}`);
  for (const [prefix, uri] of declared.toSorted(([a], [b]) => compare(a, b)))
    pieces.push(` ${prefix === "" ? "xmlns" : `xmlns:${prefix}`}="${escapeAttribute(uri)}"`);
  for (const { name: attribute, value } of sortAttributes(element))
    pieces.push(` ${attribute}="${escapeAttribute(value)}"`);
  pieces.push(">");
}

/** §2.2: by namespace, those without one first, then by local name. */
function sortAttributes({ attributes, attributePrefixes }: XmlElement) {
  return [...attributes]
    .map(([key, value]) => {
      const end = key.startsWith("{") ? key.lastIndexOf("}") : 0;
      const [namespace, local] = end === 0 ? ["", key] : [key.slice(1, end), key.slice(end + 1)];
      const prefix = attributePrefixes.get(key) ?? (namespace === XML_NAMESPACE ? "xml" : "");
      return { namespace, local, name: prefix === "" ? local : `${prefix}:${local}`, value };
    })
    .toSorted((a, b) => compare(a.namespace, b.namespace) || compare(a.local, b.local));
}

/**
 * Exclusive Canonical XML: only the namespaces that an element uses are written, where they are first used, so that the
 * element reads the same wherever it stands. Source: W3C, Exclusive XML Canonicalization 1.0, §3.
 */
export function exclusiveXml({ element, scope }: Placed): Buffer {
  const pieces: string[] = [];
  writeExclusive(pieces, element, { scope, written: NOTHING });
  return Buffer.from(pieces.join(""), "utf8");
}

function writeExclusive(
  pieces: string[],
  element: XmlElement,
  { scope, written }: Record<"scope" | "written", ReadonlyMap<string, string>>,
): void {
  const used = new Set([element.prefix, ...element.attributePrefixes.values()]);
  used.delete("xml");
  const declared = [...used]
    .map((prefix): Declaration => [prefix, scope.get(prefix) ?? ""])
    .filter(([prefix, uri]) => (written.get(prefix) ?? "") !== uri);
  const inside = declared.length === 0 ? written : new Map([...written, ...declared]);
  writeStart(pieces, element, declared);
  for (const child of element.children)
    if (typeof child === "string") pieces.push(escapeText(child));
    else writeExclusive(pieces, child, { scope: enter(scope, child), written: inside });
  pieces.push(`</${nameOf(element)}>`);
}

/** By code points, as UTF-8 bytes sort. */
const compare = (a: string, b: string): number => Buffer.compare(Buffer.from(a), Buffer.from(b));

const ENTITIES: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "\t": "&#x9;",
  "\n": "&#xA;",
  "\r": "&#xD;",
};
const escapeText = (text: string): string => text.replaceAll(/[&<>\r]/g, (found) => ENTITIES[found] ?? found);
const escapeAttribute = (text: string): string =>
  text.replaceAll(/[&<"\t\n\r]/g, (found) => ENTITIES[found] ?? found);
