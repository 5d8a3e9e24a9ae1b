/**
 * What may stand before a member and overrides its header: pax records, and GNU's long names.
 * Sources: POSIX.1-2024 pax "pax Header Block"; GNU tar manual, "Extensions".
 * @module
 */

import { ArtifactError } from "@sallyport/core";
import { readText } from "./header.ts";
import type { Sparse } from "./sparse.ts";
import { SparseRecords } from "./sparse-pax.ts";

/** Larger ones exist in theory only; readers have limits of the same order. */
export const LONGEST_EXTENSION_BYTES = 1024 * 1024;

export interface Overrides {
  readonly name?: string;
  readonly linkTarget?: string;
  readonly sizeBytes?: number;
  /** Seconds since 1970, with what stands behind the point. */
  readonly modifiedSeconds?: number;
  /** Hex of the extended attribute that Linux keeps them in. */
  readonly capabilities?: string;
  /** What the member is called by readers that do not know of sparse files. */
  readonly plainName?: string;
  readonly sparse?: Sparse;
}

/**
 * @param lie - told what two readers would understand differently
 * @throws {@link ArtifactError} `artifact.malformed`
 */
export function parsePax(bytes: Buffer, lie: (because: string) => void): Overrides {
  const records = new Map<string, Buffer>();
  const sparseRecords = new SparseRecords(lie);
  for (let at = 0; at < bytes.length; ) {
    const record = readRecord(bytes, at);
    if (SIGNIFICANT.has(record.key)) {
      if (records.has(record.key)) lie(`gives ${record.key} twice in one extended header`);
      if (record.value.includes(0)) lie(`has a zero byte in its extended ${record.key}`);
      records.set(record.key, record.value);
    } else if (INFORMATIVE.has(record.key)) records.set(record.key, record.value);
    else sparseRecords.add(record.key, record.value);
    at += record.lengthBytes;
  }
  const plain = records.get("path");
  const path = records.get("GNU.sparse.name") ?? plain;
  const linkTarget = records.get("linkpath");
  const size = records.get("size");
  const modified = records.get("mtime");
  const capabilities = records.get("SCHILY.xattr.security.capability");
  const sparse = sparseRecords.finish();
  return {
    ...(path && { name: readText(path) }),
    ...(linkTarget && { linkTarget: readText(linkTarget) }),
    ...(size && { sizeBytes: readDecimal(size) }),
    ...(plain && path !== plain && { plainName: readText(plain) }),
    ...(modified && readSeconds(modified)),
    ...(capabilities && { capabilities: capabilities.toString("hex") }),
    ...(sparse && { sparse }),
  };
}

const SIGNIFICANT: ReadonlySet<string> = new Set(["path", "linkpath", "size", "GNU.sparse.name"]);

/** Nothing is opened or named by them: of one that comes twice the last counts. */
const INFORMATIVE: ReadonlySet<string> = new Set(["mtime", "SCHILY.xattr.security.capability"]);

/** @returns the text of GNU's `L` and `K` entries */
export function parseLongText(bytes: Buffer, lie: (because: string) => void): string {
  const end = bytes.indexOf(0);
  if (end >= 0 && bytes.subarray(end).some((byte) => byte !== 0))
    lie("has bytes behind the end of its long name");
  return readText(bytes);
}

/** `"%d %s=%s\n", length, key, value`: the length counts itself and the newline. */
function readRecord(bytes: Buffer, at: number): { key: string; value: Buffer; lengthBytes: number } {
  const space = bytes.subarray(at, at + 8).indexOf(0x20);
  const digits = space < 0 ? "" : bytes.toString("latin1", at, at + space);
  const lengthBytes = /^[1-9][0-9]*$/.test(digits) ? Number(digits) : 0;
  const end = at + lengthBytes;
  const equals = bytes.subarray(at, end).indexOf(0x3d);
  if (end > bytes.length || equals <= space + 1 || bytes[end - 1] !== 0x0a)
    throw new ArtifactError("artifact.malformed", "tar: an extended header is damaged");
  return {
    key: bytes.toString("utf8", at + space + 1, at + equals),
    value: bytes.subarray(at + equals + 1, end - 1),
    lengthBytes,
  };
}

/** A time that is none says nothing. */
function readSeconds(value: Buffer): { readonly modifiedSeconds?: number } {
  const text = value.toString("latin1");
  return /^\d{1,12}(?:\.\d{0,20})?$/.test(text) ? { modifiedSeconds: Number(text) } : {};
}

function readDecimal(value: Buffer): number {
  const text = value.toString("latin1");
  const number = /^[0-9]{1,16}$/.test(text) ? Number(text) : Number.NaN;
  if (!Number.isSafeInteger(number))
    throw new ArtifactError("artifact.malformed", "tar: an extended header gives an impossible size");
  return number;
}
