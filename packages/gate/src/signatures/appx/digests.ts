/**
 * What the signature of a package covers: digests of its parts, each behind a tag of four letters.
 * AXPC: the members' records up to the signature's; AXCD: the directory and end records as they stood before the
 * signature was added; AXCT, AXBM, AXCI: the unpacked content types, block map and code integrity catalog.
 * Source: Microsoft never published it; the parts are those that signtool, osslsigncode and relic hash.
 * @module
 */

import { createHash, type Hash } from "node:crypto";
import { ArtifactError, type Budget, type ByteSource, readExactly } from "@sallyport/core";
import type { DigestName } from "../../cms/algorithm.ts";
import { directoryRecords } from "../../code-signing/signature-member.ts";
import type { ZipEntry, ZipLookup } from "../../formats/zip/lookup.ts";
import { NAMES } from "./names.ts";

export interface SignedPackage {
  readonly source: ByteSource;
  readonly zip: ZipLookup;
  readonly signature: ZipEntry;
}

/** End records with the longest comment there may be. */
const MAX_END_BYTES = 22 + 0xffff + 20 + 4096;

/**
 * @returns the digest that is signed, for each algorithm: the tags and digests one after the other
 * @throws {@link ArtifactError} `artifact.malformed` when the signature is not the last member
 */
export async function packageDigests(
  signed: SignedPackage,
  algorithms: ReadonlySet<DigestName>,
  budget: Budget,
): Promise<ReadonlyMap<DigestName, Buffer>> {
  const { source, zip } = signed;
  const { headerOffset } = await zip.place(signed.signature);
  const names = [...algorithms];
  const parts: [tag: string, digests: Buffer[]][] = [
    ["AXPC", await digestAll(names, source.stream(0, headerOffset), budget)],
    ["AXCD", await digestAll(names, [await directoryBefore(signed, headerOffset)], budget)],
  ];
  for (const [tag, name] of [
    ["AXCT", NAMES.contentTypes],
    ["AXBM", NAMES.blockMap],
    ["AXCI", NAMES.codeIntegrity],
  ] as const) {
    const entry = zip.find(name);
    if (entry !== undefined) parts.push([tag, await digestAll(names, zip.content(entry), budget)]);
  }
  return new Map(
    names.map((name, at) => [
      name,
      Buffer.concat([
        Buffer.from("APPX"),
        ...parts.flatMap(([tag, digests]) => [Buffer.from(tag), digests[at] ?? Buffer.alloc(0)]),
      ]),
    ]),
  );
}

async function digestAll(
  names: readonly DigestName[],
  bytes: AsyncIterable<Uint8Array> | Iterable<Uint8Array>,
  budget: Budget,
): Promise<Buffer[]> {
  const hashes: Hash[] = names.map((name) => createHash(name));
  for await (const piece of bytes) {
    budget.checkTime();
    for (const hash of hashes) hash.update(piece);
  }
  return hashes.map((hash) => hash.digest());
}

/** The directory without the signature's entry, and the end records that went with it. */
async function directoryBefore(signed: SignedPackage, directoryOffset: number): Promise<Buffer> {
  const { source, zip, signature } = signed;
  const { end } = zip;
  const directory = await readExactly(source, end.directoryOffset, end.directoryBytes, "appx: directory");
  const at = directoryRecords(directory, zip).get(signature)?.offset;
  if (at === undefined || zip.entries.at(-1) !== signature)
    throw new ArtifactError("artifact.malformed", "appx: the signature is not the last member");
  const endsAt = end.directoryOffset + end.directoryBytes;
  const endBytes = source.sizeBytes - endsAt;
  if (endBytes > MAX_END_BYTES)
    throw new ArtifactError("artifact.malformed", "appx: the end records are longer than they can be");
  const records = Buffer.from(await readExactly(source, endsAt, endBytes, "appx: end records"));
  const before = { count: zip.entries.length - 1, directoryBytes: at, directoryOffset };
  return Buffer.concat([directory.subarray(0, at), withoutSignature(records, before)]);
}

interface Before {
  readonly count: number;
  readonly directoryBytes: number;
  readonly directoryOffset: number;
}

/** Fields of all ones stay: their values stand in the wide record. The numbers of disks count as zero. */
function withoutSignature(records: Buffer, before: Before): Buffer {
  const at = records.readUInt32LE(0) === 0x06064b50 ? writeWide(records, before) : 0;
  const end = records.subarray(at);
  if (end.length < 22 || end.readUInt32LE(0) !== 0x06054b50)
    throw new ArtifactError("artifact.malformed", "appx: bytes stand between the directory and its end");
  end.writeUInt32LE(0, 4);
  for (const field of [8, 10]) if (end.readUInt16LE(field) !== 0xffff) end.writeUInt16LE(before.count, field);
  for (const [field, value] of [
    [12, before.directoryBytes],
    [16, before.directoryOffset],
  ] as const)
    if (end.readUInt32LE(field) !== 0xffffffff) end.writeUInt32LE(value, field);
  return records;
}

/** @returns where the plain end record begins */
function writeWide(records: Buffer, before: Before): number {
  const locator = records.length < 56 + 20 ? -1 : 12 + Number(records.readBigUInt64LE(4));
  if (locator < 56 || locator + 20 > records.length || records.readUInt32LE(locator) !== 0x07064b50)
    throw new ArtifactError("artifact.malformed", "appx: the wide end record is not followed by its locator");
  records.writeBigUInt64LE(BigInt(before.count), 24);
  records.writeBigUInt64LE(BigInt(before.count), 32);
  records.writeBigUInt64LE(BigInt(before.directoryBytes), 40);
  records.writeBigUInt64LE(BigInt(before.directoryOffset), 48);
  records.writeBigUInt64LE(BigInt(before.directoryOffset + before.directoryBytes), locator + 8);
  return locator + 20;
}
