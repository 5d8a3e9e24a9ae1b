/**
 * What makes a xar archive a flat package of macOS, and what the package says of itself.
 * Source: Apple, Distribution Definition XML Schema Reference; `pkgbuild(1)`, `productbuild(1)`.
 * @module
 */

import { type ByteSource, hasCode } from "@sallyport/core";
import type { Identity } from "../../artifact.ts";
import { elementsOf, onlyElement, type XmlElement } from "../../xml/element.ts";
import { readXml } from "../../xml/read-xml.ts";
import type { OpenContext } from "../format.ts";
import { readContent } from "./content.ts";
import type { XarFile, XarTable } from "./table.ts";

/** Scripts inside a Distribution may be long; more than this nobody writes. */
const MAX_DESCRIPTION_BYTES = 4 * 1024 * 1024;
const MAX_TEXT_LENGTH = 256;

/** The description in a package's root: of a product, or of the one component that it is. */
export const findDescription = ({ files }: XarTable): XarFile | undefined =>
  files.find(({ path }) => path === "Distribution") ?? files.find(({ path }) => path === "PackageInfo");

/** A claim; a description that cannot be read makes none, and is met again as a member. */
export async function readPackageIdentity(
  source: ByteSource,
  table: XarTable,
  context: OpenContext,
): Promise<Identity> {
  const data = findDescription(table)?.data;
  if (data === undefined || data.extractedBytes > MAX_DESCRIPTION_BYTES) return {};
  const pieces: Uint8Array[] = [];
  try {
    const { heapOffsetBytes } = table;
    for await (const piece of readContent(source, data, { heapOffsetBytes, context })) pieces.push(piece);
    return identityOf(readXml(Buffer.concat(pieces)));
  } catch (error) {
    if (hasCode(error, "artifact.malformed", "artifact.truncated", "artifact.unsupported")) return {};
    throw error;
  }
}

function identityOf(root: XmlElement): Identity {
  const product = elementsOf(root, "product")[0];
  const reference = elementsOf(root, "pkg-ref").find(({ attributes }) => attributes.has("version"));
  const name =
    onlyElement(root, "title")?.text ?? product?.attributes.get("id") ?? root.attributes.get("identifier");
  const version =
    product?.attributes.get("version") ??
    root.attributes.get("version") ??
    reference?.attributes.get("version");
  return { ...claim("product", name), ...claim("version", version) };
}

function claim(name: "product" | "version", text: string | undefined): Identity {
  const plain = text?.trim().slice(0, MAX_TEXT_LENGTH) ?? "";
  return plain === "" ? {} : { [name]: plain };
}
