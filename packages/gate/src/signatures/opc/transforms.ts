/**
 * What is digested in place of a part or an element: the bytes as they stand, canonical XML, or a choice of
 * relationships. Sources: W3C, XML Signature §6.6; ECMA-376-2 §10.6 (relationships transform).
 * @module
 */

import { ArtifactError } from "@sallyport/core";
import { canonicalXml, placeRoot } from "../../xml/canonical.ts";
import { elementsOf, type XmlElement } from "../../xml/element.ts";
import { readXmlDocument } from "../../xml/read-xml.ts";
import { algorithmOf } from "../../xml-signature/reference.ts";
import { relationshipsIn } from "./package.ts";

export const CANONICAL = "http://www.w3.org/TR/2001/REC-xml-c14n-20010315";
const CANONICAL_COMMENTS = `${CANONICAL}#WithComments`;
const RELATIONSHIPS = "http://schemas.openxmlformats.org/package/2006/RelationshipTransform";

export interface Transformed {
  readonly bytes: Buffer;
  /** Types of relationships that the choice leaves out. */
  readonly leftOut: readonly string[];
}

/** True when the identifier stands for what {@link canonicalXml} writes, for a document with that many comments. */
export const isCanonical = (algorithm: string, commentCount: number): boolean =>
  algorithm === CANONICAL || (algorithm === CANONICAL_COMMENTS && commentCount === 0);

/** @throws {@link ArtifactError} `artifact.unsupported` for anything but these, in this order */
export function transformPart(bytes: Buffer, transforms: readonly XmlElement[]): Transformed {
  const [first, second, ...more] = transforms;
  if (first === undefined) return { bytes, leftOut: [] };
  const { root, commentCount, instructionCount } = readXmlDocument(bytes);
  if (instructionCount > 0 || more.length > 0) throw unsupported(transforms);
  if (second === undefined && isCanonical(algorithmOf(first), commentCount))
    return { bytes: canonicalXml(placeRoot(root)), leftOut: [] };
  if (algorithmOf(first) !== RELATIONSHIPS || second === undefined || !isCanonical(algorithmOf(second), 0))
    throw unsupported(transforms);
  const { chosen, leftOut } = chooseRelationships(root, first);
  return { bytes: canonicalXml(placeRoot(chosen)), leftOut };
}

/** §10.6: those that are named by Id or by type, sorted by Id, with the mode said and nothing in between. */
function chooseRelationships(root: XmlElement, transform: XmlElement) {
  const selectors = elementsOf(transform);
  const ids = new Set(selectors.flatMap(({ attributes }) => attributes.get("SourceId") ?? []));
  const types = new Set(selectors.flatMap(({ attributes }) => attributes.get("SourceType") ?? []));
  const isChosen = ({ attributes }: XmlElement) =>
    ids.has(attributes.get("Id") ?? "") || types.has(attributes.get("Type") ?? "");
  const all = relationshipsIn(root);
  const chosen = all
    .filter(isChosen)
    .toSorted((a, b) => compare(a.attributes.get("Id") ?? "", b.attributes.get("Id") ?? ""))
    .map((element) => ({
      ...element,
      attributes: new Map([["TargetMode", "Internal"], ...element.attributes]),
      children: [],
      text: "",
    }));
  const leftOut = all.filter((one) => !isChosen(one)).map(({ attributes }) => attributes.get("Type") ?? "");
  return { chosen: { ...root, children: chosen, text: "" }, leftOut };
}

const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

const unsupported = (transforms: readonly XmlElement[]): ArtifactError =>
  new ArtifactError(
    "artifact.unsupported",
    `opc: the transforms ${transforms.map(algorithmOf).join(", ").slice(0, 300)} are not known here`,
  );
