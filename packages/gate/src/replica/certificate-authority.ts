/**
 * Certificates made in code: the replica's own little world of authorities, and everything a test needs to be
 * right or wrong about. Source: RFC 5280 §4.1, §4.2.
 * @module
 */

import { createHash, randomBytes } from "node:crypto";
import {
  writeBitString,
  writeBoolean,
  writeContext,
  writeContextPrimitive,
  writeInteger,
  writeObjectIdentifier,
  writeOctetString,
  writePrintableString,
  writeSequence,
  writeSetOf,
  writeTime,
  writeUtf8String,
} from "../asn1/write.ts";
import type { DigestName } from "../cms/algorithm.ts";
import {
  publicKeyInfoOf,
  type SignatureNaming,
  type SigningKey,
  signBytes,
  writeSignatureAlgorithm,
} from "./signing-key.ts";

export const KEY_PURPOSE = {
  serverAuthentication: "1.3.6.1.5.5.7.3.1",
  codeSigning: "1.3.6.1.5.5.7.3.3",
  timestamping: "1.3.6.1.5.5.7.3.8",
  lifetimeSigning: "1.3.6.1.4.1.311.10.3.13",
  any: "2.5.29.37.0",
} as const;

/** Bit numbers of RFC 5280 §4.2.1.3. */
export const KEY_USAGE = { digitalSignature: 0, keyEncipherment: 2, keyCertSign: 5, crlSign: 6 } as const;

export interface DistinguishedName {
  readonly commonName: string;
  readonly organisation?: string;
  readonly country?: string;
}

export interface CertificateRequest {
  readonly subject: DistinguishedName;
  readonly key: SigningKey;
  readonly validFrom: Date;
  readonly validUntil: Date;
  /** Octets of an unsigned number; default random. */
  readonly serial?: Uint8Array;
  /** basicConstraints cA. Absent: no basicConstraints at all. */
  readonly isAuthority?: boolean;
  readonly pathLength?: number;
  readonly keyUsage?: readonly (keyof typeof KEY_USAGE)[];
  /** Object identifiers. */
  readonly extendedKeyUsage?: readonly string[];
  readonly extendedKeyUsageCritical?: boolean;
  readonly nameConstraints?: NameConstraints;
  /** Default `sha256`. */
  readonly digest?: DigestName;
  readonly naming?: SignatureNaming;
  /** Whole Extension values, from {@link writeExtension}. */
  readonly extraExtensions?: readonly Uint8Array[];
  /** What to get wrong. */
  readonly broken?: {
    /** The signature value does not match. */
    readonly signature?: boolean;
    /** The algorithm inside differs from the one outside. */
    readonly innerAlgorithm?: Uint8Array;
    /** 0 is version 1. Default 2, version 3. */
    readonly version?: number;
    /** In place of the issuer's own name. */
    readonly issuer?: Uint8Array;
    /** In place of the subject's key. */
    readonly publicKeyInfo?: Uint8Array;
  };
}

export interface NameConstraints {
  readonly permitted?: readonly DistinguishedName[];
  readonly excluded?: readonly DistinguishedName[];
}

export interface IssuedCertificate {
  /** DER. */
  readonly certificate: Buffer;
  /** DER of the subject Name. */
  readonly subject: Buffer;
  /** DER of the issuer Name. */
  readonly issuer: Buffer;
  /** DER INTEGER. */
  readonly serial: Buffer;
  readonly keyIdentifier: Buffer;
  readonly key: SigningKey;
}

/**
 * Issues a certificate.
 * @param issuer - absent: self-signed
 */
export function issueCertificate(
  request: CertificateRequest,
  issuer?: Pick<IssuedCertificate, "subject" | "key" | "keyIdentifier">,
): IssuedCertificate {
  const subject = writeName(request.subject);
  const publicKeyInfo = request.broken?.publicKeyInfo ?? publicKeyInfoOf(request.key);
  const keyIdentifier = createHash("sha1").update(publicKeyInfo).digest();
  const signedBy = issuer ?? { subject, key: request.key, keyIdentifier };
  const issuerName = Buffer.from(request.broken?.issuer ?? signedBy.subject);
  const digest = request.digest ?? "sha256";
  const naming = request.naming ?? "full";
  const algorithm = writeSignatureAlgorithm(signedBy.key, digest, naming);
  const serial = writeInteger(request.serial ?? Buffer.concat([Buffer.from([0x5a]), randomBytes(11)]));
  const version = request.broken?.version ?? 2;
  const body = writeSequence(
    ...(version === 0 ? [] : [writeContext(0, writeInteger(version))]),
    serial,
    request.broken?.innerAlgorithm ?? algorithm,
    issuerName,
    writeSequence(writeTime(request.validFrom), writeTime(request.validUntil)),
    subject,
    publicKeyInfo,
    ...(version === 2
      ? [writeContext(3, writeSequence(...extensionsOf(request, keyIdentifier, signedBy.keyIdentifier)))]
      : []),
  );
  const signature = Buffer.from(signBytes(signedBy.key, digest, body, naming));
  if (request.broken?.signature === true) signature[signature.length - 1] = (signature.at(-1) ?? 0) ^ 1;
  const certificate = writeSequence(body, algorithm, writeBitString(signature));
  return { certificate, subject, issuer: issuerName, serial, keyIdentifier, key: request.key };
}

