/**
 * What stands in a zip beside its members, where those are all that is signed: bytes in front and behind, comments,
 * extra fields. An ordinary archive has next to none of it, and somebody may have put it there later: a script in front
 * of an archive is what runs. Source: APPNOTE 6.3.10 §4.3.7, §4.3.12, §4.3.16, §4.5.
 * @module
 */

import { type Budget, type ByteSource, readExactly } from "@sallyport/core";
import type { Finding } from "../finding.ts";
import { isFillingInFront } from "../formats/zip/gap.ts";
import { ReadAhead } from "../formats/zip/local-header.ts";
import type { ZipEntry, ZipLookup } from "../formats/zip/lookup.ts";
import { readSigningBlock } from "../formats/zip/signing-block.ts";
import { directoryRecords } from "./signature-member.ts";
import { guardFindings, integrityFinding } from "./zip-package.ts";

/** Marks of a kind of file, which hold nothing: Java modules, archives that were one part of several. */
const MAX_MARK_BYTES = 4;
/** Times, owners, wide sizes; what aligns the content is zeros, and does not count. */
const MAX_EXTRA_BYTES = 64;
/** A line or two of a comment, fields of build tools. */
const MAX_LOOSE_BYTES = 8 * 1024;
/** The end record, with the wide one and its locator. */
const END_BYTES = 22 + 76;
/** Behind it a comment; more is found by its length. */
const MAX_READ_BYTES = 256 * 1024;

/**
 * @param asked.isAndroids - a signing block is judged with the signatures in it
 * @returns findings of checks `integrity` and `certificate-table`
 */
export async function findOutsideMembers(
  source: ByteSource,
  zip: ZipLookup,
  { budget, isAndroids }: { readonly budget: Budget; readonly isAndroids: boolean },
): Promise<readonly Finding[]> {
  return [
    ...(await guardFindings("integrity", () => findInFront(source, zip, budget))),
    ...(await guardFindings("certificate-table", async () => {
      const blockBytes = isAndroids ? 0 : await countSigningBlock(source, zip);
      return findLoose(source, zip, { budget, blockBytes });
    })),
  ];
}

async function countSigningBlock(source: ByteSource, { end }: ZipLookup): Promise<number> {
  const block = await readSigningBlock(source, end.directoryOffset);
  return block === undefined ? 0 : end.directoryOffset - block.offset;
}

async function findInFront(source: ByteSource, zip: ZipLookup, budget: Budget): Promise<readonly Finding[]> {
  const { directoryOffset, baseOffset } = zip.end;
  const lengthBytes = zip.entries.reduce(
    (least, { localOffset }) => Math.min(least, localOffset + baseOffset),
    directoryOffset,
  );
  if (lengthBytes <= MAX_MARK_BYTES || (await isFillingInFront(new ReadAhead(source), lengthBytes, budget)))
    return [];
  const because = `${lengthBytes} bytes stand in front of the archive, which its signature does not cover`;
  return [integrityFinding("fail", because, { offsetBytes: 0, lengthBytes })];
}

async function findLoose(
  source: ByteSource,
  zip: ZipLookup,
  { budget, blockBytes }: { readonly budget: Budget; readonly blockBytes: number },
): Promise<readonly Finding[]> {
  const { directoryOffset, directoryBytes } = zip.end;
  const directory = await readExactly(source, directoryOffset, directoryBytes, "zip: directory");
  const records = directoryRecords(directory, zip);
  const endsAt = directoryOffset + directoryBytes;
  let lengthBytes = blockBytes + (await countBehind(source, endsAt));
  for (const entry of zip.entries.toSorted((a, b) => a.localOffset - b.localOffset)) {
    budget.checkTime();
    const listed = records.get(entry)?.bytes.subarray(46 + entry.rawName.length) ?? Buffer.alloc(0);
    lengthBytes += countBeyond(listed) + (await countLocal(source, zip, entry)) + countPacking(entry);
  }
  if (lengthBytes <= MAX_LOOSE_BYTES) return [];
  return [
    {
      check: "certificate-table",
      outcome: "fail",
      because: `${lengthBytes} bytes stand beside the members of the archive, which its signature does not cover`,
      facts: { lengthBytes },
    },
  ];
}

async function countBehind(source: ByteSource, endsAt: number): Promise<number> {
  const behindBytes = source.sizeBytes - endsAt;
  if (behindBytes > MAX_READ_BYTES) return behindBytes;
  return Math.max(0, countFilled(await readExactly(source, endsAt, behindBytes, "zip: end")) - END_BYTES);
}

async function countLocal(source: ByteSource, zip: ZipLookup, entry: ZipEntry): Promise<number> {
  const { headerOffset, dataOffset } = await zip.place(entry);
  const from = headerOffset + 30 + entry.rawName.length;
  if (dataOffset - from <= MAX_EXTRA_BYTES) return 0;
  return countBeyond(await readExactly(source, from, dataOffset - from, "zip: header"));
}

/** What cannot be made smaller grows by less than this; blocks of nothing can be put between others. */
const countPacking = ({ packedBytes, sizeBytes }: ZipEntry): number =>
  Math.max(0, packedBytes - sizeBytes - Math.ceil(sizeBytes / 1000) - MAX_EXTRA_BYTES);

const countBeyond = (bytes: Buffer): number => Math.max(0, countFilled(bytes) - MAX_EXTRA_BYTES);

/** Zeros hold nothing. */
const countFilled = (bytes: Buffer): number =>
  bytes.reduce((count, byte) => (byte === 0 ? count : count + 1), 0);
