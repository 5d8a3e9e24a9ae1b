/**
 * Places inside a PKCS#7 that its signature does not cover: unsigned attributes, the certificate set, parameters of
 * algorithms, revocation data. Signing tools fill them with a few well-known things; anything else is a hiding place
 * that no padding rule sees.
 * Sources: RFC 5652 §5.1, §5.3, §11; known abuse: installers tagged through superfluous certificates.
 * @module
 */

import { ATTRIBUTE } from "../../cms/signer-info.ts";
import type { Finding } from "../../finding.ts";
import type { Timestamp } from "../../timestamps/timestamp.ts";
import { unreferencedCertificates } from "./certificate-set.ts";
import type { Signature } from "./signature.ts";
import type { Trust } from "./trust.ts";

/** Up to here an unknown attribute is only asked about; beyond, nothing honest explains it. */
const MAX_UNKNOWN_BYTES = 4096;
/** Tokens with their authority's whole chain come to 6 to 10 KiB. */
const MAX_TIMESTAMP_BYTES = 24 * 1024;
/** Extensions of ordinary certificates come to less than 1 KiB. */
const MAX_EXTENSION_BYTES = 4096;
/** A handful of roots and cross-certificates that signing tools bring along for old systems. */
const MAX_UNREFERENCED_BYTES = 16 * 1024;
/** Tags, lengths, identifiers, versions: what is left when all parts are taken out. */
const MAX_FRAME_BYTES = 512;
/** A signature nobody can vouch for must at least be no larger than signatures are. */
const MAX_UNVOUCHED_BYTES = 32 * 1024;

/** Findings of check `certificate-table` about one signature; none for an ordinary one. */
export function findHidingPlaces(signature: Signature, trust: Trust | undefined): readonly Finding[] {
  return [
    ...attributeFindings(signature),
    ...timestampFindings(signature, trust?.timestamps.timestamps ?? []),
    ...certificateFindings(signature, trust),
    ...frameFindings(signature),
    ...unvouchedFindings(signature, trust),
  ];
}

const ALLOWED: ReadonlyMap<string, number> = new Map([
  [ATTRIBUTE.countersignature, MAX_TIMESTAMP_BYTES],
  [ATTRIBUTE.rfc3161Token, MAX_TIMESTAMP_BYTES],
  [ATTRIBUTE.timeStampToken, MAX_TIMESTAMP_BYTES],
  // Judged as a signature of its own, hiding places included.
  [ATTRIBUTE.nestedSignature, Number.POSITIVE_INFINITY],
]);

/** C6. */
function attributeFindings(signature: Signature): Finding[] {
  const findings: Finding[] = [];
  for (const { oid, raw, values } of signature.signerInfo.unsignedAttributes) {
    const facts = { attribute: oid, lengthBytes: raw.length };
    const allowedBytes = ALLOWED.get(oid);
    if (allowedBytes === undefined)
      findings.push(
        raw.length > MAX_UNKNOWN_BYTES
          ? fail(
              signature,
              "C6",
              `${raw.length} bytes are hidden in an unsigned attribute of an unknown kind`,
              facts,
            )
          : {
              ...fail(
                signature,
                "C6",
                `an unsigned attribute of an unknown kind holds ${raw.length} bytes`,
                facts,
              ),
              outcome: "unknown",
            },
      );
    else if (values.some((value) => value.raw.length > allowedBytes))
      findings.push(
        fail(signature, "C6", `a timestamp of ${raw.length} bytes is larger than timestamps are`, facts),
      );
  }
  return findings;
}

function timestampFindings(signature: Signature, timestamps: readonly Timestamp[]): Finding[] {
  return timestamps
    .filter((timestamp) => timestamp.uncoveredBytes > MAX_UNKNOWN_BYTES)
    .map(({ uncoveredBytes }) =>
      fail(signature, "C6", `a timestamp holds ${uncoveredBytes} bytes that no signature covers`, {
        lengthBytes: uncoveredBytes,
      }),
    );
}

