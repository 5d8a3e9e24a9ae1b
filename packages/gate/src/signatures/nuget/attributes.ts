/**
 * What a package's signer says of the signature: made by the author or by a repository, and by which one.
 * Sources: RFC 5126 §5.11.1 (commitment type); NuGet, "Repository Signatures", attributes.
 * @module
 */

import { hasCode, type JsonObject } from "@sallyport/core";
import { TAG } from "../../asn1/der.ts";
import { childOf, expectTag, readOid } from "../../asn1/values.ts";
import { type SignerInfo, singleValue } from "../../cms/signer-info.ts";

export type SignatureKind = "author" | "repository" | "unknown";

const COMMITMENT_TYPE = "1.2.840.113549.1.9.16.2.16";
const KINDS: ReadonlyMap<string, SignatureKind> = new Map([
  ["1.2.840.113549.1.9.16.6.1", "author"],
  ["1.2.840.113549.1.9.16.6.2", "repository"],
]);
const SERVICE_INDEX = "1.3.6.1.4.1.311.84.2.1.1.1";
const OWNERS = "1.3.6.1.4.1.311.84.2.1.1.2";
const MAX_SHOWN = 200;
const MAX_OWNERS = 20;

/** @throws {@link ArtifactError} `artifact.malformed` when the attribute is not what its type says */
export function kindOf(signer: SignerInfo): SignatureKind {
  const value = singleValue(signer.signedAttributes?.list ?? [], COMMITMENT_TYPE);
  if (value === undefined) return "unknown";
  expectTag(value, TAG.sequence, "commitment type");
  return KINDS.get(readOid(childOf(value, 0, "commitment type"), "commitment type")) ?? "unknown";
}

/** Signed, and still only a claim: where the repository is, and who owns the package there. */
export function statementsOf(signer: SignerInfo): JsonObject {
  try {
    const attributes = signer.signedAttributes?.list ?? [];
    const index = singleValue(attributes, SERVICE_INDEX)?.content.toString("latin1").slice(0, MAX_SHOWN);
    const owners = singleValue(attributes, OWNERS)
      ?.children.slice(0, MAX_OWNERS)
      .map(({ content }) => content.toString("utf8").slice(0, MAX_SHOWN));
    return {
      ...(index !== undefined && { serviceIndex: index }),
      ...(owners !== undefined && { owners }),
    };
  } catch (error) {
    if (hasCode(error, "artifact.malformed")) return {};
    throw error;
  }
}
