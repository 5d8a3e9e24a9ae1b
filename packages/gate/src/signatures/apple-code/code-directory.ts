/**
 * A CodeDirectory: the hash of every page of the code, and of what belongs to it. All numbers are big-endian.
 * Source: Apple, xnu, osfmk/kern/cs_blobs.h, `CS_CodeDirectory`; TN3126.
 * @module
 */

import { createHash } from "node:crypto";
import { ArtifactError } from "@sallyport/core";
import type { DigestName } from "../../cms/algorithm.ts";

export interface CodeDirectory {
  /** The whole blob. */
  readonly bytes: Buffer;
  readonly version: number;
  readonly flags: number;
  readonly digest: DigestName;
  readonly hashBytes: number;
  /** End of what the pages cover, from the start of the code. */
  readonly codeLimitBytes: number;
  /** All of it is one page when this is 0. */
  readonly pageBytes: number;
  readonly pageCount: number;
  readonly specialCount: number;
  /** Of page 0; special hashes stand before it. */
  readonly hashOffsetBytes: number;
  /** Not 0 for parts of the operating system. */
  readonly platform: number;
  readonly identifier: string;
  readonly teamIdentifier: string | undefined;
  /** As `10.15.0`; of the SDK whose rules a hardened runtime follows. */
  readonly runtimeVersion: string | undefined;
}

export const FLAG = {
  adHoc: 0x2,
  forceHard: 0x100,
  forceKill: 0x200,
  restrict: 0x800,
  enforcement: 0x1000,
  libraryValidation: 0x2000,
  runtime: 0x1_0000,
  linkerSigned: 0x2_0000,
} as const;

const MAGIC = 0xfade0c02;
const MIN_BYTES = 44;
/** The oldest the kernel reads, and the first that is not compatible. */
const FIRST_VERSION = 0x2_0001;
const NEXT_VERSION = 0x3_0000;
const WITH_SCATTER = 0x2_0100;
const WITH_TEAM = 0x2_0200;
const WITH_LONG_LIMIT = 0x2_0300;
const WITH_RUNTIME = 0x2_0500;

/** CS_HASHTYPE_*. Number 3 is SHA-256 cut to 20 bytes. */
const HASHES: ReadonlyMap<number, readonly [DigestName, number]> = new Map([
  [1, ["sha1", 20]],
  [2, ["sha256", 32]],
  [3, ["sha256", 20]],
  [4, ["sha384", 48]],
  [5, ["sha512", 64]],
]);

/** @throws {@link ArtifactError} `artifact.malformed`, `artifact.truncated`, `artifact.unsupported` */
export function readCodeDirectory(bytes: Buffer): CodeDirectory {
  if (bytes.length < MIN_BYTES) throw new ArtifactError("artifact.truncated", "CodeDirectory: cut short");
  if (bytes.readUInt32BE(0) !== MAGIC) throw malformed("it does not begin with its mark");
  const version = bytes.readUInt32BE(8);
  if (version < FIRST_VERSION || version >= NEXT_VERSION)
    throw new ArtifactError("artifact.unsupported", `CodeDirectory: version ${version.toString(16)}`);
  const hash = HASHES.get(bytes.readUInt8(37));
  if (hash === undefined)
    throw new ArtifactError("artifact.unsupported", `CodeDirectory: digest number ${bytes.readUInt8(37)}`);
  const [digest, hashBytes] = hash;
  if (bytes.readUInt8(36) !== hashBytes) throw malformed("its hashes have another size than their kind");
  const directory = {
    bytes,
    version,
    flags: bytes.readUInt32BE(12),
    digest,
    hashBytes,
    codeLimitBytes: readLimit(bytes, version),
    pageBytes: readPageSize(bytes.readUInt8(39)),
    pageCount: bytes.readUInt32BE(28),
    specialCount: bytes.readUInt32BE(24),
    hashOffsetBytes: bytes.readUInt32BE(16),
    platform: bytes.readUInt8(38),
    identifier: readText(bytes, bytes.readUInt32BE(20)),
    teamIdentifier: readOptionalText(bytes, version >= WITH_TEAM ? wordAt(bytes, 48) : 0),
    runtimeVersion: version >= WITH_RUNTIME ? versionText(wordAt(bytes, 88)) : undefined,
  };
  if (version >= WITH_SCATTER && wordAt(bytes, 44) !== 0)
    throw new ArtifactError("artifact.unsupported", "CodeDirectory: its pages are scattered");
  judgeHashes(directory);
  return directory;
}

