/**
 * What stands in the lists that no signature covers whole: content types, and the relationships that signing adds. Each
 * entry has its meaning; what is more is a hiding place.
 * Sources: ECMA-376-2 §6.5.3 (relationships), §7.2.3 (content types), §10.6.
 * @module
 */

import type { Budget } from "@sallyport/core";
import type { Finding } from "../../finding.ts";
import type { ZipEntry } from "../../formats/zip/lookup.ts";
import { elementsOf, type XmlElement } from "../../xml/element.ts";
import { readXml } from "../../xml/read-xml.ts";
import { CONTENT_TYPES, type OpcPackage } from "./package.ts";

const MAX_XML_BYTES = 16 * 1024 * 1024;
/** Declarations, white space, a comment of whoever made it. */
const MAX_LOOSE_BYTES = 16 * 1024;
/** The tag around them, line end and indentation. */
const TAG_BYTES = 80;
/** Names and types are shorter; of one that is longer the rest counts. */
const MAX_VALUE_BYTES = 512;
const MEANT: ReadonlySet<string> = new Set([
  "Extension",
  "PartName",
  "ContentType",
  "Id",
  "Type",
  "Target",
  "TargetMode",
]);

/** @returns the finding of check `certificate-table` */
export async function findLooseParts(opc: OpcPackage, budget: Budget): Promise<readonly Finding[]> {
  const lists = opc.zip.entries.filter(({ name }) => name === CONTENT_TYPES || /\.rels$/i.test(name));
  let lengthBytes = 0;
  let most: { readonly name: string; readonly bytes: number } | undefined;
  for (const entry of lists) {
    budget.checkTime();
    const bytes = entry.sizeBytes <= MAX_VALUE_BYTES ? 0 : await looseBytes(opc, entry);
    lengthBytes += bytes;
    if (bytes > (most?.bytes ?? 0)) most = { name: entry.name, bytes };
  }
  if (most === undefined || lengthBytes <= MAX_LOOSE_BYTES) return [];
  const because = `${lengthBytes} bytes stand in lists of the package that its signature does not cover`;
  return [
    { check: "certificate-table", outcome: "fail", because, facts: { lengthBytes }, member: most.name },
  ];
}

async function looseBytes(opc: OpcPackage, entry: ZipEntry): Promise<number> {
  const bytes = await opc.zip.read(entry, MAX_XML_BYTES);
  const widthBytes = bytes.subarray(0, 4).includes(0) || bytes[0] === 0xff || bytes[0] === 0xfe ? 2 : 1;
  const explained = elementsOf(readXml(bytes)).reduce((sum, element) => sum + meantBytes(element), 0);
  return Math.max(0, bytes.length - explained * widthBytes);
}

const meantBytes = ({ attributes }: XmlElement): number =>
  [...attributes]
    .filter(([name]) => MEANT.has(name))
    .reduce((sum, [, value]) => sum + Math.min(MAX_VALUE_BYTES, Buffer.byteLength(value)), TAG_BYTES);
