/** One signer's part of a SignedData, with the raw slices that are hashed. Source: RFC 5652 §5.3, §11. @module */

import { ArtifactError } from "@sallyport/core";
import { contextConstructed, contextPrimitive, type DerNode, TAG } from "../asn1/der.ts";
import { childOf, expectTag, readOid, readSmallInteger } from "../asn1/values.ts";
import { type Algorithm, readAlgorithm } from "./algorithm.ts";

export interface SignerInfo {
  readonly raw: Buffer;
  /** 1 with an issuer and serial number, 3 with a key identifier. */
  readonly version: number;
  readonly signerIdentifier: SignerIdentifier;
  readonly digestAlgorithm: Algorithm;
  /** Absent: the signature is over the content itself. */
  readonly signedAttributes: SignedAttributes | undefined;
  readonly signatureAlgorithm: Algorithm;
  /** The signature value: what timestamps and countersignatures cover. */
  readonly signature: Buffer;
  /** Covered by nothing. In file order. */
  readonly unsignedAttributes: readonly Attribute[];
}

export type SignerIdentifier =
  /** DER of the issuer Name, content octets of the serial number. */
  | { readonly kind: "issuer-and-serial"; readonly issuer: Buffer; readonly serial: Buffer }
  | { readonly kind: "key-identifier"; readonly keyIdentifier: Buffer };

export interface SignedAttributes {
  /** What the signature is over: the bytes of the file with the tag changed from `[0]` to SET OF. */
  readonly signedBytes: Buffer;
  /** In file order; no two of one type. */
  readonly list: readonly Attribute[];
  /** DER wants a SET OF sorted. Signers exist that do not sort, and then the order of the file is what they signed. */
  readonly sorted: boolean;
}

export interface Attribute {
  readonly oid: string;
  readonly raw: Buffer;
  readonly values: readonly DerNode[];
}

export const ATTRIBUTE = {
  contentType: "1.2.840.113549.1.9.3",
  messageDigest: "1.2.840.113549.1.9.4",
  signingTime: "1.2.840.113549.1.9.5",
  countersignature: "1.2.840.113549.1.9.6",
  signingCertificate: "1.2.840.113549.1.9.16.2.12",
  signingCertificateV2: "1.2.840.113549.1.9.16.2.47",
  rfc3161Token: "1.3.6.1.4.1.311.3.3.1",
  /** The same token as CAdES and RFC 3161 itself name it. */
  timeStampToken: "1.2.840.113549.1.9.16.2.14",
  nestedSignature: "1.3.6.1.4.1.311.2.4.1",
  opusInfo: "1.3.6.1.4.1.311.2.1.12",
  statementType: "1.3.6.1.4.1.311.2.1.11",
} as const;

/** @throws {@link ArtifactError} `artifact.malformed` */
export function readSignerInfo(node: DerNode): SignerInfo {
  expectTag(node, TAG.sequence, "SignerInfo");
  const version = readSmallInteger(childOf(node, 0, "SignerInfo version"), "SignerInfo version");
  const signerIdentifier = readSignerIdentifier(childOf(node, 1, "signer identifier"));
  if (version !== (signerIdentifier.kind === "key-identifier" ? 3 : 1))
    throw malformed(`SignerInfo version ${version} does not go with its signer identifier`);
  const rest = node.children.slice(2);
  const digestAlgorithm = readAlgorithm(take(rest, "digestAlgorithm"), "digestAlgorithm");
  const signed = rest[0]?.tag === contextConstructed(0) ? rest.shift() : undefined;
  const signatureAlgorithm = readAlgorithm(take(rest, "signatureAlgorithm"), "signatureAlgorithm");
  const signature = expectTag(take(rest, "signature"), TAG.octetString, "signature").content;
  const unsigned = rest[0]?.tag === contextConstructed(1) ? rest.shift() : undefined;
  if (rest.length > 0) throw malformed("SignerInfo has a field too many");
  return {
    raw: node.raw,
    version,
    signerIdentifier,
    digestAlgorithm,
    signedAttributes: signed === undefined ? undefined : readSignedAttributes(signed),
    signatureAlgorithm,
    signature,
    unsignedAttributes: unsigned === undefined ? [] : readAttributes(unsigned),
  };
}

/**
 * The one value of an attribute that may have one only.
 * @returns undefined when there is no such attribute
 * @throws {@link ArtifactError} `artifact.malformed` when it has no value or several
 */
export function singleValue(attributes: readonly Attribute[], oid: string): DerNode | undefined {
  const found = attributes.filter((attribute) => attribute.oid === oid);
  if (found.length > 1) throw malformed(`attribute ${oid} is there ${found.length} times`);
  const values = found[0]?.values;
  if (values !== undefined && values.length !== 1)
    throw malformed(`attribute ${oid} has ${values.length} values, not one`);
  return values?.[0];
}

function readSignerIdentifier(node: DerNode): SignerIdentifier {
  if (node.tag === contextPrimitive(0)) return { kind: "key-identifier", keyIdentifier: node.content };
  expectTag(node, TAG.sequence, "signer identifier");
  if (node.children.length !== 2) throw malformed("issuerAndSerialNumber does not have two fields");
  const issuer = childOf(node, 0, "issuer", TAG.sequence).raw;
  const serial = childOf(node, 1, "serial number", TAG.integer).content;
  if (serial.length === 0) throw malformed("the serial number is empty");
  return { kind: "issuer-and-serial", issuer, serial };
}

function readSignedAttributes(node: DerNode): SignedAttributes {
  const list = readAttributes(node);
  // RFC 5652 §5.3: one instance each; X.501 has no two attributes of one type in a set.
  const types = new Set(list.map((attribute) => attribute.oid));
  if (types.size !== list.length) throw malformed("a signed attribute is there twice");
  const signedBytes = Buffer.from(node.raw);
  signedBytes[0] = TAG.set;
  return { signedBytes, list, sorted: isSorted(list) };
}

/** X.690 §11.6: ascending as octet strings, the shorter padded with zeros. No value is a prefix of another in DER. */
function isSorted(list: readonly Attribute[]): boolean {
  return list.every((attribute, index) => {
    const next = list[index + 1];
    return next === undefined || Buffer.compare(attribute.raw, next.raw) <= 0;
  });
}

function readAttributes(node: DerNode): Attribute[] {
  if (node.children.length === 0) throw malformed("a set of attributes is empty");
  return node.children.map((child) => {
    expectTag(child, TAG.sequence, "attribute");
    if (child.children.length !== 2) throw malformed("an attribute does not have two fields");
    const oid = readOid(childOf(child, 0, "attribute type"), "attribute type");
    return { oid, raw: child.raw, values: childOf(child, 1, "attribute values", TAG.set).children };
  });
}

function take(rest: DerNode[], what: string): DerNode {
  const node = rest.shift();
  if (node === undefined) throw malformed(`${what} is missing`);
  return node;
}

const malformed = (message: string): ArtifactError =>
  new ArtifactError("artifact.malformed", `CMS: ${message}`);
