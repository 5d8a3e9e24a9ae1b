/**
 * Where a package keeps its signature, and what lies around it that nothing covers.
 * Sources: Microsoft Learn, "Package structure of MSIX"; `PKCX` and a PKCS#7 are what signtool writes.
 * @module
 */

import { ArtifactError, type ByteSource, readExactly } from "@sallyport/core";
import type { Finding } from "../../finding.ts";
import type { ZipEntry, ZipLookup } from "../../formats/zip/lookup.ts";
import type { Carrier } from "../authenticode/carrier.ts";
import { SUBJECT_TYPES } from "../authenticode/indirect-data.ts";
import type { VerifyContext } from "../scheme.ts";
import { packageDigests } from "./digests.ts";
import { NAMES } from "./names.ts";

const MAX_SIGNATURE_BYTES = 4 * 1024 * 1024;
const MARK = "PKCX";
/** Deflate adds less than this to what it cannot make smaller. */
const MAX_PACKING_BYTES = 1024;

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
      const digests = await packageDigests({ source, zip, signature }, algorithms, budget);
      return { subjectType: SUBJECT_TYPES.msi, digests, facts: {} };
    },
  };
}

/** The signature's own member is in no digest: its headers hold nothing beyond what a zip needs. */
async function findLooseBytes(source: ByteSource, zip: ZipLookup, signature: ZipEntry): Promise<Finding[]> {
  const { headerOffset, dataOffset } = await zip.place(signature);
  const header = await readExactly(source, headerOffset, dataOffset - headerOffset, "appx: header");
  const nameBytes = signature.rawName.length;
  const extra = header.subarray(30 + nameBytes);
  const { end } = zip;
  const directory = await readExactly(source, end.directoryOffset, end.directoryBytes, "appx: directory");
  const entry = lastEntry(directory, zip.entries.length);
  const listedExtra = entry.subarray(46 + nameBytes, 46 + nameBytes + entry.readUInt16LE(30));
  const comment = entry.subarray(46 + nameBytes + listedExtra.length);
  const packingBytes = signature.packedBytes - signature.sizeBytes;
  const isLoose = !isWideField(extra) || !isWideField(listedExtra) || comment.length > 0;
  if (!isLoose && packingBytes <= MAX_PACKING_BYTES) return [];
  return [
    {
      check: "certificate-table",
      outcome: "fail",
      because: "bytes stand beside the signature, in its member, that nothing covers",
      facts: {
        offsetBytes: headerOffset,
        lengthBytes: extra.length + listedExtra.length + comment.length + Math.max(0, packingBytes),
      },
    },
  ];
}

function lastEntry(directory: Buffer, count: number): Buffer {
  let at = 0;
  for (let index = 1; index < count; index += 1)
    at +=
      46 +
      directory.readUInt16LE(at + 28) +
      directory.readUInt16LE(at + 30) +
      directory.readUInt16LE(at + 32);
  return directory.subarray(at);
}

/** Nothing, or the sizes that did not fit (APPNOTE §4.5.3). */
const isWideField = (extra: Buffer): boolean =>
  extra.length === 0 ||
  (extra.length >= 4 &&
    extra.length <= 32 &&
    extra.readUInt16LE(0) === 1 &&
    extra.readUInt16LE(2) === extra.length - 4);
