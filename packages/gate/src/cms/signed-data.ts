/**
 * CMS SignedData, and PKCS#7 v1.5 SignedData as Authenticode uses it, read strictly: every field is one the
 * grammar knows, every level ends where it says, and everything that is hashed or verified later is a slice of
 * the bytes that came in. Sources: RFC 5652 §3, §5; RFC 2315 §9 (PKCS#7 v1.5).
 * @module
 */

import { ArtifactError } from "@sallyport/core";
import { contextConstructed, type DerNode, type IsOpaque, readDer, TAG } from "../asn1/der.ts";
import { childOf, expectTag, readOid, readSmallInteger } from "../asn1/values.ts";
import { readAlgorithm } from "./algorithm.ts";
import { readSignerInfo, type SignerInfo } from "./signer-info.ts";

/** Real signatures carry one signer and below ten certificates; these bounds only stop floods. */
const MAX_SIGNERS = 64;
const MAX_CERTIFICATES = 512;

/** Versions RFC 5652 §5.1 and RFC 2315 §9.1 define. */
const VERSIONS = new Set([1, 3, 4, 5]);

export interface SignedData {
  /** The whole ContentInfo. */
  readonly raw: Buffer;
  readonly version: number;
  /** Object identifiers of the digestAlgorithms field, in file order. */
  readonly digestAlgorithms: readonly string[];
  /** Object identifier of the content: `1.3.6.1.4.1.311.2.1.4` is SpcIndirectData. */
  readonly contentType: string;
  /**
   * The value inside the content's `[0]`: an OCTET STRING in CMS, anything in PKCS#7. Its `content` octets are
   * what `messageDigest` is computed over. Absent in a detached signature.
   */
  readonly content: DerNode | undefined;
  /** DER of each X.509 certificate, in file order, duplicates kept. */
  readonly certificates: readonly Buffer[];
  /** DER of other certificate choices (attribute, extended, other): nothing here reads them. */
  readonly otherCertificates: readonly Buffer[];
  /** DER of each revocation list. */
  readonly revocationLists: readonly Buffer[];
  /** DER of other revocation information, as OCSP responses. */
  readonly otherRevocationInformation: readonly Buffer[];
  readonly signerInfos: readonly SignerInfo[];
}

/**
 * Reads a ContentInfo that holds SignedData.
 * @param der - exactly one ContentInfo, no byte more
 * @param contentIs - `unread`: the content is left without children, because it may be longer than any signature
 * @throws {@link ArtifactError} `artifact.malformed` where the bytes are not that
 */
export function readSignedData(der: Uint8Array, contentIs: "read" | "unread" = "read"): SignedData {
  const node = contentIs === "read" ? readDer(der) : readDer(der, isContent);
  const contentInfo = expectTag(node, TAG.sequence, "ContentInfo");
  expectCount(contentInfo, 2, "ContentInfo");
  const type = readOid(childOf(contentInfo, 0, "contentType"), "contentType");
  if (type !== SIGNED_DATA) throw malformed(`the content is ${type}, not signedData`);
  const wrapper = childOf(contentInfo, 1, "content", contextConstructed(0));
  expectCount(wrapper, 1, "content");
  const body = childOf(wrapper, 0, "SignedData", TAG.sequence);
  return readBody(contentInfo.raw, body);
}

/** ContentInfo, its [0], SignedData, encapContentInfo, its [0], the content: nothing else that is read lies there. */
const isContent: IsOpaque = (depth, parentTag) => depth === 5 && parentTag === contextConstructed(0);

const SIGNED_DATA = "1.2.840.113549.1.7.2";

function readBody(raw: Buffer, body: DerNode): SignedData {
  const version = readSmallInteger(childOf(body, 0, "version"), "version");
  if (!VERSIONS.has(version)) throw malformed(`version ${version} of SignedData is not defined`);
  const digests = childOf(body, 1, "digestAlgorithms", TAG.set).children;
  const encapsulated = readEncapsulated(childOf(body, 2, "encapContentInfo", TAG.sequence));
  const rest = body.children.slice(3);
  const certificates = takeOptional(rest, contextConstructed(0));
  const revocations = takeOptional(rest, contextConstructed(1));
  const signers = rest.shift();
  if (signers === undefined) throw malformed("signerInfos is missing");
  expectTag(signers, TAG.set, "signerInfos");
  if (rest.length > 0) throw malformed("a field follows signerInfos");
  if (signers.children.length > MAX_SIGNERS) throw malformed("there are too many signers");
  if (certificates.length > MAX_CERTIFICATES) throw malformed("there are too many certificates");
  const [plainCertificates, otherCertificates] = divide(certificates, "certificates");
  const [revocationLists, otherRevocationInformation] = divide(revocations, "revocation lists");
  return {
    raw,
    version,
    digestAlgorithms: digests.map((digest) => readAlgorithm(digest, "digestAlgorithm").oid),
    ...encapsulated,
    certificates: plainCertificates,
    otherCertificates,
    revocationLists,
    otherRevocationInformation,
    signerInfos: signers.children.map(readSignerInfo),
  };
}

function readEncapsulated(node: DerNode): { contentType: string; content: DerNode | undefined } {
  const contentType = readOid(childOf(node, 0, "eContentType"), "eContentType");
  if (node.children.length === 1) return { contentType, content: undefined };
  expectCount(node, 2, "encapContentInfo");
  const wrapper = childOf(node, 1, "eContent", contextConstructed(0));
  expectCount(wrapper, 1, "eContent");
  return { contentType, content: childOf(wrapper, 0, "eContent") };
}

function takeOptional(rest: DerNode[], tag: number): readonly DerNode[] {
  return rest[0]?.tag === tag ? (rest.shift()?.children ?? []) : [];
}

/** CertificateChoices and RevocationInfoChoices: the plain choice is a SEQUENCE, all others carry a context tag. */
function divide(nodes: readonly DerNode[], what: string): [plain: Buffer[], other: Buffer[]] {
  const isPlain = (node: DerNode) => node.tag === TAG.sequence;
  const others = nodes.filter((node) => !isPlain(node));
  const strange = others.find((node) => (node.tag & 0xe0) !== contextConstructed(0));
  if (strange !== undefined) throw malformed(`${what} hold a value of tag 0x${strange.tag.toString(16)}`);
  return [nodes.filter(isPlain).map((node) => node.raw), others.map((node) => node.raw)];
}

function expectCount(node: DerNode, count: number, what: string): void {
  if (node.children.length !== count)
    throw malformed(`${what} has ${node.children.length} fields, not ${count}`);
}

const malformed = (message: string): ArtifactError =>
  new ArtifactError("artifact.malformed", `CMS: ${message}`);
