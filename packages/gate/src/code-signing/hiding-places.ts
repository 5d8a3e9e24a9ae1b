/**
 * Places inside a PKCS#7 that its signature does not cover: unsigned attributes, the certificate set, parameters of
 * algorithms, revocation data. Signing tools fill them with a few well-known things; anything else is a hiding place
 * that no padding rule sees.
 * Sources: RFC 5652 §5.1, §5.3, §11; known abuse: installers tagged through superfluous certificates.
 * @module
 */

import { frameBytes, ORDINARY_FRAME_BYTES } from "../cms/frame.ts";
import { ATTRIBUTE } from "../cms/signer-info.ts";
import type { Finding } from "../finding.ts";
import type { Timestamp } from "../timestamps/timestamp.ts";
import type { Certificate } from "../x509/certificate.ts";
import { unreferencedCertificates } from "./certificate-set.ts";
import type { CmsSignature } from "./cms-signature.ts";
import type { Trust } from "./trust.ts";

/** Up to here unknown attributes are only asked about; beyond, nothing honest explains them. */
const MAX_UNKNOWN_BYTES = 4096;
/** Tokens with their authority's whole chain come to 6 to 10 KiB. */
const MAX_TIMESTAMP_BYTES = 24 * 1024;
/** Extensions of ordinary certificates come to less than 1 KiB. */
const MAX_EXTENSION_BYTES = 4096;
/** A handful of roots and cross-certificates that signing tools bring along for old systems. */
const MAX_UNREFERENCED_BYTES = 16 * 1024;

/**
 * Findings of check `certificate-table` about one signature; none for an ordinary one.
 * @param trusts - of the signer, and of whoever countersigned with certificates of the same set
 */
export function findHidingPlaces(
  signature: CmsSignature,
  ...trusts: readonly (Trust | undefined)[]
): readonly Finding[] {
  const timestamps = trusts.flatMap((trust) => trust?.timestamps.timestamps ?? []);
  const places = [
    ...unknownPlaces(signature),
    ...attributePlaces(signature),
    ...timestampPlaces(signature, timestamps),
    ...certificatePlaces(signature, trusts),
    ...framePlaces(signature),
  ];
  return places.map((place) => findingOf(signature, place));
}

/**
 * Bytes that are not needed to verify the signature: attributes of unknown kinds, certificates that nothing leads
 * through. Some tools leave a little; that there is more than before is for a comparison to tell.
 */
export function countSpareBytes(signature: CmsSignature, trust: Trust | undefined): number {
  const attributes = signature.signerInfo.unsignedAttributes.filter(({ oid }) => !ALLOWED.has(oid));
  const certificates = unreferencedCertificates(signature, [trust]).unreferenced;
  return (
    bytesOf([...attributes, ...certificates].map(({ raw }) => raw)) +
    bytesOf(signature.unreadableCertificates)
  );
}

export interface Place {
  readonly rule: string;
  /** Default `fail`. */
  readonly outcome?: Finding["outcome"];
  readonly because: string;
  /** The bytes it is about, in file order. */
  readonly parts: readonly Buffer[];
  readonly facts?: Finding["facts"];
}

const ALLOWED: ReadonlyMap<string, number> = new Map([
  [ATTRIBUTE.countersignature, MAX_TIMESTAMP_BYTES],
  [ATTRIBUTE.rfc3161Token, MAX_TIMESTAMP_BYTES],
  [ATTRIBUTE.timeStampToken, MAX_TIMESTAMP_BYTES],
  // Judged as a signature of its own, hiding places included.
  [ATTRIBUTE.nestedSignature, Number.POSITIVE_INFINITY],
]);

/** C6, for what nothing here knows. All of it counts together, or many small ones would do. */
function unknownPlaces({ signerInfo }: CmsSignature): Place[] {
  const unknown = signerInfo.unsignedAttributes.filter(({ oid }) => !ALLOWED.has(oid));
  const [first] = unknown;
  if (first === undefined) return [];
  const parts = unknown.map(({ raw }) => raw);
  const lengthBytes = bytesOf(parts);
  const place = { rule: "C6", parts, facts: { attribute: first.oid, attributes: unknown.length } };
  if (lengthBytes > MAX_UNKNOWN_BYTES)
    return [
      { ...place, because: `${lengthBytes} bytes are hidden in an unsigned attribute of an unknown kind` },
    ];
  const because = `an unsigned attribute of an unknown kind holds ${lengthBytes} bytes`;
  return [{ ...place, outcome: "unknown", because }];
}

