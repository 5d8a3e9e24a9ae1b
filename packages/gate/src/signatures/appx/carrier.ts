/**
 * Where a package keeps its signature, and what lies around it that nothing covers.
 * Sources: Microsoft Learn, "Package structure of MSIX"; `PKCX` and a PKCS#7 are what signtool writes.
 * @module
 */

import { ArtifactError, type ByteSource, hasCode } from "@sallyport/core";
import { findLooseBytes } from "../../code-signing/signature-member.ts";
import type { ZipEntry, ZipLookup } from "../../formats/zip/lookup.ts";
import type { Carrier } from "../authenticode/carrier.ts";
import { SUBJECT_TYPES } from "../authenticode/indirect-data.ts";
import type { VerifyContext } from "../scheme.ts";
import { packageDigests } from "./digests.ts";
import { NAMES } from "./names.ts";

const MAX_SIGNATURE_BYTES = 4 * 1024 * 1024;
const MARK = "PKCX";

/** @throws {@link ArtifactError} */
export async function openPackage(
  source: ByteSource,
  { zip, signature }: { zip: ZipLookup; signature: ZipEntry },
  { budget }: VerifyContext,
): Promise<Carrier> {
  const bytes = await zip.read(signature, MAX_SIGNATURE_BYTES);
  if (bytes.toString("latin1", 0, MARK.length) !== MARK)
    throw new ArtifactError("artifact.malformed", `appx: ${NAMES.signature} does not begin as a signature`);
  return {
    // Its place is counted in the unpacked member.
    blobs: [{ der: bytes.subarray(MARK.length), offsetBytes: MARK.length }],
    findings: await findLooseBytes(source, zip, signature),
    async digest(algorithms) {
      try {
        const digests = await packageDigests({ source, zip, signature }, algorithms, budget);
        return { subjectType: SUBJECT_TYPES.msi, digests, facts: {} };
      } catch (error) {
        // An archive that cannot have been signed like this has no digest to compare: the signature is not of it.
        if (!hasCode(error, "artifact.malformed", "artifact.truncated")) throw error;
        return { subjectType: SUBJECT_TYPES.msi, digests: new Map(), facts: { reason: error.message } };
      }
    },
  };
}
