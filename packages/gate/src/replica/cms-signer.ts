/** CMS SignedData, built. Source: RFC 5652 §5. @module */

import { createHash } from "node:crypto";
import {
  retag,
  writeContext,
  writeContextPrimitive,
  writeInteger,
  writeObjectIdentifier,
  writeOctetString,
  writeSequence,
  writeSetOf,
  writeTime,
  writeValue,
} from "../asn1/write.ts";
import type { DigestName } from "../cms/algorithm.ts";
import { ATTRIBUTE } from "../cms/signer-info.ts";
import type { IssuedCertificate } from "./certificate-authority.ts";
import {
  type SignatureNaming,
  signBytes,
  writeDigestAlgorithm,
  writeSignatureAlgorithm,
} from "./signing-key.ts";

export interface SignerRequest {
  readonly signer: IssuedCertificate;
  /** Object identifier of the content; absent: no `contentType` attribute. */
  readonly contentType?: string;
  /** Content octets, without tag and length. */
  readonly contentOctets: Uint8Array;
  /** Default `sha256`. */
  readonly digest?: DigestName;
  readonly naming?: SignatureNaming;
  readonly signingTime?: Date;
  /** Name the signer by its key instead of issuer and serial number. */
  readonly byKeyIdentifier?: boolean;
  /** More signed attributes, from {@link writeAttribute}. */
  readonly signedAttributes?: readonly Uint8Array[];
  /** Called with the signature value: timestamps cover it. */
  readonly unsignedAttributes?: (signature: Buffer) => readonly Uint8Array[];
  /** What to get wrong, or to do in another way than most. */
  readonly unusual?: {
    /** Write the signed attributes in the order they are given, not sorted. */
    readonly unsorted?: boolean;
    /** In place of the digest of the content. */
    readonly messageDigest?: Uint8Array;
    /** Sign the content itself. */
    readonly withoutSignedAttributes?: boolean;
  };
}

export interface SignedDataRequest {
  readonly contentType: string;
  /** The whole value that goes inside `[0]`; absent: detached. */
  readonly content?: Uint8Array;
  /** From {@link signSignerInfo}. */
  readonly signerInfos: readonly Uint8Array[];
  readonly digests: readonly DigestName[];
  readonly certificates: readonly Uint8Array[];
  readonly revocationLists?: readonly Uint8Array[];
  /** Default 1, as PKCS#7 v1.5 writes it. */
  readonly version?: number;
}

/** DER of a SignerInfo. */
export function signSignerInfo(request: SignerRequest): Buffer {
  const digest = request.digest ?? "sha256";
  const naming = request.naming ?? "full";
  const { signer } = request;
  const attributes = signedAttributesOf(request, digest);
  const signedBytes = attributes ?? request.contentOctets;
  const signature = Buffer.from(signBytes(signer.key, digest, signedBytes, naming));
  const unsigned = request.unsignedAttributes?.(signature) ?? [];
  return writeSequence(
    writeInteger(request.byKeyIdentifier === true ? 3 : 1),
    request.byKeyIdentifier === true
      ? writeContextPrimitive(0, signer.keyIdentifier)
      : writeSequence(signer.issuer, signer.serial),
    writeDigestAlgorithm(digest),
    ...(attributes === undefined ? [] : [retag(attributes, 0xa0)]),
    writeSignatureAlgorithm(signer.key, digest, naming),
    writeOctetString(signature),
    ...(unsigned.length === 0 ? [] : [retag(writeSetOf(...unsigned), 0xa1)]),
  );
}

/** DER of a ContentInfo with SignedData. */
export function writeSignedData(request: SignedDataRequest): Buffer {
  const { content, revocationLists = [] } = request;
  const digests = [...new Set(request.digests)].map(writeDigestAlgorithm);
  const body = writeSequence(
    writeInteger(request.version ?? 1),
    writeSetOf(...digests),
    writeSequence(
      writeObjectIdentifier(request.contentType),
      ...(content === undefined ? [] : [writeContext(0, content)]),
    ),
    ...(request.certificates.length === 0 ? [] : [writeContext(0, ...request.certificates)]),
    ...(revocationLists.length === 0 ? [] : [writeContext(1, ...revocationLists)]),
    writeSetOf(...request.signerInfos),
  );
  return writeSequence(writeObjectIdentifier("1.2.840.113549.1.7.2"), writeContext(0, body));
}

/** DER of an Attribute. */
export const writeAttribute = (oid: string, ...values: readonly Uint8Array[]): Buffer =>
  writeSequence(writeObjectIdentifier(oid), writeSetOf(...values));

/** As the SET OF that is signed. */
function signedAttributesOf(request: SignerRequest, digest: DigestName): Buffer | undefined {
  if (request.unusual?.withoutSignedAttributes === true) return undefined;
  const messageDigest =
    request.unusual?.messageDigest ?? createHash(digest).update(request.contentOctets).digest();
  const attributes: Uint8Array[] = [...(request.signedAttributes ?? [])];
  if (request.contentType !== undefined)
    attributes.push(writeAttribute(ATTRIBUTE.contentType, writeObjectIdentifier(request.contentType)));
  if (request.signingTime !== undefined)
    attributes.push(writeAttribute(ATTRIBUTE.signingTime, writeTime(request.signingTime)));
  attributes.push(writeAttribute(ATTRIBUTE.messageDigest, writeOctetString(messageDigest)));
  if (request.unusual?.unsorted !== true) return writeSetOf(...attributes);
  return writeValue(0x31, Buffer.concat(attributes.toSorted(Buffer.compare).reverse()));
}
