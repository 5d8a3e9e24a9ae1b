/** Where each kind of file keeps its signatures, and how its digest is computed. @module */

import type { ByteSource } from "@sallyport/core";
import type { DigestName } from "../../cms/algorithm.ts";
import { readPeHeaders } from "../../formats/pe/headers.ts";
import { STYLE_OF } from "../../formats/script/signed-language.ts";
import type { VerifyContext } from "../scheme.ts";
import { openAppended } from "./appended-carrier.ts";
import { cabDigest, cabSignature } from "./cab-digest.ts";
import { type Carrier, NO_SIGNATURES } from "./carrier.ts";
import { walkCertificateTable } from "./certificate-table.ts";
import { digestImage } from "./image-digest.ts";
import { SUBJECT_TYPES } from "./indirect-data.ts";
import { msiDigest, msiSignature } from "./msi-digest.ts";
import { verifyPageHashes } from "./page-hashes.ts";
import { openScript } from "./script-carrier.ts";
import { NOT_OF_INSTALLERS } from "./script-digest.ts";

export type { Carrier } from "./carrier.ts";

export const CARRIERS: Readonly<
  Record<string, (source: ByteSource, context: VerifyContext) => Promise<Carrier>>
> = {
  pe: openImage,
  msi: openInstaller,
  // A patch is a compound file as well, and is signed as one.
  msp: openInstaller,
  cab: openCabinet,
  navx: openAppended,
  xap: openAppended,
  ...Object.fromEntries([...STYLE_OF.keys()].map((language) => [language, openScript])),
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
        facts: {
          checksumMatches: headers.checksum === 0 || headers.checksum === checksum,
          tableBytes: headers.certificateTable?.sizeBytes ?? 0,
        },
        verifyPageHashes: async ({ indirect }) =>
          indirect.pageHashes && (await verifyPageHashes(source, headers, indirect.pageHashes, budget)),
      };
    },
  };
}

async function openInstaller(source: ByteSource, { budget }: VerifyContext): Promise<Carrier> {
  const signature = await msiSignature(source);
  if (signature === undefined) return NO_SIGNATURES;
  const { blob, extended, findings } = signature;
  return {
    // Its bytes lie in the sectors of a stream: the place is counted from the stream's beginning.
    blobs: blob === undefined ? [] : [blob],
    findings,
    async digest(algorithms) {
      const digests = new Map<DigestName, Buffer>();
      let proven = extended === undefined;
      for (const algorithm of algorithms) {
        const computed = await msiDigest(source, { algorithm, extended: extended !== undefined, budget });
        digests.set(algorithm, computed.digest);
        proven ||= extended !== undefined && computed.extended?.equals(extended) === true;
      }
      return {
        subjectType: SUBJECT_TYPES.msi,
        foreignClasses: NOT_OF_INSTALLERS,
        digests,
        facts: { extendedSignature: extended !== undefined },
        // Windows compares the stored one too; what stands there instead would be covered by nothing.
        ...(proven
          ? {}
          : { contradiction: "its stored digest of names, sizes and times is not that of the file" }),
      };
    },
  };
}

async function openCabinet(source: ByteSource, { budget }: VerifyContext): Promise<Carrier> {
  const signature = await cabSignature(source);
  if (signature === undefined) return NO_SIGNATURES;
  return {
    blobs: signature.blob === undefined ? [] : [signature.blob],
    findings: signature.findings,
    async digest(algorithms) {
      const digests = new Map<DigestName, Buffer>();
      for (const algorithm of algorithms)
        digests.set(algorithm, await cabDigest(source, { algorithm, budget }));
      return { subjectType: SUBJECT_TYPES.cab, digests, facts: {} };
    },
  };
}