/** C7. */
function certificateFindings(signature: Signature, trust: Trust | undefined): Finding[] {
  const findings: Finding[] = [];
  const { unreferenced, unvouched } = unreferencedCertificates(signature, trust);
  for (const certificate of new Map(
    [...unreferenced, ...unvouched].map((one) => [one.sha256, one]),
  ).values()) {
    const extensionBytes = [...certificate.extensions.values()].reduce(
      (sum, one) => sum + one.value.length,
      0,
    );
    if (extensionBytes > MAX_EXTENSION_BYTES)
      findings.push(
        fail(
          signature,
          "C7",
          `${extensionBytes} bytes are hidden in the extensions of a certificate that no trusted path uses`,
          {
            certificate: certificate.summary.subject.slice(0, 200),
            certificateSha256: certificate.sha256,
            lengthBytes: certificate.raw.length,
          },
        ),
      );
  }
  const spare = [...unreferenced.map((one) => one.raw), ...signature.unreadableCertificates];
  const spareBytes = bytesOf(spare);
  const facts = { certificates: spare.length, lengthBytes: spareBytes };
  if (spareBytes > MAX_UNREFERENCED_BYTES || bytesOf(signature.unreadableCertificates) > MAX_UNKNOWN_BYTES)
    findings.push(fail(signature, "C7", `${spareBytes} bytes of certificates are used by no path`, facts));
  else if (signature.unreadableCertificates.length > 0)
    findings.push({
      ...fail(
        signature,
        "C7",
        "the certificate set holds a value that cannot be read as a certificate",
        facts,
      ),
      outcome: "unknown",
    });
  else if (spare.length > 0 && findings.length === 0)
    findings.push({
      ...fail(signature, "C7", "a certificate comes along that no path uses", facts),
      outcome: "pass",
    });
  return findings;
}

/** Revocation data, algorithm parameters and everything else between the parts. */
function frameFindings(signature: Signature): Finding[] {
  const { signedData, signerInfo } = signature;
  const revocationBytes = bytesOf([...signedData.revocationLists, ...signedData.otherRevocationInformation]);
  const partsBytes =
    revocationBytes +
    bytesOf([...signedData.certificates, ...signedData.otherCertificates, signerInfo.raw]) +
    (signedData.content?.raw.length ?? 0);
  const identifier = signerInfo.signerIdentifier;
  const signerPartsBytes =
    (signerInfo.signedAttributes?.signedBytes.length ?? 0) +
    signerInfo.signature.length +
    bytesOf(signerInfo.unsignedAttributes.map((attribute) => attribute.raw)) +
    (identifier.kind === "issuer-and-serial" ? identifier.issuer.length + identifier.serial.length : 20);
  const frameBytes = signedData.raw.length - partsBytes + signerInfo.raw.length - signerPartsBytes;
  const findings: Finding[] = [];
  if (frameBytes > MAX_FRAME_BYTES)
    findings.push(
      fail(signature, "C8", `${frameBytes} bytes stand between the parts of the signature`, {
        lengthBytes: frameBytes,
      }),
    );
  if (revocationBytes > MAX_UNKNOWN_BYTES)
    findings.push(
      fail(signature, "C6", `${revocationBytes} bytes of revocation data are covered by no signature`, {
        lengthBytes: revocationBytes,
      }),
    );
  return findings;
}

/** Anyone can make a signature of their own, and nest it in one that is trusted or the trusted one in it. */
function unvouchedFindings(signature: Signature, trust: Trust | undefined): Finding[] {
  if (trust?.path.outcome === "anchored") return [];
  const elsewhere = signature.signerInfo.unsignedAttributes.filter(
    ({ oid }) => oid === ATTRIBUTE.nestedSignature,
  );
  const lengthBytes =
    signature.signedData.raw.length -
    (signature.indirect.pageHashes?.table.length ?? 0) -
    bytesOf(elsewhere.map(({ raw }) => raw));
  if (lengthBytes <= MAX_UNVOUCHED_BYTES) return [];
  const because = `a signature that nobody vouches for holds ${lengthBytes} bytes, more than signatures need`;
  return [fail(signature, "C8", because, { lengthBytes })];
}

const bytesOf = (parts: readonly Uint8Array[]): number => parts.reduce((sum, part) => sum + part.length, 0);

function fail(signature: Signature, rule: string, because: string, facts: Finding["facts"]): Finding {
  const place = { rule, signature: signature.position, offsetBytes: signature.entryOffsetBytes };
  return { check: "certificate-table", outcome: "fail", because, facts: { ...place, ...facts } };
}
