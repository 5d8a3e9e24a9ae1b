/**
 * The signatures of a xar archive, each over the digest of its table of contents.
 * Sources: Apple, xar 1.8, `lib/signature.c`; PyOxidizer's `apple-flat-package`, `reader.rs`, for the CMS.
 * @module
 */

import { ArtifactError, type ByteSource, hasCode, readExactly } from "@sallyport/core";
import { makeDefinite } from "../../asn1/definite.ts";
import type { DigestName } from "../../cms/algorithm.ts";
import { signatureAlgorithmOf } from "../../cms/signature-algorithm.ts";
import { verifySignerInfo } from "../../cms/verify.ts";
import { type CmsSignature, readCmsSignature } from "../../code-signing/cms-signature.ts";
import type { XarSignature } from "../../formats/xar/table.ts";
import { type Certificate, readCertificate } from "../../x509/certificate.ts";
import { verifySignature } from "../../x509/signature-algorithm.ts";

export interface SignedTable {
  readonly style: DigestName;
  /** What the checksum is over. */
  readonly packed: Buffer;
  readonly digest: Buffer;
}

export interface ReadSignature {
  readonly signer: Certificate | undefined;
  readonly pool: readonly Certificate[];
  /** What was read of a CMS; undefined for a bare RSA signature. */
  readonly cms: CmsSignature | undefined;
  /** One sentence; undefined when the signature covers the table. */
  readonly problem: Problem | undefined;
}

export interface Problem {
  readonly outcome: "fail" | "unknown";
  readonly because: string;
}

/** Signatures with a timestamp and a chain come to some 10 KiB. */
const MAX_BYTES = 1024 * 1024;
const PLAIN_DATA = "1.2.840.113549.1.7.1";
const RSA = "1.2.840.113549.1.1.1";

/** @throws {@link ArtifactError} when its bytes cannot be read */
export async function readSignature(
  source: ByteSource,
  signature: XarSignature,
  options: { heapOffsetBytes: number; position: number; table: SignedTable },
): Promise<ReadSignature> {
  const { heapOffsetBytes, position, table } = options;
  if (signature.sizeBytes > MAX_BYTES)
    throw new ArtifactError("artifact.over-limit", "xar: a signature larger than any signer writes");
  const offsetBytes = heapOffsetBytes + signature.offsetBytes;
  const bytes = await readExactly(source, offsetBytes, signature.sizeBytes, "xar: signature");
  const certificates = signature.certificates.map((der) => readCertificate(der));
  if (signature.style === "rsa") return readRsa(bytes, certificates, table);
  if (signature.style === "cms") return readCms(bytes, { certificates, position, offsetBytes, table });
  throw new ArtifactError(
    "artifact.unsupported",
    `xar: a signature of style ${signature.style.slice(0, 40)}`,
  );
}

/**
 * Apple signs the digest of the table as if it had hashed the table itself; other tools take the digest for a message
 * and hash it once more. Both bind the table.
 */
function readRsa(value: Buffer, pool: readonly Certificate[], table: SignedTable): ReadSignature {
  const [signer] = pool;
  if (signer === undefined)
    return {
      signer,
      pool,
      cms: undefined,
      problem: { outcome: "fail", because: "the signer's certificate is missing" },
    };
  const attempts: readonly (readonly [DigestName, Buffer])[] = [
    [table.style, table.packed],
    ["sha256", table.digest],
    ["sha1", table.digest],
  ];
  try {
    const matches = attempts.some(([digest, data]) => verifyRsa(signer, { digest, data, value }));
    const because = "the signature is not over this table of contents";
    return { signer, pool, cms: undefined, problem: matches ? undefined : { outcome: "fail", because } };
  } catch (error) {
    if (!hasCode(error, "artifact.unsupported", "artifact.malformed")) throw error;
    const outcome = hasCode(error, "artifact.unsupported") ? "unknown" : "fail";
    return { signer, pool, cms: undefined, problem: { outcome, because: error.message } };
  }
}

function verifyRsa(
  signer: Certificate,
  { digest, data, value }: { digest: DigestName; data: Buffer; value: Buffer },
): boolean {
  const bare = { oid: RSA, parameters: undefined, node: signer.signatureAlgorithm };
  const algorithm = signatureAlgorithmOf(bare, digest);
  return (
    algorithm !== undefined &&
    verifySignature({
      publicKeyInfo: signer.publicKeyInfo,
      algorithm: algorithm.node,
      data,
      signature: value,
    })
  );
}

function readCms(
  bytes: Buffer,
  options: {
    certificates: readonly Certificate[];
    position: number;
    offsetBytes: number;
    table: SignedTable;
  },
): ReadSignature {
  const { der, sizeBytes } = makeDefinite(bytes);
  const parts = readCmsSignature(der);
  const cms = {
    ...parts,
    position: options.position,
    entryOffsetBytes: options.offsetBytes,
    entryBytes: der,
  };
  const { signer, signedData, signerInfo } = cms;
  const pool = [...cms.certificates, ...options.certificates];
  const found = (problem: Problem | undefined) => ({ signer, pool, cms, problem });
  const fail = (because: string) => found({ outcome: "fail", because });
  // Signers reserve more room than they need, before they know how long the timestamp is.
  if (bytes.subarray(sizeBytes).some((byte) => byte !== 0)) return fail("bytes are hidden behind its CMS");
  if (signedData.contentType !== PLAIN_DATA) return fail(`its CMS signs ${signedData.contentType}`);
  if (signedData.content !== undefined && !signedData.content.content.equals(options.table.digest))
    return fail("its CMS holds the digest of another table of contents");
  if (signer === undefined) return fail("the signer's certificate is not in the signature");
  const verified = verifySignerInfo(signerInfo, {
    contentOctets: options.table.digest,
    contentType: PLAIN_DATA,
    certificate: signer,
  });
  return found(verified.valid ? undefined : { outcome: verified.outcome, because: verified.because });
}
