/** What has to be known of the signatures to ask once more whether somebody accepts the signer. @module */

import type { JsonObject } from "@sallyport/core";
import { type SignatureReport, TRUSTED } from "../../signatures/scheme.ts";
import type { AcceptedSigner, ExamineRequest } from "../check.ts";
import { member } from "../claims.ts";
import { signerName } from "../signature/index.ts";

/** One signature, as far as an acceptance can be about it. */
export interface AskedSigner {
  /** As it is shown. */
  readonly name: string;
  /** Intact, and leading to an authority that is trusted. */
  readonly isTrusted: boolean;
  /** A person named the key, for this once. */
  readonly namedBy?: string;
  readonly commonName?: string;
  readonly organisation?: string;
  readonly sha256?: string;
  /** What the signer says it signed. */
  readonly product?: string;
}

export interface Asked {
  readonly product: string;
  readonly signers: readonly AskedSigner[];
  /** Accepted for this once: by a flag, or because the baseline was admitted. */
  readonly brought: readonly AcceptedSigner[];
}

export function askAbout({ artifact: { root }, context }: ExamineRequest): JsonObject {
  return {
    product: root.identity?.product ?? "",
    signers: root.signatures.map((report) => ({ ...askedSigner(report) })),
    brought: context.acceptedSigners
      .filter(({ isLasting }) => isLasting !== true)
      .map(({ text, product, origin }) => ({ text, origin, ...(product !== undefined && { product }) })),
  };
}

function askedSigner(report: SignatureReport): AskedSigner {
  const { integrity, trust, namedBy, signer, product } = report;
  return {
    name: signerName(report),
    isTrusted: integrity === "pass" && TRUSTED.has(trust),
    ...(namedBy !== undefined && { namedBy }),
    ...(signer?.commonName !== undefined && { commonName: signer.commonName }),
    ...(signer?.organisation !== undefined && { organisation: signer.organisation }),
    ...(signer !== undefined && { sha256: signer.sha256 }),
    ...(product !== undefined && { product }),
  };
}

/** @param stored - what {@link askAbout} gave, perhaps years ago; what is not understood is left out */
export function readAsked(stored: JsonObject): Asked {
  return {
    product: text(stored, "product") ?? "",
    signers: list(stored, "signers").map(readSigner),
    brought: list(stored, "brought").map((one) => ({
      text: text(one, "text") ?? "",
      product: text(one, "product"),
      origin: text(one, "origin") ?? "",
    })),
  };
}

function readSigner(stored: unknown): AskedSigner {
  const [namedBy, commonName, organisation, sha256, product] = [
    text(stored, "namedBy"),
    text(stored, "commonName"),
    text(stored, "organisation"),
    text(stored, "sha256"),
    text(stored, "product"),
  ];
  return {
    name: text(stored, "name") ?? "an unnamed signer",
    isTrusted: member(stored, "isTrusted") === true,
    ...(namedBy !== undefined && { namedBy }),
    ...(commonName !== undefined && { commonName }),
    ...(organisation !== undefined && { organisation }),
    ...(sha256 !== undefined && { sha256 }),
    ...(product !== undefined && { product }),
  };
}

function text(from: unknown, name: string): string | undefined {
  const value = member(from, name);
  return typeof value === "string" ? value : undefined;
}

function list(from: unknown, name: string): readonly unknown[] {
  const value = member(from, name);
  return Array.isArray(value) ? value : [];
}
