/**
 * What the signer wrote beside the signature: a program name, a link. Signed, so nobody changed it, and still only a
 * claim. Source: Microsoft, Windows Authenticode Portable Executable Signature Format, "SpcSpOpusInfo".
 * @module
 */

import { hasCode, type JsonObject } from "@sallyport/core";
import { contextConstructed, contextPrimitive, type DerNode } from "../../asn1/der.ts";
import { ATTRIBUTE, type SignerInfo, singleValue } from "../../cms/signer-info.ts";

const MAX_TEXT_LENGTH = 256;

/** `programName` and `moreInfoUrl`, where they are given and can be read. */
export function readStatements(signerInfo: SignerInfo): JsonObject {
  try {
    const opus = singleValue(signerInfo.signedAttributes?.list ?? [], ATTRIBUTE.opusInfo);
    const programName = textOf(fieldOf(opus, 0));
    const moreInfoUrl = textOf(fieldOf(opus, 1));
    return {
      ...(programName === undefined ? {} : { programName }),
      ...(moreInfoUrl === undefined ? {} : { moreInfoUrl }),
    };
  } catch (error) {
    if (hasCode(error, "artifact.malformed")) return {};
    throw error;
  }
}

const fieldOf = (opus: DerNode | undefined, number: number): DerNode | undefined =>
  opus?.children.find((field) => field.tag === contextConstructed(number))?.children[0];

/** SpcString: `[0]` is UTF-16, `[1]` ASCII. SpcLink: `[0]` is a URL. Told apart by the zero bytes of UTF-16. */
function textOf(node: DerNode | undefined): string | undefined {
  if (node === undefined || node.content.length === 0) return undefined;
  const isWide =
    node.tag === contextPrimitive(0) && node.content.length % 2 === 0 && node.content.includes(0);
  const text = isWide ? new TextDecoder("utf-16be").decode(node.content) : node.content.toString("latin1");
  return text.slice(0, MAX_TEXT_LENGTH);
}
