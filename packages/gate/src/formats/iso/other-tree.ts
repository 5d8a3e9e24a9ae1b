/**
 * Trees of a disc that 7-Zip reads, against its ECMA-119 tree: UDF, and HFS+ for Macs. Makers of bridge discs write both
 * over the same files; makers of large discs leave a note in the older tree and the files in UDF.
 * Sources: ECMA-167; OSTA UDF 2.60; Apple TN1150.
 * @module
 */

import { asBuffer, type ByteSource } from "@sallyport/core";
import { openBySevenZip } from "../../long-tail/index.ts";
import type { Member, OpenContext } from "../format.ts";
import type { DiscFile } from "./tree.ts";

/** Such a note says that the disc needs a newer reader. */
const LONGEST_NOTE_BYTES = 4096;

export interface OtherTree {
  readonly title: string;
  /** As 7-Zip names it. */
  readonly type: string;
  /** Every name begins with that of the volume. */
  readonly namesVolume?: true;
}

export const UDF: OtherTree = { title: "UDF", type: "Udf" };
export const HFS: OtherTree = { title: "HFS", type: "HFS", namesVolume: true };

export const openOther = (
  source: ByteSource,
  context: OpenContext,
  { type }: OtherTree,
): AsyncGenerator<Member> => openBySevenZip(source, context, { type, holds: "file-system" });

/** True when the older tree holds nothing but a note. */
export const isNoteOnly = (files: readonly DiscFile[]): boolean =>
  files.length <= 1 && files.every(({ sizeBytes }) => sizeBytes <= LONGEST_NOTE_BYTES);

/**
 * Reads every file of the other tree beside the one of the same name.
 * @returns the first that differs; undefined when both trees hold the same
 */
export async function findDifference(
  source: ByteSource,
  files: readonly DiscFile[],
  { context, tree }: { readonly context: OpenContext; readonly tree: OtherTree },
): Promise<string | undefined> {
  const others = new Map(
    files.filter(({ sizeBytes }) => sizeBytes > 0).map((file) => [fold(file.name), file]),
  );
  let found = 0;
  for await (const member of openOther(source, context, tree)) {
    const name = tree.namesVolume === true ? member.name.slice(member.name.indexOf("/") + 1) : member.name;
    const file = others.get(fold(name));
    if (file === undefined) {
      if (member.claimedBytes !== 0 && !(await isEmpty(member)))
        return `“${name}” is only in its ${tree.title} tree`;
      continue;
    }
    if (!(await isSame(member.content(), source, file)))
      return `“${name}” has other content in its ${tree.title} tree`;
    found += 1;
  }
  if (found < others.size) return `some files are not in its ${tree.title} tree`;
  return undefined;
}

const fold = (name: string): string => name.normalize("NFC").toLowerCase();

async function isEmpty(member: Member): Promise<boolean> {
  for await (const piece of member.content()) if (piece.length > 0) return false;
  return true;
}

async function isSame(
  bytes: AsyncIterable<Uint8Array>,
  source: ByteSource,
  file: DiscFile,
): Promise<boolean> {
  let at = 0;
  for await (const piece of bytes) {
    if (at + piece.length > file.sizeBytes) return false;
    const expected = await readPart(source, file, { at, length: piece.length });
    if (!asBuffer(piece).equals(expected)) return false;
    at += piece.length;
  }
  return at === file.sizeBytes;
}

async function readPart(
  source: ByteSource,
  { extents }: DiscFile,
  { at, length }: { readonly at: number; readonly length: number },
): Promise<Buffer> {
  const pieces: Uint8Array[] = [];
  let skip = at;
  let missing = length;
  for (const { offset, sizeBytes } of extents) {
    const take = Math.min(missing, Math.max(0, sizeBytes - skip));
    if (take > 0) pieces.push(await source.read(offset + skip, take));
    skip = Math.max(0, skip - sizeBytes);
    missing -= take;
  }
  return Buffer.concat(pieces);
}
