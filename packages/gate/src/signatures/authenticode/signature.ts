/**
 * Every Authenticode signature a file carries, nested ones included, read into one flat list.
 * Source: Microsoft, Windows Authenticode Portable Executable Signature Format; nested signatures as signtool `/as`
 * writes them (unsigned attribute 1.3.6.1.4.1.311.2.4.1).
 * @module
 */

import { ArtifactError } from "@sallyport/core";
import { type DerNode, readDer } from "../../asn1/der.ts";
import { readSignedData } from "../../cms/signed-data.ts";
import { ATTRIBUTE, type SignerInfo } from "../../cms/signer-info.ts";
import { type CmsSignature, withOneSigner } from "../../code-signing/cms-signature.ts";
import { outcomeOf } from "../../code-signing/reading.ts";
import type { SignatureBlob } from "./certificate-table.ts";
import { type IndirectData, readIndirectData, SPC_INDIRECT_DATA } from "./indirect-data.ts";

/** `position`: nested ones follow the one that carries them. */
export interface Signature extends CmsSignature {
  readonly isNested: boolean;
  readonly indirect: IndirectData;
  /** Content octets of SpcIndirectDataContent: what `messageDigest` is over. */
  readonly contentOctets: Buffer;
}

/** A signature that could not be read. */
export interface BrokenSignature {
  readonly position: number;
  readonly entryOffsetBytes: number;
  readonly because: string;
  /** `unknown`: not understood, as opposed to broken. */
  readonly outcome: "fail" | "unknown";
}

/** Signatures inside signatures inside signatures: two levels are made by nobody, four is an attack. */
const MAX_DEPTH = 4;
const MAX_SIGNATURES = 32;

export interface SignatureList {
  readonly signatures: readonly Signature[];
  readonly broken: readonly BrokenSignature[];
}

/** What a signature is over. */
export interface SignedContent {
  /** Object identifier. */
  readonly contentType: string;
  /** For people: `the digest of a file`. */
  readonly title: string;
  /** @throws {@link ArtifactError} when the content is not of that type */
  read(content: DerNode, signerInfo: SignerInfo): IndirectData;
  /** It may be longer than a signature, and is read by itself. */
  readonly isLong?: true;
}

const FILE_DIGEST: SignedContent = {
  contentType: SPC_INDIRECT_DATA,
  title: "the digest of a file",
  read: readIndirectData,
};

/** Reads the signatures in the given blobs. Never throws for what the blobs hold. */
export function readSignatures(
  blobs: readonly SignatureBlob[],
  content: SignedContent = FILE_DIGEST,
): SignatureList {
  const list = { signatures: [] as Signature[], broken: [] as BrokenSignature[], content };
  for (const blob of blobs) readOne(list, { ...blob, entryBytes: blob.der }, 0);
  return list;
}

interface OpenList {
  readonly signatures: Signature[];
  readonly broken: BrokenSignature[];
  readonly content: SignedContent;
}

function readOne(list: OpenList, blob: SignatureBlob & { readonly entryBytes: Buffer }, depth: number): void {
  const position = list.signatures.length + list.broken.length;
  const place = { position, entryOffsetBytes: blob.offsetBytes };
  if (depth > MAX_DEPTH || position >= MAX_SIGNATURES) {
    if (position <= MAX_SIGNATURES)
      list.broken.push({
        ...place,
        outcome: "unknown",
        because: "there are too many signatures, or too deep in each other",
      });
    return;
  }
  try {
    const signature = {
      ...place,
      entryBytes: blob.entryBytes,
      isNested: depth > 0,
      ...readSignature(blob.der, list.content),
    };
    list.signatures.push(signature);
    for (const der of nestedIn(signature.signerInfo)) readOne(list, { ...blob, der }, depth + 1);
  } catch (error) {
    if (!(error instanceof ArtifactError)) throw error;
    list.broken.push({ ...place, outcome: outcomeOf(error), because: error.message });
  }
}

function readSignature(der: Buffer, { contentType, title, read, isLong }: SignedContent) {
  const signedData = readSignedData(der, isLong === true ? "unread" : "read");
  if (signedData.contentType !== contentType)
    throw malformed(`its content is ${signedData.contentType}, not ${title}`);
  if (signedData.content === undefined) throw malformed(`it does not hold ${title}`);
  const cms = withOneSigner(signedData);
  return {
    ...cms,
    indirect: read(signedData.content, cms.signerInfo),
    contentOctets: signedData.content.content,
  };
}

function nestedIn(signerInfo: SignerInfo): readonly Buffer[] {
  return signerInfo.unsignedAttributes
    .filter((attribute) => attribute.oid === ATTRIBUTE.nestedSignature)
    .flatMap((attribute) => attribute.values.map((value) => readDer(value.raw).raw));
}

const malformed = (message: string): ArtifactError =>
  new ArtifactError("artifact.malformed", `Authenticode: ${message}`);
