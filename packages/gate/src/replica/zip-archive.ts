/** Writes small zip archives, the same bytes every time. Source: PKWARE APPNOTE 6.3.10 §4.3. @module */

import { crc32, deflateRawSync } from "node:zlib";

export interface ZipMember {
  readonly name: string;
  readonly bytes: Uint8Array;
  /** Deflated unless told otherwise. */
  readonly stored?: boolean;
}

const HEADER = { version: 20, utf8Flag: 0x0800, date: 0x0021 };

/** @returns a whole archive; names are written as UTF-8, times as 1980-01-01 */
export function writeZip(members: readonly ZipMember[]): Buffer {
  const files: Buffer[] = [];
  const directory: Buffer[] = [];
  let offset = 0;
  for (const { name, bytes, stored = false } of members) {
    const rawName = Buffer.from(name, "utf8");
    const packed = stored ? bytes : deflateRawSync(bytes);
    const common = Buffer.alloc(26);
    common.writeUInt16LE(HEADER.version, 0);
    common.writeUInt16LE(HEADER.utf8Flag, 2);
    common.writeUInt16LE(stored ? 0 : 8, 4);
    common.writeUInt16LE(HEADER.date, 8);
    common.writeUInt32LE(crc32(bytes), 10);
    common.writeUInt32LE(packed.length, 14);
    common.writeUInt32LE(bytes.length, 18);
    common.writeUInt16LE(rawName.length, 22);
    const file = Buffer.concat([Buffer.from("PK\x03\x04", "latin1"), common, rawName, packed]);
    const rest = Buffer.alloc(14);
    rest.writeUInt32LE(offset, 10);
    directory.push(Buffer.from("PK\x01\x02\x14\x00", "latin1"), common, rest, rawName);
    files.push(file);
    offset += file.length;
  }
  const listed = Buffer.concat(directory);
  const end = Buffer.alloc(22);
  end.writeUInt32LE(0x06054b50, 0);
  end.writeUInt16LE(members.length, 8);
  end.writeUInt16LE(members.length, 10);
  end.writeUInt32LE(listed.length, 12);
  end.writeUInt32LE(offset, 16);
  return Buffer.concat([...files, listed, end]);
}
