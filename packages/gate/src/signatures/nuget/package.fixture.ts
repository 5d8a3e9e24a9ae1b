/** Builds NuGet packages and signs them, decent and lying ones. For tests only. */

import { createHash } from "node:crypto";
import { writeObjectIdentifier, writeOctetString, writeSequence, writeValue } from "../../asn1/write.ts";
import { type DigestName, oidOfDigest } from "../../cms/algorithm.ts";
import { ATTRIBUTE } from "../../cms/signer-info.ts";
import { buildZip, type Frame, type Part } from "../../formats/zip/zip.fixture.ts";
import type { IssuedCertificate } from "../../replica/certificate-authority.ts";
import {
  type SignerRequest,
  signSignerInfo,
  writeAttribute,
  writeSignedData,
} from "../../replica/cms-signer.ts";

const PLAIN_DATA = "1.2.840.113549.1.7.1";

export const PARTS: readonly Part[] = [
  { name: "_rels/.rels", bytes: Buffer.from("<Relationships/>") },
  { name: "Demo.nuspec", bytes: Buffer.from("<package/>") },
  { name: "lib/net8.0/Demo.dll", bytes: Buffer.from("no library, harmless text\n".repeat(40)) },
  { name: "[Content_Types].xml", bytes: Buffer.from("<Types/>") },
];

export const contentOf = (unsigned: Uint8Array, digest: DigestName = "sha256"): string =>
  `Version:1\n\n${oidOfDigest(digest)}-Hash:${createHash(digest).update(unsigned).digest("base64")}\n\n`;

const KINDS = { author: "1.2.840.113549.1.9.16.6.1", repository: "1.2.840.113549.1.9.16.6.2" } as const;

/** The attributes that NuGet signs. */
export const attributesOf = (
  kind: keyof typeof KINDS,
  signer: { readonly certificate: Uint8Array },
): Buffer[] => [
  writeAttribute("1.2.840.113549.1.9.16.2.16", writeSequence(writeObjectIdentifier(KINDS[kind]))),
  writeAttribute(
    ATTRIBUTE.signingCertificateV2,
    writeSequence(
      writeSequence(
        writeSequence(writeOctetString(createHash("sha256").update(signer.certificate).digest())),
      ),
    ),
  ),
  ...(kind === "author"
    ? []
    : [
        writeAttribute(
          "1.3.6.1.4.1.311.84.2.1.1.1",
          writeValue(0x16, Buffer.from("https://example.com/index.json")),
        ),
        writeAttribute(
          "1.3.6.1.4.1.311.84.2.1.1.2",
          writeSequence(writeValue(0x0c, Buffer.from("somebody"))),
        ),
      ]),
];

export interface PackageSigning extends Partial<SignerRequest> {
  readonly signer: IssuedCertificate;
  readonly kind?: keyof typeof KINDS;
  readonly content?: string;
  /** Whole SignerInfos over the signature value. */
  readonly countersign?: (signature: Buffer) => readonly Buffer[];
  readonly certificates?: readonly Uint8Array[];
}

/** @param unsigned - the package as it is before */
export function signatureOf(unsigned: Uint8Array, signing: PackageSigning): Buffer {
  const { signer, kind = "author", digest = "sha256", countersign, certificates = [], ...request } = signing;
  const content = Buffer.from(signing.content ?? contentOf(unsigned, digest));
  const signerInfo = signSignerInfo({
    contentType: PLAIN_DATA,
    contentOctets: content,
    digest,
    signedAttributes: attributesOf(kind, signer),
    ...request,
    signer,
    unsignedAttributes: (value) => [
      ...(request.unsignedAttributes?.(value) ?? []),
      ...(countersign === undefined
        ? []
        : [writeAttribute(ATTRIBUTE.countersignature, ...countersign(value))]),
    ],
  });
  return writeSignedData({
    contentType: PLAIN_DATA,
    content: writeOctetString(content),
    signerInfos: [signerInfo],
    digests: [digest],
    certificates: [signer.certificate, ...certificates],
  });
}

/** A repository's word on a signature value. */
export const countersignatureOf = (
  value: Buffer,
  signing: Partial<SignerRequest> & { signer: IssuedCertificate },
) =>
  signSignerInfo({
    contentOctets: value,
    signedAttributes: attributesOf("repository", signing.signer),
    ...signing,
  });

export interface PackageRequest {
  readonly parts?: readonly Part[];
  readonly frame?: Frame;
  /** Where the signature goes; last when it is left out. */
  readonly place?: number;
  readonly member?: Partial<Part>;
}

/** @returns the package with a signature in it, which may be of another */
export function withSignature(signature: Uint8Array, request: PackageRequest = {}): Buffer {
  const { parts = PARTS, frame, place = parts.length, member } = request;
  const entry: Part = { name: ".signature.p7s", bytes: signature, method: 0, flags: 0, ...member };
  return buildZip([...parts.slice(0, place), entry, ...parts.slice(place)], frame);
}

export const signedPackage = (signing: PackageSigning, request: PackageRequest = {}): Buffer =>
  withSignature(signatureOf(buildZip(request.parts ?? PARTS, request.frame), signing), request);