/** C6, for timestamps. */
function attributePlaces({ signerInfo }: CmsSignature): Place[] {
  return signerInfo.unsignedAttributes.flatMap(({ oid, values }): Place[] => {
    const place = { rule: "C6", facts: { attribute: oid } };
    const allowedBytes = ALLOWED.get(oid) ?? Number.POSITIVE_INFINITY;
    return values
      .filter((value) => value.raw.length > allowedBytes)
      .map((value) => ({
        ...place,
        parts: [value.raw],
        because: `a timestamp of ${value.raw.length} bytes is larger than timestamps are`,
      }));
  });
}

function timestampPlaces(signature: CmsSignature, timestamps: readonly Timestamp[]): Place[] {
  const parts = signature.signerInfo.unsignedAttributes
    .filter(({ oid }) => oid !== ATTRIBUTE.nestedSignature && ALLOWED.has(oid))
    .map(({ raw }) => raw);
  return timestamps
    .filter(({ uncoveredBytes }) => uncoveredBytes > MAX_UNKNOWN_BYTES)
    .map(({ uncoveredBytes }) => ({
      rule: "C6",
      because: `a timestamp holds ${uncoveredBytes} bytes that no signature covers`,
      parts,
    }));
}

/** C7. */
function certificatePlaces(signature: CmsSignature, trusts: readonly (Trust | undefined)[]): Place[] {
  const { unreferenced, unvouched } = unreferencedCertificates(signature, trusts);
  const fat = [...unreferenced, ...unvouched].flatMap((certificate): Place[] => {
    const extensionBytes = bytesOf([...certificate.extensions.values()].map(({ value }) => value));
    if (extensionBytes <= MAX_EXTENSION_BYTES) return [];
    const because = `${extensionBytes} bytes are hidden in the extensions of a certificate that no trusted path uses`;
    const facts = {
      certificate: certificate.summary.subject.slice(0, 200),
      certificateSha256: certificate.sha256,
    };
    return [{ rule: "C7", because, parts: [certificate.raw], facts }];
  });
  return fat.length > 0 ? fat : sparePlaces(signature, unreferenced);
}

function sparePlaces(signature: CmsSignature, unreferenced: readonly Certificate[]): Place[] {
  const unreadable = signature.unreadableCertificates;
  const parts = [...unreferenced.map(({ raw }) => raw), ...unreadable];
  if (parts.length === 0) return [];
  const place = { rule: "C7", parts, facts: { certificates: parts.length } };
  if (bytesOf(parts) > MAX_UNREFERENCED_BYTES || bytesOf(unreadable) > MAX_UNKNOWN_BYTES)
    return [{ ...place, because: `${bytesOf(parts)} bytes of certificates are used by no path` }];
  if (unreadable.length > 0) {
    const because = "the certificate set holds a value that cannot be read as a certificate";
    return [{ ...place, outcome: "unknown", because }];
  }
  return [{ ...place, outcome: "pass", because: "a certificate comes along that no path uses" }];
}

/** Revocation data, algorithm parameters and everything else between the parts. */
function framePlaces({ signedData }: CmsSignature): Place[] {
  const revocation = [...signedData.revocationLists, ...signedData.otherRevocationInformation];
  const lengthBytes = frameBytes(signedData);
  const places: Place[] = [];
  if (lengthBytes > ORDINARY_FRAME_BYTES)
    places.push({
      rule: "C8",
      because: `${lengthBytes} bytes stand between the parts of the signature`,
      parts: [signedData.raw],
      facts: { lengthBytes },
    });
  if (bytesOf(revocation) > MAX_UNKNOWN_BYTES)
    places.push({
      rule: "C6",
      because: `${bytesOf(revocation)} bytes of revocation data are covered by no signature`,
      parts: revocation,
    });
  return places;
}

export const bytesOf = (parts: readonly Uint8Array[]): number =>
  parts.reduce((sum, part) => sum + part.length, 0);

/** @returns the finding with its place in the file */
export function findingOf(signature: CmsSignature, place: Place): Finding {
  const { rule, outcome = "fail", because, parts, facts } = place;
  const offsetBytes = placeOf(signature, parts[0]);
  const lengthBytes = bytesOf(parts);
  return {
    check: "certificate-table",
    outcome,
    because,
    facts: { rule, signature: signature.position, offsetBytes, lengthBytes, ...facts },
  };
}

/** Everything that was read is a slice of the entry: its place in memory tells its place in the file. */
function placeOf({ entryBytes, entryOffsetBytes }: CmsSignature, part: Buffer | undefined): number {
  const within = part?.buffer === entryBytes.buffer ? part.byteOffset - entryBytes.byteOffset : 0;
  return entryOffsetBytes + Math.max(0, within);
}
