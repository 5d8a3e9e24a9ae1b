/**
 * The signers in a signing block: what each signed, and by which algorithms.
 * Sources: Android, "APK Signature Scheme v2", "v3", "v3.1".
 * @module
 */

import { ArtifactError, type ByteSource, readExactly } from "@sallyport/core";
import type { SigningBlock } from "../../formats/zip/signing-block.ts";
import { BlockReader } from "./block-reader.ts";

/** By the number of the block's value; all but the oldest have versions of Android in them. */
export const SCHEMES: ReadonlyMap<number, string> = new Map([
  [0x7109871a, "2"],
  [0xf05368c0, "3"],
  [0x1b93ad61, "3.1"],
]);

export interface Signer {
  /** `2`, `3`, `3.1`. */
  readonly scheme: string;
  /** What the signatures are over. */
  readonly signedData: Buffer;
  readonly digests: readonly ByAlgorithm[];
  /** DER, that of the signer first. */
  readonly certificates: readonly Buffer[];
  readonly attributes: readonly ByAlgorithm[];
  readonly signatures: readonly ByAlgorithm[];
  /** DER of the SubjectPublicKeyInfo. */
  readonly publicKey: Buffer;
  /** Which versions of Android look at it; undefined for the oldest scheme. */
  readonly versions: { readonly least: number; readonly most: number } | undefined;
  /** The versions stand outside of what is signed as well, and must be the same. */
  readonly versionsAgree: boolean;
}

export interface ByAlgorithm {
  readonly id: number;
  readonly value: Buffer;
}

const MOST_SIGNERS = 10;
const MOST_VALUES = 100;

const MAX_VALUE_BYTES = 4 * 1024 * 1024;

/**
 * Every signer of every scheme in a signing block.
 * @throws {@link ArtifactError} `artifact.malformed`, `artifact.over-limit`
 */
export async function readBlockSigners(source: ByteSource, block: SigningBlock): Promise<readonly Signer[]> {
  const signers: Signer[] = [];
  const seen = new Set<number>();
  for (const { id, valueOffset, valueBytes } of block.pairs) {
    const scheme = SCHEMES.get(id);
    if (scheme === undefined) continue;
    if (seen.has(id)) throw new ArtifactError("artifact.malformed", `apk: scheme ${scheme} is there twice`);
    seen.add(id);
    if (valueBytes > MAX_VALUE_BYTES)
      throw new ArtifactError("artifact.over-limit", "apk: a signature is larger than any signer writes");
    const value = await readExactly(source, valueOffset, valueBytes, "apk: signature");
    const list = readSigners(value, scheme);
    if (list.length === 0)
      throw new ArtifactError("artifact.malformed", `apk: scheme ${scheme} has no signer`);
    signers.push(...list);
  }
  return signers;
}

function readSigners(value: Buffer, scheme: string): readonly Signer[] {
  const reader = new BlockReader(value);
  const signers = reader.values(MOST_SIGNERS).map((signer) => readSigner(signer, scheme));
  reader.expectEnd();
  return signers;
}

function readSigner(bytes: Buffer, scheme: string): Signer {
  const reader = new BlockReader(bytes);
  const signedData = reader.value();
  const outside = scheme === "2" ? undefined : readVersions(reader);
  const signatures = reader.values(MOST_VALUES).map(readPrefixed);
  const publicKey = reader.value();
  reader.expectEnd();
  const inside = new BlockReader(signedData);
  const digests = inside.values(MOST_VALUES).map(readPrefixed);
  const certificates = inside.values(MOST_VALUES);
  const versions = scheme === "2" ? undefined : readVersions(inside);
  const attributes = inside.values(MOST_VALUES).map(readAttribute);
  // Android's own tool writes one more value in the oldest scheme, an empty one.
  if (!inside.ended && inside.value().length > 0)
    throw new ArtifactError("artifact.malformed", "apk: what is signed holds a value too many");
  inside.expectEnd();
  const versionsAgree = outside?.least === versions?.least && outside?.most === versions?.most;
  return {
    scheme,
    signedData,
    digests,
    certificates,
    attributes,
    signatures,
    publicKey,
    versions,
    versionsAgree,
  };
}

function readVersions(reader: BlockReader) {
  return { least: reader.number(), most: reader.number() };
}

function readPrefixed(bytes: Buffer): ByAlgorithm {
  const reader = new BlockReader(bytes);
  const id = reader.number();
  const value = reader.value();
  reader.expectEnd();
  return { id, value };
}

function readAttribute(bytes: Buffer): ByAlgorithm {
  const reader = new BlockReader(bytes);
  return { id: reader.number(), value: reader.rest() };
}
