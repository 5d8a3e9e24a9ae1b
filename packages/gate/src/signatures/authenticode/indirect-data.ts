/**
 * SpcIndirectDataContent: the digest of the file, and for PE images the digests of its pages.
 * Source: Microsoft, Windows Authenticode Portable Executable Signature Format, "SpcIndirectDataContent".
 * @module
 */

import { ArtifactError } from "@sallyport/core";
import { contextConstructed, type DerNode, readDer, TAG } from "../../asn1/der.ts";
import { childOf, expectTag, readOid } from "../../asn1/values.ts";
import { type DigestName, digestNamed, readAlgorithm } from "../../cms/algorithm.ts";

export interface IndirectData {
  /** What kind of file was signed: see {@link SUBJECT_TYPES}. */
  readonly subjectType: string;
  readonly digestOid: string;
  /** undefined: a digest not known here. */
  readonly digestName: DigestName | undefined;
  readonly digest: Buffer;
  readonly pageHashes: PageHashes | undefined;
  /** Hex: the class of the program that hashes such files (SpcSipInfo); undefined where the kind says it all. */
  readonly sipClass: string | undefined;
  /** Set when the signature is over a list of files, of which this is one: the list's length. */
  readonly listBytes?: number;
}

export interface PageHashes {
  readonly digestName: "sha1" | "sha256";
  /** Pairs of a file offset (4 bytes, little-endian) and a digest; the last pair marks the end. */
  readonly table: Buffer;
}

export const SPC_INDIRECT_DATA = "1.3.6.1.4.1.311.2.1.4";

/** SPC_PE_IMAGE_DATA, SPC_SIPINFO (twice), SPC_CAB_DATA. */
export const SUBJECT_TYPES = {
  pe: "1.3.6.1.4.1.311.2.1.15",
  msi: "1.3.6.1.4.1.311.2.1.30",
  script: "1.3.6.1.4.1.311.2.1.30",
  cab: "1.3.6.1.4.1.311.2.1.25",
} as const;

/**
 * SPC_INDIVIDUAL_SP_KEY_PURPOSE: pesign, and Debian's signers after it, write this purpose where the kind of file belongs.
 * Firmware and Linux take it for a PE image (Linux, crypto/asymmetric_keys/mscode_parser.c).
 */
const PURPOSE_FOR_PE = "1.3.6.1.4.1.311.2.1.21";

/** Whether the signature says that it is over a file of the kind at hand. */
export const isOfSubject = ({ subjectType }: IndirectData, expected: string): boolean =>
  subjectType === expected || (expected === SUBJECT_TYPES.pe && subjectType === PURPOSE_FOR_PE);

/** Class of the serialised object that holds page hashes. */
const PAGE_HASH_CLASS = Buffer.from("a6b586d5b4a12466ae05a217da8e60d6", "hex");
const PAGE_HASH_VERSIONS: ReadonlyMap<string, PageHashes["digestName"]> = new Map([
  ["1.3.6.1.4.1.311.2.3.1", "sha1"],
  ["1.3.6.1.4.1.311.2.3.2", "sha256"],
]);

/** @throws {@link ArtifactError} `artifact.malformed` */
export function readIndirectData(node: DerNode): IndirectData {
  expectCount(expectTag(node, TAG.sequence, "SpcIndirectDataContent"), 2, "SpcIndirectDataContent");
  const subject = childOf(node, 0, "data", TAG.sequence);
  if (subject.children.length > 2) throw malformed("its data has a field too many");
  const digestInfo = childOf(node, 1, "messageDigest", TAG.sequence);
  expectCount(digestInfo, 2, "messageDigest");
  const algorithm = readAlgorithm(childOf(digestInfo, 0, "digestAlgorithm"), "digestAlgorithm");
  const subjectType = readOid(childOf(subject, 0, "data type"), "data type");
  return {
    subjectType,
    digestOid: algorithm.oid,
    digestName: digestNamed(algorithm.oid),
    digest: childOf(digestInfo, 1, "digest", TAG.octetString).content,
    pageHashes: subjectType === SUBJECT_TYPES.pe ? readPageHashes(subject.children[1]) : undefined,
    sipClass: subjectType === SUBJECT_TYPES.script ? readSipClass(subject.children[1]) : undefined,
  };
}

/** SpcSipInfo: a number, the class as an OCTET STRING, five numbers. */
function readSipClass(information: DerNode | undefined): string | undefined {
  const field = information?.children[1];
  return field?.tag === TAG.octetString ? field.content.toString("hex").slice(0, 64) : undefined;
}

/** SpcPeImageData → file [0] → SpcLink moniker [1] → SpcSerializedObject → SET OF attribute → page hashes. */
function readPageHashes(imageData: DerNode | undefined): PageHashes | undefined {
  const file = imageData?.children.find((field) => field.tag === contextConstructed(0));
  const moniker = file?.children.find((link) => link.tag === contextConstructed(1));
  if (moniker === undefined) return undefined;
  expectCount(moniker, 2, "SpcSerializedObject");
  const classId = childOf(moniker, 0, "classId", TAG.octetString).content;
  if (!classId.equals(PAGE_HASH_CLASS)) return undefined;
  const set = readDer(childOf(moniker, 1, "serializedData", TAG.octetString).content);
  const attribute = childOf(expectTag(set, TAG.set, "page hashes"), 0, "page hashes", TAG.sequence);
  const version = readOid(childOf(attribute, 0, "page hash version"), "page hash version");
  const digestName = PAGE_HASH_VERSIONS.get(version);
  if (digestName === undefined)
    throw new ArtifactError(
      "artifact.unsupported",
      `Authenticode: page hashes of kind ${version} are not known here`,
    );
  const values = childOf(attribute, 1, "page hashes", TAG.set);
  return { digestName, table: childOf(values, 0, "page hash table", TAG.octetString).content };
}

function expectCount(node: DerNode, count: number, what: string): void {
  if (node.children.length !== count)
    throw malformed(`${what} has ${node.children.length} fields, not ${count}`);
}

const malformed = (message: string): ArtifactError =>
  new ArtifactError("artifact.malformed", `Authenticode: ${message}`);
