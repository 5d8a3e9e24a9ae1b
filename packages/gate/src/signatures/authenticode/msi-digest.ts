/**
 * The digest an Authenticode signature of an installer covers, and where the signature stands.
 * Source: Microsoft never published it; the order and the fields are those that signtool and osslsigncode hash.
 *
 * The digest covers the contents of streams and the classes of storages; with `\5MsiDigitalSignatureEx` it begins with
 * a digest of names, sizes, times and state bits (the pre-hash). It covers no sector that belongs to no stream, no
 * slack and nothing behind the last sector: `formats/ole/hidden-space.ts` looks there.
 * @module
 */

import { createHash, type Hash } from "node:crypto";
import { ArtifactError, type Budget, type ByteSource } from "@sallyport/core";
import type { Finding } from "../../finding.ts";
import {
  type CompoundFile,
  openCompoundFile,
  readStream,
  rootStream,
  streamOf,
} from "../../formats/ole/compound-file.ts";
import type { DirectoryEntry, OleNode } from "../../formats/ole/directory.ts";
import { type SignatureBlob, stripPadding } from "./certificate-table.ts";

export const SIGNATURE_STREAM = "\u0005DigitalSignature";
export const EXTENDED_STREAM = "\u0005MsiDigitalSignatureEx";
/** Signatures with a thousand certificates are still smaller. */
const MAXIMUM_SIGNATURE_BYTES = 4 * 1024 * 1024;
/** The longest digest there is: SHA-512. */
const MAXIMUM_EXTENDED_BYTES = 64;

export interface MsiSignature {
  /** The PKCS#7 without what follows it in its stream; undefined when the stream holds none. */
  readonly blob: SignatureBlob | undefined;
  /** The stored pre-hash. It proves nothing: compare it with {@link MsiDigest.extended}. */
  readonly extended?: Buffer;
  /** For `certificate-table`: bytes that are no part of the signature. */
  readonly findings: readonly Finding[];
}

/**
 * Finds an installer's signature.
 * @returns undefined when it has none
 * @throws {@link ArtifactError} `artifact.truncated`, `artifact.malformed`, `artifact.over-limit`
 */
export async function msiSignature(source: ByteSource): Promise<MsiSignature | undefined> {
  const file = await openCompoundFile(source);
  const stored = await readBounded(file, SIGNATURE_STREAM, MAXIMUM_SIGNATURE_BYTES);
  const extended = await readBounded(file, EXTENDED_STREAM, MAXIMUM_EXTENDED_BYTES);
  if (stored === undefined) return undefined;
  const signature = stripPadding(stored, 0);
  return extended === undefined ? signature : { ...signature, extended };
}

export interface MsiDigest {
  readonly digest: Buffer;
  /** The recomputed pre-hash; absent when it was not asked for. */
  readonly extended?: Buffer;
}

/**
 * Computes an installer's digest; the two signature streams are left out.
 * @param options.extended - with the pre-hash in front, as a signature with `\5MsiDigitalSignatureEx` has it
 * @throws {@link ArtifactError} `artifact.truncated`, `artifact.malformed`, `artifact.over-limit`
 */
export async function msiDigest(
  source: ByteSource,
  options: { readonly algorithm: string; readonly extended: boolean; readonly budget: Budget },
): Promise<MsiDigest> {
  const file = await openCompoundFile(source);
  const hash = createHash(options.algorithm);
  const { root } = file.directory;
  if (!options.extended) {
    await hashContents({ file, hash, budget: options.budget }, root, true);
    return { digest: hash.digest() };
  }
  const before = createHash(options.algorithm);
  hashMetadata(before, root, true);
  const extended = before.digest();
  hash.update(extended);
  await hashContents({ file, hash, budget: options.budget }, root, true);
  return { digest: hash.digest(), extended };
}

interface Hashing {
  readonly file: CompoundFile;
  readonly hash: Hash;
  readonly budget: Budget;
}

/** Depth first; a storage's class follows what is in it. */
async function hashContents(hashing: Hashing, node: OleNode, isRoot: boolean): Promise<void> {
  for (const child of sortedChildren(node, isRoot)) {
    if (child.entry.kind === "storage") {
      await hashContents(hashing, child, false);
      continue;
    }
    for await (const chunk of streamOf(hashing.file, child.entry).stream()) {
      hashing.budget.checkTime();
      hashing.hash.update(chunk);
    }
  }
  hashing.hash.update(node.entry.classId);
}

/** Names without their terminator, classes or sizes, state bits and times; of the root only class and state bits. */
function hashMetadata(hash: Hash, node: OleNode, isRoot: boolean): void {
  hashEntry(hash, node.entry, isRoot);
  for (const child of sortedChildren(node, isRoot)) {
    if (child.entry.kind === "storage") hashMetadata(hash, child, false);
    else hashEntry(hash, child.entry, false);
  }
}

function hashEntry(hash: Hash, entry: DirectoryEntry, isRoot: boolean): void {
  if (!isRoot) hash.update(entry.rawName);
  hash.update(entry.kind === "stream" ? entry.rawSize : entry.classId).update(entry.stateBits);
  if (!isRoot) hash.update(entry.createdAt).update(entry.modifiedAt);
}

/** By the bytes of the raw names, the shorter first: not the order of the directory's tree. */
function sortedChildren(node: OleNode, isRoot: boolean): readonly OleNode[] {
  return node.children
    .filter(({ entry }) => !(isRoot && (entry.name === SIGNATURE_STREAM || entry.name === EXTENDED_STREAM)))
    .sort((a, b) => Buffer.compare(a.entry.rawName, b.entry.rawName));
}

async function readBounded(file: CompoundFile, name: string, maximum: number): Promise<Buffer | undefined> {
  const entry = rootStream(file, name);
  if (entry === undefined) return undefined;
  if (entry.sizeBytes > maximum) {
    throw new ArtifactError("artifact.over-limit", "MSI: its signature is larger than any signer writes", {
      facts: { sizeBytes: entry.sizeBytes },
    });
  }
  return readStream(file, entry);
}
