/** Certificate and CRL extensions, each read only when it is asked for. Source: RFC 5280 §4.2. @module */

import { ArtifactError } from "@sallyport/core";
import { contextConstructed, contextPrimitive, type DerNode, readDer, TAG } from "../asn1/der.ts";
import { childOf, expectTag, readOid, readSmallInteger } from "../asn1/values.ts";

export interface Extension {
  readonly oid: string;
  readonly critical: boolean;
  /** DER inside the OCTET STRING. */
  readonly value: Buffer;
}

export const EXTENSION = {
  subjectKeyIdentifier: "2.5.29.14",
  keyUsage: "2.5.29.15",
  subjectAlternativeName: "2.5.29.17",
  issuerAlternativeName: "2.5.29.18",
  basicConstraints: "2.5.29.19",
  nameConstraints: "2.5.29.30",
  crlDistributionPoints: "2.5.29.31",
  certificatePolicies: "2.5.29.32",
  policyMappings: "2.5.29.33",
  authorityKeyIdentifier: "2.5.29.35",
  policyConstraints: "2.5.29.36",
  extendedKeyUsage: "2.5.29.37",
  inhibitAnyPolicy: "2.5.29.54",
} as const;

export const KEY_PURPOSE = {
  any: "2.5.29.37.0",
  codeSigning: "1.3.6.1.5.5.7.3.3",
  timestamping: "1.3.6.1.5.5.7.3.8",
  /** Expiry ends the signature even when a timestamp proves it is older. */
  lifetimeSigning: "1.3.6.1.4.1.311.10.3.13",
  /** Developer ID Installer. Source: Apple, Developer ID Certification Practice Statement. */
  applePackageSigning: "1.2.840.113635.100.4.13",
} as const;

export interface BasicConstraints {
  readonly isAuthority: boolean;
  readonly pathLength: number | undefined;
}

/**
 * @throws {@link ArtifactError} `artifact.malformed`, also when an extension comes twice: two readers would see two
 * certificates
 */
export function readExtensions(sequence: DerNode): ReadonlyMap<string, Extension> {
  expectTag(sequence, TAG.sequence, "Extensions");
  if (sequence.children.length === 0) throw malformed("an empty list of extensions");
  const extensions = new Map<string, Extension>();
  for (const node of sequence.children) {
    const extension = readExtension(node);
    if (extensions.has(extension.oid)) throw malformed(`extension ${extension.oid} comes twice`);
    extensions.set(extension.oid, extension);
  }
  return extensions;
}

function readExtension(node: DerNode): Extension {
  expectTag(node, TAG.sequence, "Extension");
  const oid = readOid(childOf(node, 0, "extension type"), "extension type");
  const marked = node.children.length === 3;
  if (!marked && node.children.length !== 2)
    throw malformed(`extension ${oid} has the wrong number of fields`);
  const value = childOf(node, marked ? 2 : 1, `extension ${oid}`, TAG.octetString).content;
  return { oid, critical: marked && readBoolean(childOf(node, 1, "critical", TAG.boolean)), value };
}

/** X.690 §11.1 allows 0xff only; 0x00 spelled out is a DEFAULT that should be absent, and harmless. */
function readBoolean(node: DerNode): boolean {
  const value = node.content[0];
  if (node.content.length !== 1 || (value !== 0 && value !== 0xff)) throw malformed("a broken BOOLEAN");
  return value === 0xff;
}

export function readBasicConstraints(extension: Extension | undefined): BasicConstraints | undefined {
  if (extension === undefined) return undefined;
  const node = expectTag(readDer(extension.value), TAG.sequence, "BasicConstraints");
  const [first, second] = node.children;
  const flag = first?.tag === TAG.boolean ? first : undefined;
  const length = flag === undefined ? first : second;
  if (node.children.length > (flag === undefined ? 1 : 2))
    throw malformed("BasicConstraints has extra fields");
  return {
    isAuthority: flag !== undefined && readBoolean(flag),
    pathLength: length === undefined ? undefined : readSmallInteger(length, "pathLenConstraint"),
  };
}

/** Set bits by their number in RFC 5280 §4.2.1.3: 0 digitalSignature, 5 keyCertSign, 6 cRLSign. */
export function readKeyUsage(extension: Extension | undefined): ReadonlySet<number> | undefined {
  if (extension === undefined) return undefined;
  const [unused = 8, ...octets] = expectTag(readDer(extension.value), TAG.bitString, "KeyUsage").content;
  if (unused > 7 || octets.length > 2) throw malformed("a broken KeyUsage");
  const bits = new Set<number>();
  for (const [place, octet] of octets.entries())
    for (let bit = 0; bit < 8; bit += 1) if ((octet & (0x80 >> bit)) !== 0) bits.add(place * 8 + bit);
  return bits;
}

/** Key purposes as dotted identifiers. */
export function readExtendedKeyUsage(extension: Extension | undefined): ReadonlySet<string> | undefined {
  if (extension === undefined) return undefined;
  const node = expectTag(readDer(extension.value), TAG.sequence, "ExtKeyUsage");
  if (node.children.length === 0) throw malformed("an empty ExtKeyUsage");
  return new Set(node.children.map((purpose) => readOid(purpose, "KeyPurposeId")));
}

export function readSubjectKeyIdentifier(extension: Extension | undefined): Buffer | undefined {
  if (extension === undefined) return undefined;
  return expectTag(readDer(extension.value), TAG.octetString, "SubjectKeyIdentifier").content;
}

/** Only the key identifier: names and serials in it are hints that nobody has to follow. */
export function readAuthorityKeyIdentifier(extension: Extension | undefined): Buffer | undefined {
  if (extension === undefined) return undefined;
  const node = expectTag(readDer(extension.value), TAG.sequence, "AuthorityKeyIdentifier");
  return node.children.find((field) => field.tag === contextPrimitive(0))?.content;
}

/** The addresses where the issuer says its revocation lists are. Facts to show; nobody fetches them. */
export function readDistributionPoints(extension: Extension | undefined): readonly string[] {
  if (extension === undefined) return [];
  const node = expectTag(readDer(extension.value), TAG.sequence, "CRLDistributionPoints");
  return node.children.flatMap((point) => {
    const name = point.children.find((field) => field.tag === contextConstructed(0));
    const full = name?.children.find((field) => field.tag === contextConstructed(0));
    return (full?.children ?? [])
      .filter((general) => general.tag === contextPrimitive(6))
      .map((uri) => uri.content.toString("latin1"));
  });
}

const malformed = (message: string): ArtifactError =>
  new ArtifactError("artifact.malformed", `X.509: ${message}`);
