/**
 * Sigstore: attestations and signatures that are brought along, made with keys that lived for minutes and are vouched
 * for by authorities and public logs; and what registries sign of their releases.
 * Sources: Sigstore, client specification; protobuf-specs; npm, about registry signatures; PEP 740.
 * @module
 */

import { ArtifactError, type ByteSource, hasCode } from "@sallyport/core";
import type { Brought, BroughtFile } from "../../brought.ts";
import type { SignatureScheme, Verification, VerifyContext } from "../scheme.ts";
import { readBareSignature } from "./bare-signature.ts";
import { type Attestation, readAttestations } from "./documents.ts";
import { readKeys } from "./keys.ts";

export const sigstore: SignatureScheme = {
  id: "sigstore",
  question: "Do the attestations that came with this file speak of these bytes, and who made them?",
  document: "Sigstore, client specification; in-toto Statement v1; PEP 740",
  // Always brought along.
  formats: [],
  claims,
  verify,
};

async function claims(brought: Brought): Promise<readonly BroughtFile[]> {
  const keys: BroughtFile[] = [];
  for (const file of brought.keys) if (await isOurs(() => readKeys(file))) keys.push(file);
  const claimed: BroughtFile[] = [];
  for (const file of brought.signatures)
    if (await isOurs(() => readSignature(file, keys.length > 0))) claimed.push(file);
  if (claimed.length === 0) return [];
  return brought.trustedRoot === undefined
    ? [...claimed, ...keys]
    : [...claimed, ...keys, brought.trustedRoot];
}

/** @param hasKeys - without a key a bare signature says nothing, and may be anything */
async function readSignature(
  file: BroughtFile,
  hasKeys: boolean,
): Promise<readonly Attestation[] | undefined> {
  const attestations = await readAttestations(file);
  if (attestations !== undefined || !hasKeys) return attestations;
  const signature = await readBareSignature(file);
  return signature === undefined ? undefined : [{ kind: "bare", origin: file.name, signature }];
}

/** One that is ours and cannot be used is reported when it is verified. */
async function isOurs(read: () => Promise<unknown>): Promise<boolean> {
  try {
    return (await read()) !== undefined;
  } catch (error) {
    if (!(error instanceof ArtifactError)) throw error;
    return true;
  }
}

async function verify(source: ByteSource, context: VerifyContext): Promise<Verification> {
  try {
    const attestations: Attestation[] = [];
    const { signatures, keys } = context.brought;
    let hasKeys = false;
    for (const file of keys) hasKeys ||= (await readKeys(file)) !== undefined;
    for (const file of signatures) attestations.push(...((await readSignature(file, hasKeys)) ?? []));
    if (attestations.length === 0) return { signatures: [], findings: [] };
    // The verifier library is large, and most files come without an attestation.
    const { verifyAttestations } = await import("./verification.ts");
    return await verifyAttestations(source, attestations, context);
  } catch (error) {
    if (
      !hasCode(
        error,
        "artifact.malformed",
        "artifact.unsupported",
        "artifact.truncated",
        "artifact.over-limit",
      )
    )
      throw error;
    // The budget's own limits are the descent's to report.
    if (error.facts.limit !== undefined) throw error;
    const because = `what was brought along cannot be used: ${error.message}`;
    const facts = { scheme: "sigstore" };
    return { signatures: [], findings: [{ check: "integrity", outcome: "unknown", because, facts }] };
  }
}