/** A self-signed authority with what RFC 5280 wants of one. */
export function issueRoot(
  request: Pick<CertificateRequest, "subject" | "key" | "validFrom" | "validUntil"> &
    Partial<CertificateRequest>,
): IssuedCertificate {
  return issueCertificate({ isAuthority: true, keyUsage: ["keyCertSign", "crlSign"], ...request });
}

/** DER of a Name of one attribute per relative name. */
export function writeName(name: DistinguishedName): Buffer {
  const parts: Buffer[] = [];
  if (name.country !== undefined) parts.push(nameAttribute("2.5.4.6", writePrintableString(name.country)));
  if (name.organisation !== undefined)
    parts.push(nameAttribute("2.5.4.10", writeUtf8String(name.organisation)));
  parts.push(nameAttribute("2.5.4.3", writeUtf8String(name.commonName)));
  return writeSequence(...parts);
}

/** @param value - DER of the extension's value, before it is wrapped */
export function writeExtension(oid: string, critical: boolean, value: Uint8Array): Buffer {
  const flag = critical ? [writeBoolean(true)] : [];
  return writeSequence(writeObjectIdentifier(oid), ...flag, writeOctetString(value));
}

/** PEM text, as other programs read it. */
export function writePem(label: string, ...values: readonly Uint8Array[]): string {
  return values
    .map((der) => {
      const lines = Buffer.from(der)
        .toString("base64")
        .replaceAll(/(.{64})(?=.)/g, "$1\n");
      return `-----BEGIN ${label}-----\n${lines}\n-----END ${label}-----\n`;
    })
    .join("");
}

function extensionsOf(request: CertificateRequest, subjectKey: Buffer, authorityKey: Buffer): Uint8Array[] {
  const extensions: Uint8Array[] = [
    writeExtension("2.5.29.14", false, writeOctetString(subjectKey)),
    writeExtension("2.5.29.35", false, writeSequence(writeContextPrimitive(0, authorityKey))),
  ];
  if (request.isAuthority !== undefined) {
    const parts = request.isAuthority ? [writeBoolean(true)] : [];
    if (request.pathLength !== undefined) parts.push(writeInteger(request.pathLength));
    extensions.push(writeExtension("2.5.29.19", true, writeSequence(...parts)));
  }
  if (request.keyUsage !== undefined)
    extensions.push(writeExtension("2.5.29.15", true, writeKeyUsage(request.keyUsage)));
  if (request.extendedKeyUsage !== undefined) {
    const purposes = writeSequence(...request.extendedKeyUsage.map(writeObjectIdentifier));
    extensions.push(writeExtension("2.5.29.37", request.extendedKeyUsageCritical ?? false, purposes));
  }
  if (request.nameConstraints !== undefined)
    extensions.push(writeExtension("2.5.29.30", true, writeNameConstraints(request.nameConstraints)));
  return [...extensions, ...(request.extraExtensions ?? [])];
}

/** A named bit string: trailing zero bits are left out (X.690 §11.2.2). */
function writeKeyUsage(usages: readonly (keyof typeof KEY_USAGE)[]): Buffer {
  const bits = usages.map((usage) => KEY_USAGE[usage]);
  const octet = bits.reduce<number>((sum, bit) => sum | (0x80 >> bit), 0);
  return writeBitString(Buffer.from([octet]), 7 - Math.max(...bits));
}

function writeNameConstraints(constraints: NameConstraints): Buffer {
  const subtrees = (number: number, names: readonly DistinguishedName[] | undefined) =>
    names === undefined
      ? []
      : [writeContext(number, ...names.map((name) => writeSequence(writeContext(4, writeName(name)))))];
  return writeSequence(...subtrees(0, constraints.permitted), ...subtrees(1, constraints.excluded));
}

const nameAttribute = (oid: string, value: Buffer): Buffer =>
  writeSetOf(writeSequence(writeObjectIdentifier(oid), value));
