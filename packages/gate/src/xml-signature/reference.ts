/** Pieces that every XML signature is made of. Source: W3C, XML Signature Syntax and Processing §4. @module */

import { ArtifactError } from "@sallyport/core";
import { elementsOf, onlyElement, type XmlElement } from "../xml/element.ts";

export const DSIG = "http://www.w3.org/2000/09/xmldsig#";

export interface Reference {
  readonly uri: string;
  readonly transforms: readonly XmlElement[];
  readonly digestMethod: string;
  readonly digest: Buffer;
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
    digestMethod: algorithmOf(onlyPart(element, "DigestMethod")),
    digest: readBase64(onlyPart(element, "DigestValue")),
  };
}

export const algorithmOf = ({ attributes }: XmlElement): string => attributes.get("Algorithm") ?? "";

/** The one element of that name, in the signature's own namespace. @throws {@link ArtifactError} `artifact.malformed` */
export function onlyPart(parent: XmlElement, name: string): XmlElement {
  const found = onlyElement(parent, name);
  if (found === undefined || found.namespace !== DSIG) throw malformed(`has not one ${name}`);
  return found;
}

/** @throws {@link ArtifactError} `artifact.malformed` */
export function readBase64(element: XmlElement): Buffer {
  const text = element.text.replaceAll(/[ \t\r\n]/g, "");
  if (text === "" || !/^[A-Za-z0-9+/]+={0,2}$/.test(text))
    throw malformed(`has a ${element.name} that is none`);
  return Buffer.from(text, "base64");
}

/** DER of the certificates in its key information, in the order of the file. */
export function certificatesOf(signature: XmlElement): readonly Buffer[] {
  return elementsOf(signature, "KeyInfo")
    .flatMap((info) => elementsOf(info, "X509Data"))
    .flatMap((data) => elementsOf(data, "X509Certificate"))
    .map(readBase64);
}

const malformed = (message: string): ArtifactError =>
  new ArtifactError("artifact.malformed", `XML signature: the signature ${message}`);
