/**
 * One X.509 certificate, read from its own bytes and never written back. Reading decides nothing: whether the
 * certificate may do what it is used for is `path.ts`. Source: RFC 5280 §4.1.
 * @module
 */

import { createHash } from "node:crypto";
import { ArtifactError } from "@sallyport/core";
import { contextConstructed, contextPrimitive, type DerNode, readDer, TAG } from "../asn1/der.ts";
import { childOf, expectTag, readSmallInteger, readTime } from "../asn1/values.ts";
import type { CertificateSummary } from "../signatures/scheme.ts";
import {
  type BasicConstraints,
  EXTENSION,
  type Extension,
  readAuthorityKeyIdentifier,
  readBasicConstraints,
  readDistributionPoints,
  readExtendedKeyUsage,
  readExtensions,
  readKeyUsage,
  readSubjectKeyIdentifier,
} from "./extensions.ts";
import {
  ATTRIBUTE_TYPE,
  attributeOf,
  comparableName,
  type NameAttribute,
  nameText,
  readName,
} from "./name.ts";

export interface Certificate {
  /** The whole certificate. */
  readonly raw: Buffer;
  /** TBSCertificate with its header: what the issuer signed. */
  readonly tbs: Buffer;
  /** 1, 2 or 3. */
  readonly version: number;
  /** Content octets of the INTEGER, sign octet included. */
  readonly serial: Buffer;
  /** DER of the Name. */
  readonly issuer: Buffer;
  readonly subject: Buffer;
  readonly issuerName: readonly NameAttribute[];
  readonly subjectName: readonly NameAttribute[];
  /** Equal for names that RFC 5280 §7.1 calls equal. */
  readonly issuerKey: string;
  readonly subjectKey: string;
  readonly validFrom: Date;
  readonly validUntil: Date;
  /** DER of the SubjectPublicKeyInfo. */
  readonly publicKeyInfo: Buffer;
  /** AlgorithmIdentifier, the same inside and outside of what is signed. */
  readonly signatureAlgorithm: DerNode;
  /** Octets of the BIT STRING, without the count of unused bits. */
  readonly signature: Buffer;
  readonly extensions: ReadonlyMap<string, Extension>;
  readonly basicConstraints: BasicConstraints | undefined;
  /** Bit numbers of RFC 5280 §4.2.1.3. */
  readonly keyUsage: ReadonlySet<number> | undefined;
  /** Dotted key purposes; undefined when the certificate does not restrict them. */
  readonly extendedKeyUsage: ReadonlySet<string> | undefined;
  readonly subjectKeyIdentifier: Buffer | undefined;
  readonly authorityKeyIdentifier: Buffer | undefined;
  /** Where revocation lists are said to be. Shown, never fetched. */
  readonly distributionPoints: readonly string[];
  /** SHA-256 of `raw`, hex. */
  readonly sha256: string;
  readonly summary: CertificateSummary;
}

/** No certificate in the field comes near it. Attackers use them as containers. */
const MAX_CERTIFICATE_BYTES = 256 * 1024;

/**
 * Reads one certificate that fills `der` to the last byte.
 * @throws {@link ArtifactError} `artifact.malformed` on anything RFC 5280 §4.1 does not allow, on a doubled
 * extension, and on the two signature algorithm fields differing
 */
export function readCertificate(der: Uint8Array): Certificate {
  if (der.byteLength > MAX_CERTIFICATE_BYTES) throw malformed("a certificate larger than 256 KiB");
  const whole = expectTag(readDer(der), TAG.sequence, "Certificate");
  if (whole.children.length !== 3) throw malformed("a certificate without its three parts");
  const tbs = childOf(whole, 0, "TBSCertificate", TAG.sequence);
  const signatureAlgorithm = childOf(whole, 1, "signatureAlgorithm", TAG.sequence);
  const fields = readFields(tbs);
  // RFC 5280 §4.1.1.2: the outer field is not signed, so it must say what the signed one says.
  if (!fields.algorithm.raw.equals(signatureAlgorithm.raw))
    throw malformed("two different signature algorithms");
  const issuerName = readName(fields.issuer);
  const subjectName = readName(fields.subject);
  const sha256 = createHash("sha256").update(whole.raw).digest("hex");
  const { algorithm: _, issuer, subject, ...rest } = fields;
  const certificate = {
    ...rest,
    raw: whole.raw,
    tbs: tbs.raw,
    issuer: issuer.raw,
    subject: subject.raw,
    issuerName,
    subjectName,
    issuerKey: comparableName(issuerName),
    subjectKey: comparableName(subjectName),
    signatureAlgorithm,
    signature: bitString(childOf(whole, 2, "signatureValue", TAG.bitString)),
    sha256,
    ...interpret(fields.extensions),
  };
  return { ...certificate, summary: summarise(certificate) };
}

