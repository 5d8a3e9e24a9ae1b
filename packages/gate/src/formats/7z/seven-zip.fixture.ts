/** Writes small 7z archives without compression, honest or not. Source: 7-Zip 24.09, `DOC/7zFormat.txt`. @module */

import { crc32 } from "node:zlib";

export interface SevenZipFile {
  readonly name: string;
  readonly content: Buffer;
  /** Unix mode, put where 7-Zip puts it. */
  readonly mode?: number;
  /** Of Windows; that of a folder is 0x10. */
  readonly attributes?: number;
  /** Otherwise the real one. */
  readonly claimedBytes?: number;
}

/** Identifiers of §Property IDs. */
const ID = {
  end: 0,
  header: 1,
  mainStreams: 4,
  files: 5,
  packs: 6,
  unpacks: 7,
  subStreams: 8,
  size: 9,
  crc: 10,
  folder: 11,
  unpackSize: 12,
  streamCount: 13,
  names: 17,
  attributes: 21,
};
const COPY = Buffer.from([1, 1, 0]);

/**
 * @param packed.coder - of the one folder, as its document writes it; Copy otherwise
 * @param packed.before - bytes in front of the packed ones, which no file claims
 */
export function writeSevenZip(
  files: readonly SevenZipFile[],
  packed?: { coder?: Buffer; data?: Buffer; before?: Buffer },
): Buffer {
  const before = packed?.before ?? Buffer.alloc(0);
  const whole = Buffer.concat(files.map(({ content }) => content));
  const data = packed?.data ?? whole;
  const sizes = files.map(({ content, claimedBytes }) => claimedBytes ?? content.length);
  const total = sizes.reduce((sum, size) => sum + size, 0);
  const header = Buffer.concat([
    Buffer.from([ID.header, ID.mainStreams]),
    Buffer.from([ID.packs]),
    number(before.length),
    number(1),
    Buffer.from([ID.size]),
    number(data.length),
    Buffer.from([ID.end, ID.unpacks, ID.folder, 1, 0]),
    packed?.coder ?? COPY,
    Buffer.from([ID.unpackSize]),
    number(total),
    Buffer.from([ID.end, ID.subStreams, ID.streamCount]),
    number(files.length),
    ...(files.length > 1 ? [Buffer.from([ID.size]), ...sizes.slice(0, -1).map(number)] : []),
    Buffer.from([ID.crc, 1]),
    ...files.map(({ content }) => fixed(crc32(content))),
    Buffer.from([ID.end, ID.end, ID.files]),
    number(files.length),
    property(ID.names, Buffer.concat(files.map(({ name }) => Buffer.from(`${name}\0`, "utf16le"))), [0]),
    property(
      ID.attributes,
      Buffer.concat(
        files.map(({ mode = 0o100644, attributes = 0x8020 }) => fixed(attributes + mode * 2 ** 16)),
      ),
      [1, 0],
    ),
    Buffer.from([ID.end, ID.end]),
  ]);
  return Buffer.concat([startHeader(before.length + data.length, header), before, data, header]);
}

function startHeader(dataBytes: number, header: Buffer): Buffer {
  const start = Buffer.alloc(20);
  start.writeBigUInt64LE(BigInt(dataBytes), 0);
  start.writeBigUInt64LE(BigInt(header.length), 8);
  start.writeUInt32LE(crc32(header), 16);
  return Buffer.concat([Buffer.from("7z\xbc\xaf\x27\x1c\0\x04", "latin1"), fixed(crc32(start)), start]);
}

const property = (id: number, bytes: Buffer, before: readonly number[]): Buffer =>
  Buffer.concat([Buffer.from([id]), number(bytes.length + before.length), Buffer.from(before), bytes]);

function fixed(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32LE(value >>> 0);
  return bytes;
}

/** §UINT64; all of them in their longest form. */
function number(value: number): Buffer {
  const bytes = Buffer.alloc(9, 0xff);
  bytes.writeBigUInt64LE(BigInt(value), 1);
  return bytes;
}
