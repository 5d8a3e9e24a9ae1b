/**
 * The CMS in a code signature: detached, over the primary CodeDirectory. Two signed attributes of Apple's name the
 * other CodeDirectories as well ("hash agility"); without them an alternate is covered by nothing.
 * Sources: RFC 5652; Apple, Security, OSX/libsecurity_codesigning, `signerutils`, `StaticCode::verifySignature`.
 * @module
 */

import { createHash } from "node:crypto";
import { ArtifactError } from "@sallyport/core";
import { makeDefinite } from "../../asn1/definite.ts";
import { TAG } from "../../asn1/der.ts";
import { childOf, readOid } from "../../asn1/values.ts";
import { digestNamed } from "../../cms/algorithm.ts";
import { type SignerInfo, singleValue } from "../../cms/signer-info.ts";
import { type CmsSignature, readCmsSignature } from "../../code-signing/cms-signature.ts";
import { readPropertyList } from "../../property-list/read-property-list.ts";
import { isArray } from "../../property-list/value.ts";
import { type CodeDirectory, codeHash } from "./code-directory.ts";

export const PLAIN_DATA = "1.2.840.113549.1.7.1";
const AGILITY_LIST = "1.2.840.113635.100.9.1";
const AGILITY_DIGESTS = "1.2.840.113635.100.9.2";

export interface CodeSignature extends CmsSignature {
  /** Bytes behind the CMS, inside its blob. */
  readonly slackBytes: number;
}

/**
 * @param bytes - the content of the blob
 * @throws {@link ArtifactError} `artifact.malformed`
 */
export function readCodeSignature(
  bytes: Buffer,
  place: { position: number; offsetBytes: number },
): CodeSignature {
  const { der, sizeBytes } = makeDefinite(bytes);
  const parts = readCmsSignature(der);
  const { signedData, signerInfo } = parts;
  if (signedData.content !== undefined) throw malformed("it holds content of its own");
  if (signedData.contentType !== PLAIN_DATA) throw malformed(`it signs ${signedData.contentType}`);
  if (!signedData.digestAlgorithms.includes(signerInfo.digestAlgorithm.oid))
    throw malformed("it does not name the digest that its signer used");
  return {
    ...parts,
    position: place.position,
    entryOffsetBytes: place.offsetBytes,
    entryBytes: der,
    slackBytes: bytes.length - sizeBytes,
  };
}

/**
 * Does the signature cover every CodeDirectory that is there, and only these?
 * @returns what is wrong, one sentence; undefined when nothing is
 * @throws {@link ArtifactError} `artifact.malformed` when an attribute is not what it should be
 */
export function judgeAgility(
  signerInfo: SignerInfo,
  directories: readonly CodeDirectory[],
): string | undefined {
  const attributes = signerInfo.signedAttributes?.list ?? [];
  const list = singleValue(attributes, AGILITY_LIST);
  const digests = attributes.find(({ oid }) => oid === AGILITY_DIGESTS)?.values ?? [];
  if (list === undefined && digests.length === 0)
    return directories.length > 1 ? "it does not cover the alternate CodeDirectories" : undefined;
  const signed = list === undefined ? undefined : readList(list.content);
  const actual = directories.map((directory) => codeHash(directory).toString("hex"));
  if (signed !== undefined && !isSame(signed, actual))
    return "the CodeDirectories are not those whose hashes were signed";
  for (const value of digests) {
    const name = digestNamed(readOid(childOf(value, 0, "agility digest"), "agility digest"));
    const hash = childOf(value, 1, "agility digest", TAG.octetString).content;
    const covered = directories.some(
      ({ digest, bytes }) => digest === name && createHash(digest).update(bytes).digest().equals(hash),
    );
    if (!covered) return "a CodeDirectory is not the one whose digest was signed";
  }
  if (signed === undefined && digests.length < directories.length)
    return "it does not cover the alternate CodeDirectories";
  return undefined;
}

/** A property list in an OCTET STRING: `cdhashes`, each 20 bytes. */
function readList(content: Buffer): readonly string[] {
  const hashes = readPropertyList(content).get("cdhashes");
  if (!isArray(hashes) || hashes.length > 16) throw malformed("its list of hashes is not one");
  return hashes.map((hash) => {
    if (!Buffer.isBuffer(hash)) throw malformed("its list of hashes is not one");
    return hash.toString("hex");
  });
}

const isSame = (one: readonly string[], other: readonly string[]): boolean =>
  one.length === other.length &&
  one.every((hash) => other.includes(hash)) &&
  other.every((hash) => one.includes(hash));

const malformed = (what: string): ArtifactError =>
  new ArtifactError("artifact.malformed", `code signature: ${what}`);
