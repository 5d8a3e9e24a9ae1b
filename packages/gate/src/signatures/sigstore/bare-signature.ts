/**
 * A signature and nothing else, as `cosign sign-blob --key` and `openssl dgst -sign` write it: it means something only
 * beside a public key. Sources: cosign, SIGNATURE_SPEC.md; RFC 3279 §2.2.3 (Ecdsa-Sig-Value), RFC 8017 §8.2.
 * @module
 */

import { ArtifactError, type Json, readExactly } from "@sallyport/core";
import { readDer, TAG } from "../../asn1/der.ts";
import type { BroughtFile } from "../../brought.ts";

/** An RSA signature of 8192 bits in base64, with a line break behind it. */
const MAX_BYTES = 1400;
/** Ed25519, and RSA from 2048 to 8192 bits. */
const PLAIN_BYTES: ReadonlySet<number> = new Set([64, 256, 384, 512, 1024]);

/** @returns undefined for a file that is no bare signature */
export async function readBareSignature({ source }: BroughtFile): Promise<Buffer | undefined> {
  if (source.sizeBytes === 0 || source.sizeBytes > MAX_BYTES) return undefined;
  const bytes = await readExactly(source, 0, source.sizeBytes, "the signature");
  if (isCurveSignature(bytes)) return bytes;
  const text = bytes.toString("latin1").trim();
  if (!/^[A-Za-z0-9+/\r\n]+={0,2}$/.test(text)) return undefined;
  const decoded = Buffer.from(text, "base64");
  return PLAIN_BYTES.has(decoded.length) || isCurveSignature(decoded) ? decoded : undefined;
}

/** Two numbers in a SEQUENCE that fills the bytes. */
function isCurveSignature(bytes: Buffer): boolean {
  if (bytes[0] !== TAG.sequence || bytes.length > 150) return false;
  try {
    const { children } = readDer(bytes);
    return children.length === 2 && children.every(({ tag }) => tag === TAG.integer);
  } catch (error) {
    if (!(error instanceof ArtifactError)) throw error;
    return false;
  }
}

/** The same as a bundle. It states no digest of the file; the one here stands for none. */
export const bundleAroundSignature = (signature: Buffer): Json => ({
  mediaType: "application/vnd.dev.sigstore.bundle.v0.3+json",
  verificationMaterial: { publicKey: { hint: "" }, tlogEntries: [] },
  messageSignature: {
    messageDigest: { algorithm: "SHA2_256", digest: Buffer.alloc(32).toString("base64") },
    signature: signature.toString("base64"),
  },
});
