/**
 * The digest an Authenticode signature of a cabinet covers, and where the signature stands.
 * Source: Microsoft never published it; the fields are those that signtool and osslsigncode hash. Covered: bytes 0-3,
 * 8-33 and 56-59 of the header, then everything from the cabinets' names up to the signature. Not covered: reserved1,
 * iCabinet, the reserve's sizes and all of the reserve but its last four bytes; these are checked instead.
 * @module
 */

import { createHash } from "node:crypto";
import { ArtifactError, type Budget, type ByteSource, readExactly } from "@sallyport/core";
import type { Finding } from "../../finding.ts";
import { type CabinetHeader, foldersEnd, readCabinetHeader } from "../../formats/cab/header.ts";
import {
  SIGNATURE_RESERVE_MARK,
  type SignaturePlace,
  signaturePlace,
} from "../../formats/cab/signature-place.ts";
import { type SignatureBlob, stripPadding } from "./certificate-table.ts";

/** Signatures with a thousand certificates are still smaller. */
const MAXIMUM_SIGNATURE_BYTES = 4 * 1024 * 1024;

export interface CabSignature {
  /** The PKCS#7, without the zeros that pad it to eight bytes; undefined when there is none where it should be. */
  readonly blob: SignatureBlob | undefined;
  /** For `certificate-table`: bytes that the signature does not cover and that are not what a signer writes. */
  readonly findings: readonly Finding[];
}

/**
 * Finds a cabinet's signature.
 * @returns undefined when it has none
 * @throws {@link ArtifactError} `artifact.truncated`, `artifact.malformed`, `artifact.over-limit`
 */
export async function cabSignature(source: ByteSource): Promise<CabSignature | undefined> {
  const header = await readCabinetHeader(source);
  const place = signaturePlace(header);
  if (place === undefined) return undefined;
  if (place.sizeBytes > MAXIMUM_SIGNATURE_BYTES) {
    throw new ArtifactError("artifact.over-limit", "cabinet: its signature is larger than any signer writes");
  }
  const bytes = await readExactly(source, place.offset, place.sizeBytes, "cabinet signature");
  const { blob, findings } = stripPadding(bytes, place.offset);
  return {
    blob,
    findings: [...judgePlace(header, place, source.sizeBytes), ...judgeUncovered(header), ...findings],
  };
}

/**
 * Computes the digest of a cabinet as it is once it carries a signature's reserve.
 * @param algorithm - as `node:crypto` names it
 * @throws {@link ArtifactError} `artifact.malformed` when the cabinet has no reserve for a signature
 */
export async function cabDigest(
  source: ByteSource,
  options: { readonly algorithm: string; readonly budget: Budget },
): Promise<Buffer> {
  const header = await readCabinetHeader(source);
  const place = signaturePlace(header);
  if (place === undefined || header.reserve === undefined) {
    throw new ArtifactError("artifact.malformed", "cabinet: it has no place for a signature");
  }
  const hash = createHash(options.algorithm);
  const fixed = await readExactly(source, 0, 60, "cabinet header");
  hash.update(fixed.subarray(0, 4)).update(fixed.subarray(8, 34)).update(fixed.subarray(56, 60));
  const end = Math.min(place.offset, source.sizeBytes);
  for await (const chunk of source.stream(60, Math.max(0, end - 60))) {
    options.budget.checkTime();
    hash.update(chunk);
  }
  return hash.digest();
}

/**
 * Computes the digest by which a catalog lists a cabinet: one without a place for a signature is hashed as it is, but
 * for reserved1, which the format checks. Source: what makecat lists and osslsigncode computes (`cab.c`).
 * @throws as {@link cabDigest}
 */
export async function listedCabDigest(
  source: ByteSource,
  options: { readonly algorithm: string; readonly budget: Budget },
): Promise<Buffer> {
  if (signaturePlace(await readCabinetHeader(source)) !== undefined) return cabDigest(source, options);
  const hash = createHash(options.algorithm);
  hash.update(await readExactly(source, 0, 4, "cabinet header"));
  for await (const chunk of source.stream(8, source.sizeBytes - 8)) {
    options.budget.checkTime();
    hash.update(chunk);
  }
  return hash.digest();
}

/** The cabinet ends where the signature begins, and the file where it ends. */
function judgePlace(header: CabinetHeader, place: SignaturePlace, fileBytes: number): Finding[] {
  const findings: Finding[] = [];
  const end = place.offset + place.sizeBytes;
  if (end !== fileBytes) {
    findings.push(fail("bytes follow its signature", { offsetBytes: end, lengthBytes: fileBytes - end }));
  }
  if (place.offset !== header.sizeBytes) {
    findings.push(
      fail("its signature does not begin where the cabinet ends", {
        offsetBytes: place.offset,
        cabinetBytes: header.sizeBytes,
      }),
    );
  }
  return findings;
}

/** Fields outside the digest must be what every signer writes there. */
function judgeUncovered(header: CabinetHeader): Finding[] {
  const { reserve } = header;
  if (reserve === undefined) return [];
  const findings: Finding[] = [];
  const isMarked = reserve.header.readUInt32LE(0) === SIGNATURE_RESERVE_MARK;
  const isEmpty = reserve.header.readUInt32LE(12) === 0;
  if (!isMarked || !isEmpty || header.reservedFields[0] !== 0) {
    findings.push(fail("header fields that its signature does not cover are not what a signer writes", {}));
  }
  if (reserve.folderBytes !== 0 || reserve.dataBytes !== 0) {
    findings.push(fail("it has reserves whose sizes its signature does not cover", {}));
  }
  if (foldersEnd(header) !== header.filesOffset) {
    findings.push(fail("bytes stand between its folder table and its file table", {}));
  }
  return findings;
}

const fail = (because: string, facts: Finding["facts"]): Finding => ({
  check: "certificate-table",
  outcome: "fail",
  because,
  facts,
});
