/**
 * The XML signature of an OPC package, read: what is signed, by which algorithms, and what stands beside it.
 * Sources: W3C, XML Signature Syntax and Processing §4; ECMA-376-2 §10.5.
 * @module
 */

import { ArtifactError } from "@sallyport/core";
import { type Placed, placeChild, placeRoot } from "../../xml/canonical.ts";
import { elementsOf, type XmlElement } from "../../xml/element.ts";
import { readXmlDocument } from "../../xml/read-xml.ts";
import {
  algorithmOf,
  certificatesOf,
  DSIG,
  onlyPart,
  type Reference,
  readBase64,
  readReference,
} from "../../xml-signature/reference.ts";

const OPC_SIGNATURE = "http://schemas.openxmlformats.org/package/2006/digital-signature";

export interface SignatureXml {
  readonly root: Placed;
  readonly signedInfo: Placed;
  readonly canonicalisation: string;
  readonly signatureMethod: string;
  readonly references: readonly Reference[];
  readonly value: Buffer;
  /** DER, in the order of the file. */
  readonly certificates: readonly Buffer[];
  /** `Object` elements, by their Id; those without one by a number. */
  readonly objects: ReadonlyMap<string, Placed>;
  /** DER of timestamp tokens. */
  readonly tokens: readonly Buffer[];
  readonly commentCount: number;
}

const MAX_TOKENS = 16;

/** @throws {@link ArtifactError} `artifact.malformed`, `artifact.unsupported` */
export function readSignatureXml(bytes: Buffer): SignatureXml {
  const { root, commentCount, instructionCount } = readXmlDocument(bytes);
  if (instructionCount > 0)
    throw new ArtifactError("artifact.unsupported", "opc: a signature with processing instructions");
  if (root.name !== "Signature" || root.namespace !== DSIG) throw malformed("is no signature");
  expectUniqueIds(root);
  const place = placeRoot(root);
  const signedInfo = onlyPart(root, "SignedInfo");
  const objects = elementsOf(root, "Object");
  const tokens = objects.flatMap(tokensOf);
  if (tokens.length > MAX_TOKENS)
    throw new ArtifactError("artifact.over-limit", "opc: a signature with too many timestamps");
  return {
    root: place,
    signedInfo: placeChild(place, signedInfo),
    canonicalisation: algorithmOf(onlyPart(signedInfo, "CanonicalizationMethod")),
    signatureMethod: algorithmOf(onlyPart(signedInfo, "SignatureMethod")),
    references: elementsOf(signedInfo, "Reference").map(readReference),
    value: readBase64(onlyPart(root, "SignatureValue")),
    certificates: certificatesOf(root),
    objects: new Map(
      objects.map((object, at) => [object.attributes.get("Id") ?? `#${at}`, placeChild(place, object)]),
    ),
    tokens,
    commentCount,
  };
}

/** As Visual Studio's signing tool writes it: a token over the signature value, in an object that nothing signs. */
function tokensOf(object: XmlElement): readonly Buffer[] {
  return elementsOf(object, "TimeStamp")
    .filter(({ namespace }) => namespace === OPC_SIGNATURE)
    .flatMap((stamp) => elementsOf(stamp, "EncodedTime"))
    .map(readBase64);
}

/** Two elements with one name, and what is checked need not be what is read. */
function expectUniqueIds(root: XmlElement): void {
  const seen = new Set<string>();
  const queue = [root];
  for (let next = queue.pop(); next !== undefined; next = queue.pop()) {
    const id = next.attributes.get("Id");
    if (id !== undefined && seen.has(id)) throw malformed(`has two elements of the name ${id.slice(0, 100)}`);
    if (id !== undefined) seen.add(id);
    for (const child of elementsOf(next)) queue.push(child);
  }
}

const malformed = (message: string): ArtifactError =>
  new ArtifactError("artifact.malformed", `opc: the signature ${message}`);
