/** The header of a gzip member. Source: RFC 1952 §2.3. @module */

import { crc32 } from "node:zlib";
import { ArtifactError } from "@sallyport/core";
import type { FrontReader } from "../front-reader.ts";

const FIXED_BYTES = 10;
const LONGEST_TEXT_BYTES = 64 * 1024;
const FLAG = { headerChecksum: 2, extra: 4, name: 8, comment: 16, reserved: 0xe0 } as const;

/**
 * @returns the name the file had, when the header gives one
 * @throws {@link ArtifactError} `artifact.truncated`, `artifact.malformed`, `artifact.over-limit` for endless texts
 */
export async function readHeader(reader: FrontReader): Promise<string | undefined> {
  const fixed = await reader.exactly(FIXED_BYTES, "gzip: header");
  const flags = fixed.readUInt8(3);
  if (fixed.readUIntBE(0, 3) !== 0x1f8b08)
    throw new ArtifactError("artifact.malformed", "gzip: this is no deflated member");
  // §2.3.1.2: an unknown bit may add a field that would be taken for data.
  if ((flags & FLAG.reserved) !== 0)
    throw new ArtifactError("artifact.malformed", "gzip: reserved flags are set");
  const parts = [fixed];
  if ((flags & FLAG.extra) !== 0) {
    const length = await reader.exactly(2, "gzip: header");
    parts.push(length, await reader.exactly(length.readUInt16LE(0), "gzip: header"));
  }
  const text = { mostBytes: LONGEST_TEXT_BYTES, what: "gzip: a text in the header" };
  let name: string | undefined;
  if ((flags & FLAG.name) !== 0) {
    const raw = await reader.through(0, text);
    parts.push(raw);
    name = decodeName(raw.subarray(0, -1));
  }
  if ((flags & FLAG.comment) !== 0) parts.push(await reader.through(0, text));
  if ((flags & FLAG.headerChecksum) !== 0) {
    const checksum = await reader.exactly(2, "gzip: header");
    if (checksum.readUInt16LE(0) !== (crc32(Buffer.concat(parts)) & 0xffff))
      throw new ArtifactError("artifact.malformed", "gzip: the header does not have its checksum");
  }
  return name;
}

/** §2.3.1 says ISO 8859-1; what gzip(1) writes is the name's bytes, UTF-8 on most machines. */
function decodeName(raw: Buffer): string {
  const text = raw.toString("utf8");
  return text.includes("\ufffd") ? raw.toString("latin1") : text;
}
