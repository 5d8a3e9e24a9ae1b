/**
 * What cosign wrote with `sign-blob --bundle` before there were Sigstore bundles: signature, certificate and the log's
 * promise. The same in other words as a bundle of version 0.1.
 * Source: cosign, pkg/cosign/bundle (LocalSignedPayload, RekorBundle).
 * @module
 */

import type { Json } from "@sallyport/core";
import { ArtifactError } from "@sallyport/core";
import { member, memberAt, readJson, textMember } from "../../json/read-json.ts";

/** @returns undefined for what is not one, or was signed by a bare key that it does not name */
export function bundleFromCosign(document: Json): Json | undefined {
  const signature = textMember(document, "base64Signature");
  const certificate = derOf(textMember(document, "cert"));
  const entry = member(document, "rekorBundle");
  const promise = textMember(entry, "SignedEntryTimestamp");
  const payload = member(entry, "Payload");
  const body = textMember(payload, "body");
  const logId = textMember(payload, "logID");
  if (signature === undefined || certificate === undefined || promise === undefined) return undefined;
  if (body === undefined || logId === undefined) return undefined;
  const logged = parse(body);
  const kind = textMember(logged, "kind");
  const digest = textMember(memberAt(logged, "spec", "data", "hash"), "value");
  if (kind !== "hashedrekord" || digest === undefined) return undefined;
  return {
    mediaType: "application/vnd.dev.sigstore.bundle+json;version=0.1",
    verificationMaterial: {
      x509CertificateChain: { certificates: [{ rawBytes: certificate }] },
      tlogEntries: [
        {
          logIndex: String(member(payload, "logIndex")),
          logId: { keyId: Buffer.from(logId, "hex").toString("base64") },
          kindVersion: { kind, version: textMember(logged, "apiVersion") ?? "" },
          integratedTime: String(member(payload, "integratedTime")),
          inclusionPromise: { signedEntryTimestamp: promise },
          canonicalizedBody: body,
        },
      ],
    },
    messageSignature: {
      messageDigest: { algorithm: "SHA2_256", digest: Buffer.from(digest, "hex").toString("base64") },
      signature,
    },
  };
}

/** PEM in base64, or PEM as it is; a PEM of a bare key names nobody. */
function derOf(certificate: string | undefined): string | undefined {
  const text = certificate?.startsWith("-----")
    ? certificate
    : Buffer.from(certificate ?? "", "base64").toString("latin1");
  return /^\s*-----BEGIN CERTIFICATE-----([A-Za-z0-9+/=\s]+)-----END CERTIFICATE-----/
    .exec(text)?.[1]
    ?.replaceAll(/\s/g, "");
}

function parse(body: string): Json | undefined {
  try {
    return readJson(Buffer.from(body, "base64"), "the log entry");
  } catch (error) {
    if (!(error instanceof ArtifactError)) throw error;
    return undefined;
  }
}
