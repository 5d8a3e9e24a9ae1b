/**
 * Extensions of Visual Studio and Visual Studio Code: `extension.vsixmanifest`.
 * Source: Microsoft, VSIX extension schema 2.0 and 1.0 reference.
 * @module
 */

import type { Identifier } from "@sallyport/core";
import type { Identity } from "../../artifact.ts";
import { purlOf } from "../../components/package-url.ts";
import { onlyElement, type XmlElement } from "../../xml/element.ts";
import { readXml } from "../../xml/read-xml.ts";
import type { Conclusion, ContainerContents, Manifest } from "../manifest.ts";

const MANIFEST = "extension.vsixmanifest";
/** Extensions of Visual Studio Code have it, and only they have names of its kind. */
const CODE_PACKAGE = "extension/package.json";
const MAX_BYTES = 1024 * 1024;

export const vsix: Manifest = {
  id: "vsix",
  title: "Visual Studio extension",
  document: "Microsoft, VSIX extension schema 2.0 reference",
  containers: ["vsix"],
  wants(name) {
    if (name === CODE_PACKAGE) return {};
    return name === MANIFEST ? { heldBytes: MAX_BYTES } : undefined;
  },
  conclude,
};

function conclude({ members }: ContainerContents): Conclusion | undefined {
  const bytes = members.get(MANIFEST)?.bytes;
  if (bytes === undefined) return undefined;
  const root = readXml(bytes);
  const identity = readSecondSchema(root) ?? readFirstSchema(root);
  if (identity === undefined) return undefined;
  return { identity, identifiers: members.has(CODE_PACKAGE) ? identifiersOf(identity) : [] };
}

function identifiersOf({ product, version, company }: Identity): Identifier[] {
  if (product === undefined || company === undefined || /[\s,]/.test(company)) return [];
  const name = product.toLowerCase();
  return [
    purlOf({
      type: "vscode-extension",
      namespace: company.toLowerCase(),
      name,
      ...(version !== undefined && { version }),
    }),
  ];
}

function readSecondSchema(root: XmlElement): Identity | undefined {
  const metadata = onlyElement(root, "Metadata");
  const identity = metadata === undefined ? undefined : onlyElement(metadata, "Identity");
  return make(
    identity?.attributes.get("Id"),
    identity?.attributes.get("Version"),
    identity?.attributes.get("Publisher"),
  );
}

function readFirstSchema(root: XmlElement): Identity | undefined {
  const identifier = onlyElement(root, "Identifier");
  if (identifier === undefined) return undefined;
  const text = (name: string) => onlyElement(identifier, name)?.text.trim();
  return make(identifier.attributes.get("Id"), text("Version"), text("Author"));
}

function make(
  product: string | undefined,
  version: string | undefined,
  company: string | undefined,
): Identity | undefined {
  if (!product || !version) return undefined;
  return { product, version, ...(company ? { company } : {}) };
}
