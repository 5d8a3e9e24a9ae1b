/**
 * The XML signature of an OPC package, read: what is signed, by which algorithms, and what stands beside it.
 * Sources: W3C, XML Signature Syntax and Processing §4; ECMA-376-2 §10.5.
 * @module
 */

import { ArtifactError } from "@sallyport/core";
import { type Placed, placeChild, placeRoot } from "../../xml/canonical.ts";
import { elementsOf, onlyElement, type XmlElement } from "../../xml/element.ts";
import { readXmlDocument } from "../../xml/read-xml.ts";

export const DSIG = "http://www.w3.org/2000/09/xmldsig#";
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

export interface Reference {
  readonly uri: string;
  readonly transforms: readonly XmlElement[];
  readonly digestMethod: string;
  readonly digest: Buffer;
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
  const signedInfo = only(root, "SignedInfo");
  const objects = elementsOf(root, "Object");
  const tokens = objects.flatMap(tokensOf);
  if (tokens.length > MAX_TOKENS)
    throw new ArtifactError("artifact.over-limit", "opc: a signature with too many timestamps");
  return {
    root: place,
    signedInfo: placeChild(place, signedInfo),
    canonicalisation: algorithmOf(only(signedInfo, "CanonicalizationMethod")),
    signatureMethod: algorithmOf(only(signedInfo, "SignatureMethod")),
    references: elementsOf(signedInfo, "Reference").map(readReference),
    value: base64(only(root, "SignatureValue")),
    certificates: certificatesOf(root),
    objects: new Map(
      objects.map((object, at) => [object.attributes.get("Id") ?? `#${at}`, placeChild(place, object)]),
    ),
    tokens,
    commentCount,
  };
}

/** @throws {@link ArtifactError} `artifact.malformed` */
export function readReference(element: XmlElement): Reference {
  const uri = element.attributes.get("URI");
  if (uri === undefined) throw malformed("refers to nothing");
  const list = elementsOf(element, "Transforms");
  if (list.length > 1) throw malformed("has two lists of transforms for one reference");
  return {
    uri,
    transforms: list.flatMap((transforms) => elementsOf(transforms, "Transform")),
    digestMethod: algorithmOf(only(element, "DigestMethod")),
    digest: base64(only(element, "DigestValue")),
  };
}

export const algorithmOf = ({ attributes }: XmlElement): string => attributes.get("Algorithm") ?? "";

function only(parent: XmlElement, name: string): XmlElement {
  const found = onlyElement(parent, name);
  if (found === undefined || found.namespace !== DSIG) throw malformed(`has not one ${name}`);
  return found;
}

function base64(element: XmlElement): Buffer {
  const text = element.text.replaceAll(/[ \t\r\n]/g, "");
  if (text === "" || !/^[A-Za-z0-9+/]+={0,2}$/.test(text))
    throw malformed(`has a ${element.name} that is none`);
  return Buffer.from(text, "base64");
}

function certificatesOf(root: XmlElement): readonly Buffer[] {
  return elementsOf(root, "KeyInfo")
    .flatMap((info) => elementsOf(info, "X509Data"))
    .flatMap((data) => elementsOf(data, "X509Certificate"))
    .map(base64);
}

/** As Visual Studio's signing tool writes it: a token over the signature value, in an object that nothing signs. */
function tokensOf(object: XmlElement): readonly Buffer[] {
  return elementsOf(object, "TimeStamp")
    .filter(({ namespace }) => namespace === OPC_SIGNATURE)
    .flatMap((stamp) => elementsOf(stamp, "EncodedTime"))
    .map(base64);
}

/** Two elements with one name, and what is checked need not be what is read. */
function expectUniqueIds(root: XmlElement): void {
  const seen = new Set<string>();
  const queue = [root];
  for (let next = queue.pop(); next !== undefined; next = queue.pop()) {
    const id = next.attributes.get("Id");
    if (id !== undefined && seen.has(id)) throw malformed(`has two elements of the name ${id.slice(0, 100)}`);
    if (id !== undefined) seen.add(id);
    queue.push(...elementsOf(next));
  }
}

const malformed = (message: string): ArtifactError =>
  new ArtifactError("artifact.malformed", `opc: the signature ${message}`);
