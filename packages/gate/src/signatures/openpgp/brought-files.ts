/** Which of the brought files are OpenPGP's, told by their bytes. Source: RFC 9580 §4.2, §6.2. @module */

import { ArtifactError, asBuffer, readExactly } from "@sallyport/core";
import { CLEAR_SIGNED_MARK, readSignatures, TYPE } from "@sallyport/openpgp";
import type { BroughtFile } from "../../brought.ts";

/** A distribution's keyring has some hundred kilobytes, keys that were flooded some megabytes. */
const MAX_FILE_BYTES = 32 * 1024 * 1024;
/** Published keys have some words in front of them. */
const LOOK_BYTES = 16 * 1024;

/** Files that hold certificates, or a revocation of one. */
export const findKeyFiles = (files: readonly BroughtFile[]): Promise<BroughtFile[]> =>
  choose(
    files,
    (head) =>
      head.includes("-----BEGIN PGP PUBLIC KEY BLOCK-----") || hasTag(head, [6, 5]) || isRevocation(head),
  );

/** Whether a file holds revocations and nothing else. */
export function isRevocation(head: Buffer): boolean {
  if (!isDetached(head)) return false;
  try {
    return readSignatures(head).every(({ type }) => type === TYPE.keyRevocation);
  } catch (error) {
    if (error instanceof ArtifactError) return false;
    throw error;
  }
}

/** Files that hold detached signatures. */
export const findSignatureFiles = (files: readonly BroughtFile[]): Promise<BroughtFile[]> =>
  choose(files, isDetached);

const isDetached = (head: Buffer): boolean =>
  (head.includes("-----BEGIN PGP SIGNATURE-----") && !head.includes(CLEAR_SIGNED_MARK)) ||
  (hasTag(head, [2]) && VERSIONS.has(head[bodyStart(head)] ?? 0));

/** Clear-signed files: lists of digests that vouch for the file. */
export const findListFiles = (files: readonly BroughtFile[]): Promise<BroughtFile[]> =>
  choose(files, (head) => head.includes(CLEAR_SIGNED_MARK));

const VERSIONS: ReadonlySet<number> = new Set([2, 3, 4, 5, 6]);

/** @throws {@link ArtifactError} `artifact.over-limit` when it is larger than any key or signature */
export async function readBrought({ name, source }: BroughtFile): Promise<Buffer> {
  if (source.sizeBytes > MAX_FILE_BYTES)
    throw new ArtifactError("artifact.over-limit", `OpenPGP: ${name} is too large for keys or signatures`);
  return readExactly(source, 0, source.sizeBytes, name);
}

async function choose(
  files: readonly BroughtFile[],
  isOne: (head: Buffer) => boolean,
): Promise<BroughtFile[]> {
  const chosen: BroughtFile[] = [];
  for (const file of files)
    if (isOne(asBuffer(await file.source.read(0, Math.min(LOOK_BYTES, file.source.sizeBytes)))))
      chosen.push(file);
  return chosen;
}

/** Of the first packet. Armour and text begin with letters, which no packet does. */
function hasTag(head: Buffer, tags: readonly number[]): boolean {
  const first = head[0] ?? 0;
  if (first < 0x80) return false;
  return tags.includes((first & 0x40) === 0 ? (first >> 2) & 0x0f : first & 0x3f) && head.length > 8;
}

/** Where the first packet's body begins. */
function bodyStart(head: Buffer): number {
  const [first = 0, length = 0] = head;
  if ((first & 0x40) === 0) return 1 + (1 << (first & 3));
  return length < 192 ? 2 : length < 224 ? 3 : 6;
}
