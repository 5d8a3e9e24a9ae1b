/** Reads a signature report of a message that is not believed. @module */

import type { JsonObject } from "@sallyport/core";
import type { CertificateSummary, SignatureReport, SignatureTrust } from "../signatures/scheme.ts";
import { isObject, isWholeNumber, optionalText, readOptionalText, readText, refuse } from "./value.ts";

const TRUST: Readonly<Record<SignatureTrust, true>> = {
  "valid-timestamped": true,
  "valid-now": true,
  "known-key": true,
  "valid-legacy-timestamped": true,
  "timestamp-unverifiable": true,
  expired: true,
  "not-yet-valid": true,
  revoked: true,
  "unknown-root": true,
  "unknown-key": true,
  "self-signed": true,
  "invalid-path": true,
  broken: true,
};

export function readSignature(value: unknown): SignatureReport {
  if (!isObject(value) || !isObject(value.facts) || !Array.isArray(value.chain)) return refuse("signature");
  const { integrity, position } = value;
  if (integrity !== "pass" && integrity !== "fail" && integrity !== "unknown") return refuse("integrity");
  const timestamp = readTimestamp(value.timestamp);
  return {
    scheme: readText(value.scheme),
    integrity,
    trust: readTrust(value.trust),
    because: readText(value.because),
    signer: value.signer === undefined ? undefined : readCertificate(value.signer),
    chain: value.chain.map(readCertificate),
    ...optionalText(value, "namedBy"),
    ...optionalText(value, "product"),
    ...optionalText(value, "anchorId"),
    digestAlgorithm: readText(value.digestAlgorithm),
    ...optionalText(value, "digest"),
    ...(timestamp !== undefined && { timestamp }),
    position: isWholeNumber(position) ? position : refuse("position"),
    // Parsed from JSON, so it is JSON.
    facts: value.facts as JsonObject,
  };
}

function readTrust(value: unknown): SignatureTrust {
  return typeof value === "string" && Object.hasOwn(TRUST, value)
    ? (value as SignatureTrust)
    : refuse("trust");
}

function readTimestamp(value: unknown): SignatureReport["timestamp"] {
  if (value === undefined) return undefined;
  if (!isObject(value) || typeof value.verified !== "boolean") return refuse("timestamp");
  const { kind, verified } = value;
  if (kind !== "rfc3161" && kind !== "pkcs9") return refuse("timestamp");
  return { kind, at: readText(value.at), verified, authority: readOptionalText(value.authority) };
}

function readCertificate(value: unknown): CertificateSummary {
  if (!isObject(value)) return refuse("certificate");
  return {
    subject: readText(value.subject),
    commonName: readOptionalText(value.commonName),
    organisation: readOptionalText(value.organisation),
    issuer: readText(value.issuer),
    serial: readText(value.serial),
    sha256: readText(value.sha256),
    ...optionalText(value, "validFrom"),
    ...optionalText(value, "validUntil"),
  };
}
