/**
 * PyPI's attestations say in other words what a Sigstore bundle says.
 * Source: PyPA, index-hosted attestations (PEP 740), "Attestation objects".
 * @module
 */

import type { Json } from "@sallyport/core";
import { listMember, member, textMember } from "../../json/read-json.ts";
import { IN_TOTO } from "./statement.ts";

/** @returns the same as a bundle of version 0.3; undefined for what is no attestation object */
export function bundleFromAttestation(attestation: Json): Json | undefined {
  const material = member(attestation, "verification_material");
  const envelope = member(attestation, "envelope");
  const certificate = textMember(material, "certificate");
  const entries = listMember(material, "transparency_entries");
  const statement = textMember(envelope, "statement");
  const signature = textMember(envelope, "signature");
  if (member(attestation, "version") !== 1 || certificate === undefined || entries === undefined)
    return undefined;
  if (statement === undefined || signature === undefined) return undefined;
  const timestamps = listMember(material, "timestamps") ?? listMember(attestation, "timestamps") ?? [];
  return {
    mediaType: "application/vnd.dev.sigstore.bundle.v0.3+json",
    verificationMaterial: {
      certificate: { rawBytes: certificate },
      tlogEntries: entries,
      timestampVerificationData: {
        rfc3161Timestamps: timestamps.map((timestamp) => ({ signedTimestamp: timestamp })),
      },
    },
    dsseEnvelope: { payload: statement, payloadType: IN_TOTO, signatures: [{ sig: signature, keyid: "" }] },
  };
}
