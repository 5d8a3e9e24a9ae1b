/**
 * The digest of a package as it was before `.signature.p7s` was added: its member and its record in the directory left
 * out, offsets, counts and sizes as they were.
 * Source: NuGet, "Package Signatures Technical Details"; NuGet.Client, SignedPackageArchiveUtility.
 * @module
 */

import { createHash } from "node:crypto";
import { ArtifactError, type Budget, type ByteSource, readExactly } from "@sallyport/core";
import type { DigestName } from "../../cms/algorithm.ts";
import { directoryRecords } from "../../code-signing/signature-member.ts";
import type { ZipEntry, ZipLookup } from "../../formats/zip/lookup.ts";

const MAX_END_BYTES = 22 + 0xffff;

export interface SignedPackage {
  readonly source: ByteSource;
  readonly zip: ZipLookup;
  readonly signature: ZipEntry;
}

/** @throws {@link ArtifactError} `artifact.unsupported` for a zip64, which NuGet does not sign */
export async function packageDigest(
  signed: SignedPackage,
  name: DigestName,
  budget: Budget,
): Promise<Buffer> {
  const { source, zip, signature } = signed;
  const { end } = zip;
  const hole = await signatureRange(signed);
  const directory = await readExactly(source, end.directoryOffset, end.directoryBytes, "nuget: directory");
  const records = directoryRecords(directory, zip);
  const hash = createHash(name);
  for (const [from, to] of [
    [0, hole.from],
    [hole.to, end.directoryOffset],
  ] as const)
    for await (const piece of source.stream(from, to - from)) {
      budget.checkTime();
      hash.update(piece);
    }
  let leftOutBytes = 0;
  for (const [entry, { bytes }] of records) {
    if (entry === signature) leftOutBytes = bytes.length;
    else hash.update(entry.localOffset < hole.from ? bytes : moved(bytes, hole.to - hole.from));
  }
  const endsAt = end.directoryOffset + end.directoryBytes;
  const endBytes = source.sizeBytes - endsAt;
  if (endBytes > MAX_END_BYTES)
    throw new ArtifactError("artifact.malformed", "nuget: the end record is longer than it can be");
  const record = Buffer.from(await readExactly(source, endsAt, endBytes, "nuget: end record"));
  return hash.update(endBefore(record, leftOutBytes, hole.to - hole.from)).digest();
}

/** From the signature's header to the next member's, or to the directory. */
async function signatureRange({ zip, signature }: SignedPackage): Promise<{ from: number; to: number }> {
  if (zip.end.baseOffset !== 0)
    throw new ArtifactError("artifact.malformed", "nuget: the offsets do not count from the beginning");
  const { headerOffset, endOffset } = await zip.place(signature);
  const following = zip.entries
    .map(({ localOffset }) => localOffset)
    .filter((offset) => offset > headerOffset)
    .reduce((least, offset) => Math.min(least, offset), zip.end.directoryOffset);
  if (endOffset !== following)
    throw new ArtifactError(
      "artifact.malformed",
      "nuget: bytes stand between the signature and what follows it",
    );
  return { from: headerOffset, to: endOffset };
}

function moved(record: Buffer, byBytes: number): Buffer {
  const copy = Buffer.from(record);
  copy.writeUInt32LE(Math.max(0, record.readUInt32LE(42) - byBytes), 42);
  return copy;
}

function endBefore(record: Buffer, recordBytes: number, memberBytes: number): Buffer {
  if (record.length < 22 || record.readUInt32LE(0) !== 0x06054b50)
    throw new ArtifactError(
      "artifact.unsupported",
      "nuget: the package is a zip64, which NuGet does not sign",
    );
  const changes = [
    [8, 2, 1],
    [10, 2, 1],
    [12, 4, recordBytes],
    [16, 4, memberBytes],
  ] as const;
  for (const [at, widthBytes, less] of changes) {
    const value = record.readUIntLE(at, widthBytes) - less;
    if (value < 0) throw new ArtifactError("artifact.malformed", "nuget: the end record does not add up");
    record.writeUIntLE(value, at, widthBytes);
  }
  return record;
}
