/** AlgorithmIdentifier, and the digests a signature may name. Sources: RFC 5280 §4.1.1.2, RFC 5754, RFC 3370. @module */

import { ArtifactError } from "@sallyport/core";
import { type DerNode, TAG } from "../asn1/der.ts";
import { childOf, expectTag, readOid } from "../asn1/values.ts";

export interface Algorithm {
  readonly oid: string;
  readonly parameters: DerNode | undefined;
  readonly node: DerNode;
}

/** A digest as `node:crypto` names it, which is also the name shown. */
export type DigestName = "md5" | "sha1" | "sha224" | "sha256" | "sha384" | "sha512";

/** @throws {@link ArtifactError} `artifact.malformed` */
export function readAlgorithm(node: DerNode, what: string): Algorithm {
  expectTag(node, TAG.sequence, what);
  if (node.children.length > 2)
    throw new ArtifactError("artifact.malformed", `CMS: ${what} has extra fields`);
  return { oid: readOid(childOf(node, 0, what), what), parameters: node.children[1], node };
}

const DIGESTS: ReadonlyMap<string, DigestName> = new Map([
  ["1.2.840.113549.2.5", "md5"],
  ["1.3.14.3.2.26", "sha1"],
  ["2.16.840.1.101.3.4.2.4", "sha224"],
  ["2.16.840.1.101.3.4.2.1", "sha256"],
  ["2.16.840.1.101.3.4.2.2", "sha384"],
  ["2.16.840.1.101.3.4.2.3", "sha512"],
]);

/** The digest an object identifier stands for; undefined for one we do not know. */
export const digestNamed = (oid: string): DigestName | undefined => DIGESTS.get(oid);

/** The object identifier of a digest. */
export function oidOfDigest(name: DigestName): string {
  const found = [...DIGESTS].find(([, digest]) => digest === name);
  if (found === undefined) throw new TypeError(`no object identifier for ${name}`);
  return found[0];
}

/** Digests in which a second content with the same value can be, or nearly can be, made. */
export const isWeakDigest = (name: DigestName): boolean => name === "md5" || name === "sha1";
