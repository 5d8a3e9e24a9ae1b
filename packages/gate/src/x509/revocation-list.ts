/**
 * Certificate revocation lists, as a person hands them in. They can hold a hundred thousand entries, so the entries
 * are walked and not built into a tree. Source: RFC 5280 §5.
 * @module
 */

import { ArtifactError } from "@sallyport/core";
import { contextConstructed, type DerNode, derLength, readDer, TAG } from "../asn1/der.ts";
import { childOf, expectTag, readTime } from "../asn1/values.ts";
import { bitString } from "./certificate.ts";
import { type Extension, readExtensions } from "./extensions.ts";
import { comparableName, readName } from "./name.ts";

export interface RevocationList {
  readonly issuerKey: string;
  readonly tbs: Buffer;
  readonly signatureAlgorithm: DerNode;
  readonly signature: Buffer;
  readonly thisUpdate: Date;
  readonly nextUpdate: Date | undefined;
  /** By serial number, hex of the content octets. */
  readonly revoked: ReadonlyMap<string, Date>;
  /** False when it covers only some certificates or only changes: not being in it then proves nothing. */
  readonly complete: boolean;
}

/** @throws {@link ArtifactError} `artifact.malformed` */
export function readRevocationList(der: Uint8Array): RevocationList {
  const bytes = Buffer.from(der.buffer, der.byteOffset, der.byteLength);
  const [tbs, algorithm, signature, ...more] = partsOf(bytes, "CertificateList");
  if (tbs === undefined || algorithm === undefined || signature === undefined || more.length > 0)
    throw malformed("a revocation list without its three parts");
  const fields = partsOf(tbs, "TBSCertList");
  const take = (...tags: readonly number[]): Buffer | undefined =>
    tags.includes(fields[0]?.[0] ?? 0) ? fields.shift() : undefined;
  take(TAG.integer);
  const inner = take(TAG.sequence);
  const issuer = take(TAG.sequence);
  const thisUpdate = take(TAG.utcTime, TAG.generalizedTime);
  const nextUpdate = take(TAG.utcTime, TAG.generalizedTime);
  const entries = take(TAG.sequence);
  const tail = take(contextConstructed(0));
  if (inner === undefined || issuer === undefined || thisUpdate === undefined || fields.length > 0)
    throw malformed("a revocation list with missing or unknown fields");
  if (!inner.equals(algorithm)) throw malformed("a revocation list with two different signature algorithms");
  const extensions =
    tail === undefined
      ? new Map<string, Extension>()
      : readExtensions(childOf(readDer(tail), 0, "Extensions"));
  return {
    issuerKey: comparableName(readName(readDer(issuer))),
    tbs,
    signatureAlgorithm: readDer(algorithm),
    signature: bitString(expectTag(readDer(signature), TAG.bitString, "signatureValue")),
    thisUpdate: readTime(readDer(thisUpdate), "thisUpdate"),
    nextUpdate: nextUpdate === undefined ? undefined : readTime(readDer(nextUpdate), "nextUpdate"),
    revoked: readEntries(entries),
    // Indirect, partitioned and delta lists mark themselves by a critical extension.
    complete: ![...extensions.values()].some((extension) => extension.critical),
  };
}

const REASON_CODE = "2.5.29.21";
const INVALIDITY_DATE = "2.5.29.24";

function readEntries(entries: Buffer | undefined): ReadonlyMap<string, Date> {
  const revoked = new Map<string, Date>();
  for (const entry of entries === undefined ? [] : partsOf(entries, "revokedCertificates")) {
    const node = expectTag(readDer(entry), TAG.sequence, "revoked certificate");
    const serial = childOf(node, 0, "revoked serial", TAG.integer).content.toString("hex");
    const date = readTime(childOf(node, 1, "revocationDate"), "revocationDate");
    const extensions = node.children[2] === undefined ? undefined : readExtensions(node.children[2]);
    // RFC 5280 §5.3.1: removeFromCRL (8) takes a hold back.
    if (extensions?.get(REASON_CODE)?.value.at(-1) === 8) continue;
    revoked.set(serial, earliest(date, extensions?.get(INVALIDITY_DATE), revoked.get(serial)));
  }
  return revoked;
}

/** RFC 5280 §5.3.2: the key may have been in other hands before the revocation. */
function earliest(date: Date, invalidity: Extension | undefined, known: Date | undefined): Date {
  const dates = [date, known, invalidity === undefined ? undefined : readTime(readDer(invalidity.value))];
  return new Date(Math.min(...dates.flatMap((one) => (one === undefined ? [] : [one.getTime()]))));
}

/** The values inside a SEQUENCE, without looking into them. */
function partsOf(bytes: Buffer, what: string): Buffer[] {
  if (bytes[0] !== TAG.sequence || derLength(bytes) !== bytes.length)
    throw malformed(`${what} is not one SEQUENCE`);
  const parts: Buffer[] = [];
  const first = bytes[1] ?? 0;
  for (let at = first < 0x80 ? 2 : 2 + (first & 0x7f); at < bytes.length; ) {
    const length = derLength(bytes.subarray(at));
    parts.push(bytes.subarray(at, at + length));
    at += length;
  }
  return parts;
}

const malformed = (message: string): ArtifactError =>
  new ArtifactError("artifact.malformed", `X.509: ${message}`);
