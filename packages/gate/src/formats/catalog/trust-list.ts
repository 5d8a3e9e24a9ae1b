/**
 * Certificate trust lists as catalogs use them: a list of files by their digests. Lists of tens of thousands of files are
 * ordinary, so one member is held at a time.
 * Source: the grammar that Microsoft publishes in wincrypt.h (CTL_INFO) and mscat.h; the object identifiers under
 * 1.3.6.1.4.1.311.12 as signtool, relic (`catalog.go`) and osslsigncode write them.
 * @module
 */

import { ArtifactError } from "@sallyport/core";
import { type DerNode, readDer, splitDer, TAG } from "../../asn1/der.ts";
import { childOf, expectTag, readOid, readTime } from "../../asn1/values.ts";

/** Content type of a signature over such a list. */
export const TRUST_LIST = "1.3.6.1.4.1.311.10.1";
/** szOID_CATALOG_LIST. Lists of trusted roots are of other usages. */
export const CATALOG_USAGE = "1.3.6.1.4.1.311.12.1.1";
/** szOID_CATALOG_LIST_MEMBER and its second version: which digests name the members. */
const MEMBER_VERSIONS: ReadonlyMap<string, 1 | 2> = new Map([
  ["1.3.6.1.4.1.311.12.1.2", 1],
  ["1.3.6.1.4.1.311.12.1.3", 2],
]);

export interface TrustList {
  /** 1: members are named by SHA-1 in hexadecimal text; 2: by digests of any kind. */
  readonly version: 1 | 2;
  readonly listedAt: Date;
  /** Reads them anew each time. @throws {@link ArtifactError} `artifact.malformed` */
  members(): Iterable<TrustListMember>;
}

export interface TrustListMember {
  /** What names it: a digest, or the text of one in UTF-16. */
  readonly subject: Buffer;
  /** Values by the object identifier of their attribute. */
  values(oid: string): readonly DerNode[];
}

/**
 * @param node - the content of the SignedData, read or unread
 * @throws {@link ArtifactError} `artifact.malformed`; `artifact.unsupported` for a list that is no catalog
 */
export function readTrustList(node: DerNode): TrustList {
  const fields = [...splitDer(expectTag(node, TAG.sequence, "CTL").content)];
  if (fields[0]?.[0] === TAG.integer) fields.shift();
  const usages = expectTag(take(fields, "SubjectUsage"), TAG.sequence, "SubjectUsage").children;
  if (!usages.some((usage) => readOid(usage, "SubjectUsage") === CATALOG_USAGE))
    throw new ArtifactError("artifact.unsupported", "catalog: it is a list of something else than files");
  if (fields[0]?.[0] === TAG.octetString) fields.shift();
  if (fields[0]?.[0] === TAG.integer) fields.shift();
  const listedAt = readTime(take(fields, "ThisUpdate"), "ThisUpdate");
  if (fields[0]?.[0] === TAG.utcTime || fields[0]?.[0] === TAG.generalizedTime) fields.shift();
  const algorithm = readOid(childOf(take(fields, "SubjectAlgorithm"), 0, "SubjectAlgorithm"));
  const version = MEMBER_VERSIONS.get(algorithm);
  if (version === undefined)
    throw new ArtifactError(
      "artifact.unsupported",
      `catalog: members of kind ${algorithm} are not known here`,
    );
  const list = fields[0]?.[0] === TAG.sequence ? fields.shift() : undefined;
  if (fields[0]?.[0] === EXTENSIONS) fields.shift();
  if (fields.length > 0) throw malformed("it has a field too many");
  return { version, listedAt, members: () => membersOf(list) };
}

/** `[0] EXPLICIT Extensions`: names of the catalog, of systems and devices. */
const EXTENSIONS = 0xa0;

function* membersOf(list: Buffer | undefined): Generator<TrustListMember> {
  if (list === undefined) return;
  const { content } = readDer(list, (depth) => depth === 0);
  for (const member of splitDer(content)) yield readMember(readDer(member));
}

function readMember(node: DerNode): TrustListMember {
  const subject = childOf(expectTag(node, TAG.sequence, "member"), 0, "subjectIdentifier", TAG.octetString);
  const set = node.children[1];
  if (node.children.length > 2) throw malformed("a member has a field too many");
  const attributes = set === undefined ? [] : expectTag(set, TAG.set, "attributes of a member").children;
  return {
    subject: subject.content,
    values: (oid) =>
      attributes
        .filter((attribute) => readOid(childOf(attribute, 0, "attribute")) === oid)
        .flatMap((attribute) => childOf(attribute, 1, "values", TAG.set).children),
  };
}

function take(fields: Buffer[], what: string): DerNode {
  const field = fields.shift();
  if (field === undefined) throw malformed(`${what} is missing`);
  return readDer(field);
}

const malformed = (message: string): ArtifactError =>
  new ArtifactError("artifact.malformed", `catalog: ${message}`);
