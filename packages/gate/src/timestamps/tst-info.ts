/** TSTInfo: what a timestamp authority signs. Source: RFC 3161 §2.4.2. @module */

import { ArtifactError } from "@sallyport/core";
import { contextConstructed, contextPrimitive, type DerNode, readDer, TAG } from "../asn1/der.ts";
import { childOf, expectTag, readOid, readSmallInteger, readTime } from "../asn1/values.ts";
import { readAlgorithm } from "../cms/algorithm.ts";

export interface TstInfo {
  /** Dotted. */
  readonly policy: string;
  readonly imprintAlgorithm: string;
  readonly imprint: Buffer;
  readonly at: Date;
  readonly accuracyMilliseconds: number | undefined;
}

/**
 * @param der - exactly one TSTInfo
 * @throws {@link ArtifactError} `artifact.malformed`
 */
export function readTstInfo(der: Uint8Array): TstInfo {
  const node = expectTag(readDer(der), TAG.sequence, "TSTInfo");
  if (readSmallInteger(childOf(node, 0, "TSTInfo version"), "TSTInfo version") !== 1)
    throw malformed("its version is not 1");
  const imprint = childOf(node, 2, "messageImprint", TAG.sequence);
  if (imprint.children.length !== 2) throw malformed("messageImprint does not have two fields");
  childOf(node, 3, "serialNumber", TAG.integer);
  const rest = node.children.slice(5);
  const accuracy = takeOptional(rest, TAG.sequence);
  takeOptional(rest, TAG.boolean); // ordering
  takeOptional(rest, TAG.integer); // nonce: only who asked can compare it
  takeOptional(rest, contextConstructed(0)); // tsa: a name, and the certificate says it better
  const extensions = takeOptional(rest, contextConstructed(1));
  if (rest.length > 0) throw malformed("it has a field too many");
  // RFC 3161 §2.4.2: what a critical extension means must be known.
  if (extensions?.children.some(isCritical) === true)
    throw malformed("it has a critical extension that nothing here knows");
  return {
    policy: readOid(childOf(node, 1, "policy"), "policy"),
    imprintAlgorithm: readAlgorithm(childOf(imprint, 0, "hashAlgorithm"), "hashAlgorithm").oid,
    imprint: childOf(imprint, 1, "hashedMessage", TAG.octetString).content,
    at: readTime(childOf(node, 4, "genTime", TAG.generalizedTime), "genTime"),
    accuracyMilliseconds: accuracy === undefined ? undefined : readAccuracy(accuracy),
  };
}

/** Accuracy ::= SEQUENCE { seconds INTEGER OPTIONAL, millis [0] OPTIONAL, micros [1] OPTIONAL } */
function readAccuracy(node: DerNode): number {
  const rest = [...node.children];
  const seconds = takeOptional(rest, TAG.integer);
  const millis = takeOptional(rest, contextPrimitive(0));
  const micros = takeOptional(rest, contextPrimitive(1));
  if (rest.length > 0) throw malformed("accuracy has a field too many");
  const part = (field: DerNode | undefined) =>
    field === undefined ? 0 : readSmallInteger({ ...field, tag: TAG.integer }, "accuracy");
  return part(seconds) * 1000 + part(millis) + part(micros) / 1000;
}

const isCritical = (extension: DerNode): boolean => extension.children[1]?.tag === TAG.boolean;

function takeOptional(rest: DerNode[], tag: number): DerNode | undefined {
  return rest[0]?.tag === tag ? rest.shift() : undefined;
}

const malformed = (message: string): ArtifactError =>
  new ArtifactError("artifact.malformed", `TSTInfo: ${message}`);
