/**
 * ASCII armour. What stands around the blocks is ignored: published key files explain themselves there. Clear-signed
 * text is read elsewhere. Source: RFC 9580 §6.
 * @module
 */

import { ArtifactError } from "@sallyport/core";

export interface ArmourBlock {
  /** `PGP SIGNATURE`, `PGP PUBLIC KEY BLOCK`. */
  readonly label: string;
  readonly bytes: Buffer;
}

/** Editors on Windows put it in front of what they save. */
const BYTE_ORDER_MARK = /^\u00ef\u00bb\u00bf/;
const BEGIN = /^-----BEGIN (PGP [A-Z ]{1,40})-----$/;
const HEADER = /^[A-Za-z][A-Za-z-]{0,40}: ?/;
const CHECKSUM = /^=[A-Za-z0-9+/]{4}$/;
const BASE64 = /^[A-Za-z0-9+/]*={0,2}$/;

/** True when the bytes hold an armour header line at all. */
export const isArmoured = (bytes: Buffer): boolean => bytes.includes("-----BEGIN PGP ");

/**
 * Every block of a text.
 * @throws {@link ArtifactError} `artifact.malformed`, `artifact.truncated`
 */
export function readArmour(bytes: Buffer): ArmourBlock[] {
  const lines = bytes
    .toString("latin1")
    .replace(BYTE_ORDER_MARK, "")
    .split("\n")
    .map((line) => line.trimEnd());
  const blocks: ArmourBlock[] = [];
  for (let at = 0; at < lines.length; at += 1) {
    const label = BEGIN.exec(lines[at] ?? "")?.[1];
    if (label === undefined) continue;
    const end = lines.indexOf(`-----END ${label}-----`, at + 1);
    if (end < 0) throw new ArtifactError("artifact.truncated", "OpenPGP: the armour has no last line");
    blocks.push({ label, bytes: decodeBlock(lines.slice(at + 1, end)) });
    at = end;
  }
  return blocks;
}

function decodeBlock(lines: readonly string[]): Buffer {
  // §6.2: headers, an empty line, the data. Writers without headers have left out the empty line as well.
  let at = 0;
  while (HEADER.test(lines[at] ?? "")) at += 1;
  while (lines[at] === "") at += 1;
  const data = lines.slice(at).filter((line) => line !== "");
  const last = data.at(-1) ?? "";
  const checksum = CHECKSUM.test(last) ? last : undefined;
  const text = (checksum === undefined ? data : data.slice(0, -1)).join("");
  if (!BASE64.test(text) || text.length % 4 !== 0) throw malformed("the armour is not base64");
  const bytes = Buffer.from(text, "base64");
  // §6.1 makes it optional. Where it is given and wrong, the block is damaged, and saying so helps.
  if (checksum !== undefined && Buffer.from(checksum.slice(1), "base64").readUIntBE(0, 3) !== crc24(bytes))
    throw malformed("the armour does not have its checksum");
  return bytes;
}

/** §6.1.1 */
function crc24(bytes: Buffer): number {
  let crc = 0xb704ce;
  for (const byte of bytes) {
    crc ^= byte << 16;
    for (let bit = 0; bit < 8; bit += 1) {
      crc <<= 1;
      if ((crc & 0x1000000) !== 0) crc ^= 0x1864cfb;
    }
  }
  return crc & 0xffffff;
}

const malformed = (message: string): ArtifactError =>
  new ArtifactError("artifact.malformed", `OpenPGP: ${message}`);
