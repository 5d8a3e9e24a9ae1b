/**
 * The two signatures of a manifest: one by the bare key over the whole document, and inside its key information a
 * license, signed by the same key with its certificate, that repeats the digest of the document.
 * Source: Microsoft Learn, "ClickOnce manifest signing"; the elements that mage and relic write.
 * @module
 */

import { ArtifactError } from "@sallyport/core";
import { exclusiveXml, type Placed, placeChild } from "../../xml/canonical.ts";
import { elementsOf, onlyElement, type XmlElement } from "../../xml/element.ts";
import {
  algorithmOf,
  certificatesOf,
  DSIG,
  onlyPart,
  type Reference,
  readBase64,
  readReference,
} from "../../xml-signature/reference.ts";

export interface EnvelopedSignature {
  readonly method: string;
  readonly reference: Reference;
  readonly value: Buffer;
  /** What the value is over. */
  readonly signedInfo: Buffer;
  /** What the reference is over: everything around the signature, without it. */
  readonly enveloped: Buffer;
  /** DER. */
  readonly certificates: readonly Buffer[];
  /** The key itself, where it is given. */
  readonly key: { readonly modulus: Buffer; readonly exponent: Buffer } | undefined;
  readonly element: Placed;
}

export interface License {
  readonly signature: EnvelopedSignature;
  /** Hex, in the order of the bytes in which it is written: the document's digest from its end. */
  readonly manifestHash: string;
  readonly bytes: number;
  /** DER of timestamps. */
  readonly timestamps: readonly Buffer[];
}

const ENVELOPED = `${DSIG}enveloped-signature`;
const EXCLUSIVE = "http://www.w3.org/2001/10/xml-exc-c14n#";

/**
 * Reads the signature directly inside an element, over that element.
 * @throws {@link ArtifactError} `artifact.malformed`, `artifact.unsupported` for other transforms
 */
export function readEnveloped(around: Placed, holder: Placed): EnvelopedSignature {
  const element = placeChild(holder, onlyPart(holder.element, "Signature"));
  const signedInfo = placeChild(element, onlyPart(element.element, "SignedInfo"));
  const references = elementsOf(signedInfo.element, "Reference").map(readReference);
  const [reference, ...more] = references;
  if (reference === undefined || more.length > 0 || reference.uri !== "")
    throw new ArtifactError("artifact.unsupported", "manifest: the signature is not over the whole document");
  const transforms = reference.transforms.map(algorithmOf).join(" ");
  const canonicalisation = algorithmOf(onlyPart(signedInfo.element, "CanonicalizationMethod"));
  if (
    transforms !== `${ENVELOPED} ${EXCLUSIVE}` ||
    canonicalisation !== EXCLUSIVE ||
    hasPrefixList(signedInfo)
  )
    throw new ArtifactError(
      "artifact.unsupported",
      "manifest: the signature is over another form of the document",
    );
  return {
    method: algorithmOf(onlyPart(signedInfo.element, "SignatureMethod")),
    reference,
    value: readBase64(onlyPart(element.element, "SignatureValue")),
    signedInfo: exclusiveXml(signedInfo),
    enveloped: exclusiveXml({ ...around, element: without(around.element, element.element) }),
    certificates: certificatesOf(element.element),
    key: readKey(element.element),
    element,
  };
}

/** Namespaces that are written although nothing uses them: no manifest has them. */
const hasPrefixList = ({ element }: Placed): boolean =>
  elementsOf(element).some((part) => elementsOf(part).some(({ name }) => name === "InclusiveNamespaces")) ||
  elementsOf(element, "Reference")
    .flatMap((reference) => elementsOf(reference, "Transforms"))
    .some((list) => elementsOf(list).some((transform) => elementsOf(transform).length > 0));

/** The element without the signature, wherever inside it stands. */
function without(element: XmlElement, signature: XmlElement): XmlElement {
  if (!element.children.some((child) => typeof child !== "string")) return element;
  const children = element.children
    .filter((child) => child !== signature)
    .map((child) => (typeof child === "string" ? child : without(child, signature)));
  return { ...element, children };
}

function readKey(signature: XmlElement): EnvelopedSignature["key"] {
  const key = elementsOf(signature, "KeyInfo")
    .flatMap((info) => elementsOf(info, "KeyValue"))
    .flatMap((value) => elementsOf(value, "RSAKeyValue"))[0];
  if (key === undefined) return undefined;
  return { modulus: readBase64(onlyPart(key, "Modulus")), exponent: readBase64(onlyPart(key, "Exponent")) };
}

/** @returns undefined when only a key stands behind the manifest */
export function readLicense({ element }: EnvelopedSignature): License | undefined {
  const path = ["KeyInfo", "RelData", "license"];
  let place: Placed | undefined = element;
  for (const name of path) {
    const child: XmlElement | undefined = place && onlyElement(place.element, name);
    place = place && child && placeChild(place, child);
  }
  const issuer = place && onlyElement(place.element, "issuer");
  const grant = place && onlyElement(place.element, "grant");
  if (place === undefined || issuer === undefined || grant === undefined) return undefined;
  const holder = placeChild(place, issuer);
  const signature = readEnveloped(place, holder);
  const information = onlyElement(grant, "ManifestInformation");
  return {
    signature,
    manifestHash: information?.attributes.get("Hash") ?? "",
    bytes: exclusiveXml(place).length,
    timestamps: elementsOf(signature.element.element, "Object")
      .flatMap((object) => elementsOf(object, "Timestamp"))
      .map(readBase64),
  };
}
