/**
 * Puts a signature into an installer. The digest to sign is `msiDigest` of the installer without it.
 * Source: the streams that signtool and osslsigncode write; see `signatures/authenticode/msi-digest.ts`.
 * @module
 */

import { MemorySource } from "@sallyport/core";
import { type CompoundFile, openCompoundFile, readStream } from "../formats/ole/compound-file.ts";
import type { DirectoryEntry, OleNode } from "../formats/ole/directory.ts";
import { EXTENDED_STREAM, SIGNATURE_STREAM } from "../signatures/authenticode/msi-digest.ts";
import {
  type CompoundChild,
  type EntryMetadata,
  type StorageContent,
  writeCompoundFile,
} from "./compound-file.ts";

/**
 * @param msi - an installer, signed or not; a signature it has is replaced
 * @param signature.extended - the pre-hash, when the signed digest was computed with it
 */
export async function withMsiSignature(
  msi: Uint8Array,
  signature: { readonly pkcs7: Uint8Array; readonly extended?: Uint8Array },
): Promise<Buffer> {
  const file = await openCompoundFile(new MemorySource(msi));
  const root = await copyStorage(file, file.directory.root);
  const children = root.children.filter(({ name }) => name !== SIGNATURE_STREAM && name !== EXTENDED_STREAM);
  children.push({ name: SIGNATURE_STREAM, content: signature.pkcs7 });
  if (signature.extended !== undefined) children.push({ name: EXTENDED_STREAM, content: signature.extended });
  return writeCompoundFile({ ...root, children });
}

async function copyStorage(file: CompoundFile, node: OleNode): Promise<StorageContent> {
  const children: CompoundChild[] = [];
  for (const child of node.children) {
    const content =
      child.entry.kind === "storage" ? await copyStorage(file, child) : await readStream(file, child.entry);
    children.push({ name: child.entry.name, content, metadata: metadataOf(child.entry) });
  }
  return { classId: node.entry.classId, children, metadata: metadataOf(node.entry) };
}

const metadataOf = ({ stateBits, createdAt, modifiedAt }: DirectoryEntry): EntryMetadata => ({
  stateBits,
  createdAt,
  modifiedAt,
});
