/**
 * A CMS signature by one signer, with its certificates read: what every scheme that signs code by CMS starts from.
 * Source: RFC 5652 §5.
 * @module
 */

import { ArtifactError, hasCode } from "@sallyport/core";
import { type DigestName, digestNamed } from "../cms/algorithm.ts";
import { readSignedData, type SignedData } from "../cms/signed-data.ts";
import { findSigner } from "../cms/signer-certificate.ts";
import type { SignerInfo } from "../cms/signer-info.ts";
import { type Certificate, readCertificate } from "../x509/certificate.ts";

export interface CmsSignature {
  /** 0 for the first. */
  readonly position: number;
  /** Where the outermost signature's bytes begin in the file, or in the member that holds it. */
  readonly entryOffsetBytes: number;
  /** The outermost signature's bytes, of which everything here is a slice. */
  readonly entryBytes: Buffer;
  readonly signedData: SignedData;
  readonly signerInfo: SignerInfo;
  readonly signerDigest: DigestName | undefined;
  readonly certificates: readonly Certificate[];
  /** Values in the certificate set that are not certificates we can read. */
  readonly unreadableCertificates: readonly Buffer[];
  readonly signer: Certificate | undefined;
}

export type CmsParts = Omit<CmsSignature, "position" | "entryOffsetBytes" | "entryBytes">;

/**
 * @param der - exactly one ContentInfo
 * @throws {@link ArtifactError} `artifact.malformed` where the bytes are no SignedData, or have not one signer
 */
export function readCmsSignature(der: Uint8Array): CmsParts {
  return withOneSigner(readSignedData(der));
}

/** @throws {@link ArtifactError} `artifact.malformed` when it has not one signer */
export function withOneSigner(signedData: SignedData): CmsParts {
  const [signerInfo, ...others] = signedData.signerInfos;
  if (signerInfo === undefined || others.length > 0)
    throw new ArtifactError(
      "artifact.malformed",
      `CMS: it has ${signedData.signerInfos.length} signers, not one`,
    );
  const pool = readPool(signedData);
  return {
    signedData,
    signerInfo,
    signerDigest: digestNamed(signerInfo.digestAlgorithm.oid),
    ...pool,
    signer: findSigner(signerInfo.signerIdentifier, pool.certificates),
  };
}

function readPool(signedData: SignedData) {
  const certificates: Certificate[] = [];
  const unreadableCertificates: Buffer[] = [...signedData.otherCertificates];
  for (const raw of signedData.certificates) {
    try {
      certificates.push(readCertificate(raw));
    } catch (error) {
      if (!hasCode(error, "artifact.malformed", "artifact.unsupported")) throw error;
      unreadableCertificates.push(raw);
    }
  }
  return { certificates, unreadableCertificates };
}