function readFields(tbs: DerNode) {
  const versionField = tbs.children[0]?.tag === contextConstructed(0) ? tbs.children[0] : undefined;
  const version = versionField === undefined ? 1 : readVersion(versionField);
  const at = versionField === undefined ? 0 : 1;
  const validity = childOf(tbs, at + 3, "Validity", TAG.sequence);
  if (validity.children.length !== 2) throw malformed("a Validity without two times");
  const publicKeyInfo = childOf(tbs, at + 5, "SubjectPublicKeyInfo", TAG.sequence);
  return {
    version,
    serial: readSerial(childOf(tbs, at, "serialNumber", TAG.integer)),
    algorithm: childOf(tbs, at + 1, "signature", TAG.sequence),
    issuer: childOf(tbs, at + 2, "issuer", TAG.sequence),
    validFrom: readTime(childOf(validity, 0, "notBefore"), "notBefore"),
    validUntil: readTime(childOf(validity, 1, "notAfter"), "notAfter"),
    subject: childOf(tbs, at + 4, "subject", TAG.sequence),
    publicKeyInfo: publicKeyInfo.raw,
    extensions: readTail(tbs.children.slice(at + 6), version),
  };
}

function readVersion(field: DerNode): number {
  const version = readSmallInteger(childOf(field, 0, "version"), "version") + 1;
  if (field.children.length !== 1 || version > 3) throw malformed("an unknown version");
  return version;
}

/** Old authorities wrote serials that are negative or long; they identify all the same. */
function readSerial(node: DerNode): Buffer {
  if (node.content.length === 0 || node.content.length > 64)
    throw malformed("a serial number of a wild length");
  return node.content;
}

/** `[1]` and `[2]` unique identifiers, `[3]` extensions, each at most once and in this order. */
function readTail(fields: readonly DerNode[], version: number): ReadonlyMap<string, Extension> {
  let last = 0;
  let extensions: ReadonlyMap<string, Extension> = new Map();
  for (const field of fields) {
    const number = TAIL.get(field.tag);
    if (number === undefined || number <= last) throw malformed("unknown fields after the public key");
    last = number;
    if (number !== 3) {
      if (version < 2) throw malformed("unique identifiers in a version 1 certificate");
      continue;
    }
    if (version !== 3) throw malformed("extensions in a certificate that is not version 3");
    if (field.children.length !== 1) throw malformed("extensions that are not one list");
    extensions = readExtensions(childOf(field, 0, "Extensions"));
  }
  return extensions;
}

const TAIL: ReadonlyMap<number, number> = new Map([
  [contextPrimitive(1), 1],
  [contextPrimitive(2), 2],
  [contextConstructed(3), 3],
]);

function interpret(extensions: ReadonlyMap<string, Extension>) {
  return {
    basicConstraints: readBasicConstraints(extensions.get(EXTENSION.basicConstraints)),
    keyUsage: readKeyUsage(extensions.get(EXTENSION.keyUsage)),
    extendedKeyUsage: readExtendedKeyUsage(extensions.get(EXTENSION.extendedKeyUsage)),
    subjectKeyIdentifier: readSubjectKeyIdentifier(extensions.get(EXTENSION.subjectKeyIdentifier)),
    authorityKeyIdentifier: readAuthorityKeyIdentifier(extensions.get(EXTENSION.authorityKeyIdentifier)),
    distributionPoints: readDistributionPoints(extensions.get(EXTENSION.crlDistributionPoints)),
  };
}

function summarise(certificate: Omit<Certificate, "summary">): CertificateSummary {
  return {
    subject: nameText(certificate.subjectName),
    commonName: attributeOf(certificate.subjectName, ATTRIBUTE_TYPE.commonName),
    organisation: attributeOf(certificate.subjectName, ATTRIBUTE_TYPE.organisation),
    issuer: nameText(certificate.issuerName),
    serial: serialText(certificate.serial),
    sha256: certificate.sha256,
    validFrom: certificate.validFrom.toISOString(),
    validUntil: certificate.validUntil.toISOString(),
  };
}

/** Hex without the sign octet, as other tools print it. */
function serialText(serial: Buffer): string {
  return (serial.length > 1 && serial[0] === 0 ? serial.subarray(1) : serial).toString("hex");
}

/** The octets of a BIT STRING that is made of whole octets. */
export function bitString(node: DerNode): Buffer {
  if (node.content.length === 0 || node.content[0] !== 0)
    throw malformed("a BIT STRING that is not whole octets");
  return node.content.subarray(1);
}

const malformed = (message: string): ArtifactError =>
  new ArtifactError("artifact.malformed", `X.509: ${message}`);
