/**
 * The 60-byte header before each member of an ar archive.
 * Sources: ar(5) of FreeBSD 14; GNU binutils, `include/aout/ar.h`; Microsoft PE Format, "Archive Member Headers".
 * @module
 */

import { ArtifactError } from "@sallyport/core";

export const MAGIC = "!<arch>\n";
export const THIN_MAGIC = "!<thin>\n";
export const MAGIC_BYTES = 8;
export const HEADER_BYTES = 60;
const TERMINATOR = "`\n";

export interface Header {
  /** As it stands, without the spaces that fill the field. */
  readonly rawName: string;
  /** Of what follows the header, a BSD name included. */
  readonly sizeBytes: number;
}

export const isHeader = (bytes: Buffer): boolean => bytes.toString("latin1", 58, HEADER_BYTES) === TERMINATOR;

/** @throws {@link ArtifactError} `artifact.malformed` when readers would not agree on the size */
export function parseHeader(bytes: Buffer): Header {
  const digits = /^([0-9]{1,10}) *$/.exec(bytes.toString("latin1", 48, 58))?.[1];
  if (digits === undefined) throw new ArtifactError("artifact.malformed", "ar: a member's size is no number");
  return { rawName: readText(bytes.subarray(0, 16)).trimEnd(), sizeBytes: Number(digits) };
}

/** UTF-8 when it is, else Latin-1, so that no two names become one. */
export function readText(bytes: Buffer): string {
  const text = bytes.toString("utf8");
  return text.includes("\ufffd") ? bytes.toString("latin1") : text;
}
