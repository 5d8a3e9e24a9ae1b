/**
 * A zip as an OPC package: parts by their names, content types, relationships.
 * Source: ECMA-376-2 (Open Packaging Conventions) §6.2 (part names), §6.5 (relationships), §7.2 (ZIP), §7.2.3
 * (content types).
 * @module
 */

import { ArtifactError } from "@sallyport/core";
import type { ZipEntry, ZipLookup } from "../../formats/zip/lookup.ts";
import { elementsOf, type XmlElement } from "../../xml/element.ts";
import { readXml } from "../../xml/read-xml.ts";

export interface OpcPackage {
  readonly zip: ZipLookup;
  /** By {@link keyOf} of the part's name; the stream of content types is none. */
  readonly parts: ReadonlyMap<string, ZipEntry>;
  contentType(name: string): string | undefined;
}

export interface Relationship {
  readonly id: string;
  readonly type: string;
  readonly target: string;
  readonly isExternal: boolean;
}

export const CONTENT_TYPES = "[Content_Types].xml";
const MAX_XML_BYTES = 16 * 1024 * 1024;
const RELATIONSHIPS = "http://schemas.openxmlformats.org/package/2006/relationships";

/** Part names are URIs that do not tell case: percent signs are resolved, so that one part has one key. */
export function keyOf(name: string): string {
  let text = name;
  try {
    text = decodeURIComponent(name);
  } catch {
    // A percent sign that means itself.
  }
  return `/${text.replace(/^\/+/, "")}`.toLowerCase();
}

/** @throws {@link ArtifactError} `artifact.malformed` when two members are one part */
export async function openOpc(zip: ZipLookup): Promise<OpcPackage | undefined> {
  const types = zip.find(CONTENT_TYPES);
  if (types === undefined) return undefined;
  const parts = new Map<string, ZipEntry>();
  for (const entry of zip.entries) {
    if (entry === types || (entry.isFolder && entry.sizeBytes === 0)) continue;
    const key = keyOf(entry.name);
    if (parts.has(key)) throw new ArtifactError("artifact.malformed", `opc: two members are the part ${key}`);
    parts.set(key, entry);
  }
  const { byExtension, byName } = readContentTypes(readXml(await zip.read(types, MAX_XML_BYTES)));
  const contentType = (name: string) => {
    const key = keyOf(name);
    return byName.get(key) ?? byExtension.get(/\.([^./]*)$/.exec(key)?.[1] ?? "");
  };
  return { zip, parts, contentType };
}

function readContentTypes(root: XmlElement) {
  const byExtension = new Map<string, string>();
  const byName = new Map<string, string>();
  for (const { name, attributes } of elementsOf(root)) {
    const type = attributes.get("ContentType") ?? "";
    const [list, key] =
      name === "Override"
        ? [byName, keyOf(attributes.get("PartName") ?? "")]
        : [byExtension, (attributes.get("Extension") ?? "").toLowerCase()];
    if (list.has(key)) throw new ArtifactError("artifact.malformed", `opc: ${key} has two content types`);
    list.set(key, type);
  }
  return { byExtension, byName };
}

/** Where the relationships of a part lie; of the package itself for `/`. */
export function relationshipsName(source: string): string {
  const slash = source.lastIndexOf("/");
  return `${source.slice(0, slash + 1)}_rels/${source.slice(slash + 1)}.rels`;
}

/** @returns none when the part has none */
export async function readRelationships(
  opc: OpcPackage,
  source: string,
  type?: string,
): Promise<readonly Relationship[]> {
  const entry = opc.parts.get(keyOf(relationshipsName(source)));
  if (entry === undefined) return [];
  const root = readXml(await opc.zip.read(entry, MAX_XML_BYTES));
  const all = relationshipsIn(root).map((element) => readRelationship(element, source));
  return type === undefined ? all : all.filter((one) => one.type === type);
}

/**
 * Other elements have no place in it (§6.5.3), and some readers find relationships inside of them: they follow
 * alternatives, as documents have them (ECMA-376-3).
 * @throws {@link ArtifactError} `artifact.malformed` when the document is not a list of relationships,
 * `artifact.unsupported` when it holds something else
 */
export function relationshipsIn(root: XmlElement): readonly XmlElement[] {
  if (root.name !== "Relationships" || root.namespace !== RELATIONSHIPS)
    throw new ArtifactError("artifact.malformed", "opc: a list of relationships is none");
  const all = elementsOf(root);
  if (all.some(({ name, namespace }) => name !== "Relationship" || namespace !== RELATIONSHIPS))
    throw new ArtifactError("artifact.unsupported", "opc: a list of relationships holds something else");
  return all;
}

function readRelationship({ attributes }: XmlElement, source: string): Relationship {
  const target = attributes.get("Target") ?? "";
  const isExternal = attributes.get("TargetMode") === "External";
  return {
    id: attributes.get("Id") ?? "",
    type: attributes.get("Type") ?? "",
    target: isExternal ? target : resolve(source, target),
    isExternal,
  };
}

/** A target is relative to the part it belongs to (RFC 3986 §5.2). */
function resolve(source: string, target: string): string {
  const base = `http://package${source}`;
  const url = URL.canParse(target, base) ? new URL(target, base) : undefined;
  return url?.host === "package" ? url.pathname : target;
}
