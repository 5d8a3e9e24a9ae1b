/** Where each kind of file keeps its signatures, and how its digest is computed. @module */

import type { ByteSource } from "@sallyport/core";
import type { DigestName } from "../../cms/algorithm.ts";
import type { Finding } from "../../finding.ts";
import { readPeHeaders } from "../../formats/pe/headers.ts";
import type { VerifyContext } from "../scheme.ts";
import { type SignatureBlob, walkCertificateTable } from "./certificate-table.ts";
import { digestImage } from "./image-digest.ts";
import { SUBJECT_TYPES } from "./indirect-data.ts";
import type { SignedFile } from "./judgement.ts";
import { verifyPageHashes } from "./page-hashes.ts";

export interface Carrier {
  readonly blobs: readonly SignatureBlob[];
  readonly findings: readonly Finding[];
  /** Reads the file once for all digests that its signatures name. */
  digest(algorithms: ReadonlySet<DigestName>): Promise<SignedFile>;
}

export const CARRIERS: Readonly<
  Record<string, (source: ByteSource, context: VerifyContext) => Promise<Carrier>>
> = {
  pe: openImage,
};

async function openImage(source: ByteSource, { budget }: VerifyContext): Promise<Carrier> {
  const headers = await readPeHeaders(source);
  const walk = await walkCertificateTable(source, headers);
  return {
    ...walk,
    async digest(algorithms) {
      const { digests, checksum } = await digestImage(source, headers, algorithms, budget);
      return {
        subjectType: SUBJECT_TYPES.pe,
        digests,
        // Wrong in many honest files, right in every careful forgery: a fact, not a finding.
        facts: { checksumMatches: headers.checksum === 0 || headers.checksum === checksum },
        verifyPageHashes: async ({ indirect }) =>
          indirect.pageHashes && (await verifyPageHashes(source, headers, indirect.pageHashes, budget)),
      };
    },
  };
}
