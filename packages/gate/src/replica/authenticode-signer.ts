/**
 * Authenticode signatures made in code, around a digest that the format's own code computed.
 * Source: Microsoft, Windows Authenticode Portable Executable Signature Format (2008), and what osslsigncode writes
 * for MSI and CAB.
 * @module
 */

import {
  writeBitString,
  writeContext,
  writeContextPrimitive,
  writeInteger,
  writeObjectIdentifier,
  writeOctetString,
  writeSequence,
} from "../asn1/write.ts";
import type { DigestName } from "../cms/algorithm.ts";
import { ATTRIBUTE } from "../cms/signer-info.ts";
import type { IssuedCertificate } from "./certificate-authority.ts";
import { signSignerInfo, writeAttribute, writeSignedData } from "./cms-signer.ts";
import { type SignatureNaming, writeDigestAlgorithm } from "./signing-key.ts";

export type AuthenticodeSubject = "pe" | "msi" | "cab" | "script";

export interface AuthenticodeRequest {
  readonly subject: AuthenticodeSubject;
  /** Hex, for scripts: the class of the program that hashes them. */
  readonly sipClass?: string;
  /** Of the file, as the format's Authenticode rules compute it. */
  readonly fileDigest: Uint8Array;
  /** Of the file and of the signature. Default `sha256`. */
  readonly digest?: DigestName;
  readonly signer: IssuedCertificate;
  /** DER, besides the signer's own: intermediates, the authority of a countersignature. */
  readonly certificates?: readonly Uint8Array[];
  readonly naming?: SignatureNaming;
  readonly programName?: string;
  readonly moreInfoUrl?: string;
  readonly signingTime?: Date;
  /** Whole signatures that go inside this one. */
  readonly nested?: readonly Uint8Array[];
  /** Called with the signature value; returns whole attributes, as {@link writeTokenAttribute} makes them. */
  readonly unsignedAttributes?: (signature: Buffer) => readonly Uint8Array[];
  readonly revocationLists?: readonly Uint8Array[];
  /** What to get wrong. */
  readonly broken?: {
    /** Sign under another content type. */
    readonly contentType?: string;
    readonly messageDigest?: Uint8Array;
    /** The digest named beside the file's, in place of the signature's. */
    readonly namedDigest?: DigestName;
    /** The same SignerInfo twice. */
    readonly twoSigners?: boolean;
    /** More bytes inside SpcIndirectDataContent. */
    readonly trailing?: Uint8Array;
  };
}

const SPC_INDIRECT_DATA = "1.3.6.1.4.1.311.2.1.4";

/** DER of the PKCS#7 ContentInfo, without a container's padding. */
export function signAuthenticode(request: AuthenticodeRequest): Buffer {
  const digest = request.digest ?? "sha256";
  const contentType = request.broken?.contentType ?? SPC_INDIRECT_DATA;
  const content = writeIndirectData(request, request.broken?.namedDigest ?? digest);
  const nested = request.nested ?? [];
  const messageDigest = request.broken?.messageDigest;
  const signerInfo = signSignerInfo({
    signer: request.signer,
    contentType,
    contentOctets: content.subarray(headerBytes(content)),
    digest,
    naming: request.naming ?? "bare",
    ...(request.signingTime === undefined ? {} : { signingTime: request.signingTime }),
    ...(messageDigest === undefined ? {} : { unusual: { messageDigest } }),
    signedAttributes: [
      writeAttribute(ATTRIBUTE.opusInfo, writeOpusInfo(request)),
      // "Individual code signing": what signtool and osslsigncode write for every certificate of today.
      writeAttribute(ATTRIBUTE.statementType, writeSequence(writeObjectIdentifier("1.3.6.1.4.1.311.2.1.21"))),
    ],
    unsignedAttributes: (signature) => [
      ...(nested.length === 0 ? [] : [writeAttribute(ATTRIBUTE.nestedSignature, ...nested)]),
      ...(request.unsignedAttributes?.(signature) ?? []),
    ],
  });
  return writeSignedData({
    contentType,
    content,
    signerInfos: request.broken?.twoSigners === true ? [signerInfo, signerInfo] : [signerInfo],
    digests: [digest],
    certificates: [request.signer.certificate, ...(request.certificates ?? [])],
    revocationLists: request.revocationLists ?? [],
  });
}

function writeIndirectData(request: AuthenticodeRequest, digest: DigestName): Buffer {
  return writeSequence(
    writeSubject(request),
    writeSequence(writeDigestAlgorithm(digest), writeOctetString(request.fileDigest)),
    request.broken?.trailing ?? Buffer.alloc(0),
  );
}

/** SpcAttributeTypeAndOptionalValue. */
function writeSubject({ subject, sipClass = "" }: AuthenticodeRequest): Buffer {
  switch (subject) {
    case "pe":
      // SpcPeImageData: no flags, and a file link whose text has been obsolete since 1998.
      return writeSequence(
        writeObjectIdentifier("1.3.6.1.4.1.311.2.1.15"),
        writeSequence(writeBitString(Buffer.alloc(0)), writeContext(0, OBSOLETE_LINK)),
      );
    case "cab":
      return writeSequence(writeObjectIdentifier("1.3.6.1.4.1.311.2.1.25"), OBSOLETE_LINK);
    case "msi":
      return writeSipInfo("f1100c0000000000c000000000000046");
    case "script":
      return writeSipInfo(sipClass);
  }
}

/** SpcSipInfo: version 1, the class of a subject interface package, five reserved numbers. */
const writeSipInfo = (classId: string): Buffer =>
  writeSequence(
    writeObjectIdentifier("1.3.6.1.4.1.311.2.1.30"),
    writeSequence(
      writeInteger(1),
      writeOctetString(Buffer.from(classId, "hex")),
      ...new Array<Buffer>(5).fill(writeInteger(0)),
    ),
  );

/** SpcLink `file [2] EXPLICIT SpcString unicode [0]`. */
const OBSOLETE_LINK = writeContext(2, writeContextPrimitive(0, unicode("<<<Obsolete>>>")));

function writeOpusInfo({ programName, moreInfoUrl }: AuthenticodeRequest): Buffer {
  return writeSequence(
    ...(programName === undefined ? [] : [writeContext(0, writeContextPrimitive(0, unicode(programName)))]),
    ...(moreInfoUrl === undefined
      ? []
      : [writeContext(1, writeContextPrimitive(0, Buffer.from(moreInfoUrl, "latin1")))]),
  );
}

function unicode(text: string): Buffer {
  return Buffer.from(text, "utf16le").swap16();
}

/** Identifier and length octets of a value we wrote. */
function headerBytes(value: Buffer): number {
  const first = value[1] ?? 0;
  return first < 0x80 ? 2 : 2 + (first & 0x7f);
}