/** The hashes must be in it, and as many as there are pages. */
function judgeHashes(directory: CodeDirectory): void {
  const { bytes, hashBytes, hashOffsetBytes, pageCount, specialCount, codeLimitBytes, pageBytes } = directory;
  const first = hashOffsetBytes - specialCount * hashBytes;
  if (first < MIN_BYTES || hashOffsetBytes + pageCount * hashBytes > bytes.length)
    throw malformed("its hashes are not in it");
  const expected = pageBytes === 0 ? 1 : Math.ceil(codeLimitBytes / pageBytes);
  if (pageCount !== expected) throw malformed(`it has ${pageCount} page hashes for ${expected} pages`);
}

export const pageHash = ({ bytes, hashBytes, hashOffsetBytes }: CodeDirectory, page: number): Buffer =>
  bytes.subarray(hashOffsetBytes + page * hashBytes, hashOffsetBytes + (page + 1) * hashBytes);

/** @returns undefined when the directory has no hash for the slot, or one of zeros, which means the same */
export function specialHash(directory: CodeDirectory, slot: number): Buffer | undefined {
  if (slot > directory.specialCount) return undefined;
  const hash = pageHash(directory, -slot);
  return hash.every((byte) => byte === 0) ? undefined : hash;
}

/** The hash of something as this directory would hold it. */
export const hashFor = ({ digest, hashBytes }: CodeDirectory, bytes: Uint8Array): Buffer =>
  createHash(digest).update(bytes).digest().subarray(0, hashBytes);

/** What the system calls the code by: the first 20 bytes of the directory's own hash. */
export const codeHash = ({ digest, bytes }: CodeDirectory): Buffer =>
  createHash(digest).update(bytes).digest().subarray(0, 20);

function readLimit(bytes: Buffer, version: number): number {
  const short = bytes.readUInt32BE(32);
  if (version < WITH_LONG_LIMIT) return short;
  if (bytes.length < 64) throw malformed("it is shorter than its version says");
  const long = bytes.readBigUInt64BE(56);
  if (long > BigInt(Number.MAX_SAFE_INTEGER)) throw malformed("it covers more than any file holds");
  return long === 0n ? short : Number(long);
}

/** Given as a power of two. Systems use 4 and 16 KiB; disk images, one page. */
function readPageSize(power: number): number {
  if (power === 0) return 0;
  if (power < 9 || power > 24) throw malformed(`pages of 2^${power} bytes`);
  return 2 ** power;
}

function wordAt(bytes: Buffer, offset: number): number {
  if (offset + 4 > bytes.length) throw malformed("it is shorter than its version says");
  return bytes.readUInt32BE(offset);
}

const readOptionalText = (bytes: Buffer, offset: number): string | undefined =>
  offset === 0 ? undefined : readText(bytes, offset);

function readText(bytes: Buffer, offset: number): string {
  const end = offset < MIN_BYTES ? -1 : bytes.indexOf(0, offset);
  if (end < 0) throw malformed("a name is not in it");
  return bytes.toString("utf8", offset, Math.min(end, offset + 1024));
}

const versionText = (packed: number): string | undefined =>
  packed === 0 ? undefined : `${packed >>> 16}.${(packed >>> 8) & 0xff}.${packed & 0xff}`;

const malformed = (what: string): ArtifactError =>
  new ArtifactError("artifact.malformed", `CodeDirectory: ${what}`);
