/** Writes small RAR archives without compression, honest or not. Sources: RAR 5.0 archive format; technote.txt of RAR 4. @module */

import { crc32 } from "node:zlib";

export interface RarFile {
  readonly name: string;
  readonly content: Buffer;
  /** Otherwise the real one. */
  readonly claimedBytes?: number;
  readonly checksum?: number;
  /** RAR 5 only: a symbolic link of Unix to this. */
  readonly linkTarget?: string;
}

export function writeRar5(files: readonly RarFile[]): Buffer {
  const blocks = files.map((file) => Buffer.concat([fileBlock5(file), file.content]));
  return Buffer.concat([
    Buffer.from("Rar!\x1a\x07\x01\0", "latin1"),
    block5([1, 0, 0].map(number)),
    ...blocks,
    block5([5, 0, 0].map(number)),
  ]);
}

function fileBlock5({ name, content, claimedBytes, checksum, linkTarget }: RarFile): Buffer {
  const link = linkTarget === undefined ? undefined : [5, 1, 0, Buffer.byteLength(linkTarget)].map(number);
  const record = link && Buffer.concat([...link, Buffer.from(linkTarget ?? "")]);
  const extra = record === undefined ? undefined : Buffer.concat([number(record.length), record]);
  return block5([
    number(2),
    number(extra === undefined ? 2 : 3),
    ...(extra === undefined ? [] : [number(extra.length)]),
    number(content.length),
    number(4),
    number(claimedBytes ?? content.length),
    number(0o100644),
    fixed(checksum ?? crc32(content)),
    number(0),
    number(1),
    number(Buffer.byteLength(name)),
    Buffer.from(name),
    ...(extra === undefined ? [] : [extra]),
  ]);
}

function block5(fields: readonly Buffer[]): Buffer {
  const body = Buffer.concat(fields);
  const sized = Buffer.concat([number(body.length), body]);
  return Buffer.concat([fixed(crc32(sized)), sized]);
}

export function writeRar4(files: readonly RarFile[]): Buffer {
  return Buffer.concat([
    Buffer.from("Rar!\x1a\x07\0", "latin1"),
    block4(0x73, 0, Buffer.alloc(6)),
    ...files.flatMap((file) => [fileBlock4(file), file.content]),
    block4(0x7b, 0x4000, Buffer.alloc(0)),
  ]);
}

function fileBlock4({ name, content, claimedBytes, checksum }: RarFile): Buffer {
  const body = Buffer.alloc(25);
  body.writeUInt32LE(content.length, 0);
  body.writeUInt32LE(claimedBytes ?? content.length, 4);
  body.writeUInt8(3, 8);
  body.writeUInt32LE(checksum ?? crc32(content), 9);
  body.writeUInt32LE(0x5821_0000, 13);
  body.writeUInt8(20, 17);
  body.writeUInt8(0x30, 18);
  body.writeUInt16LE(Buffer.byteLength(name), 19);
  body.writeUInt32LE(0o100644, 21);
  return block4(0x74, 0x8000, Buffer.concat([body, Buffer.from(name)]));
}

function block4(type: number, flags: number, body: Buffer): Buffer {
  const head = Buffer.alloc(7);
  head.writeUInt8(type, 2);
  head.writeUInt16LE(flags, 3);
  head.writeUInt16LE(head.length + body.length, 5);
  const block = Buffer.concat([head, body]);
  block.writeUInt16LE(crc32(block.subarray(2)) & 0xffff, 0);
  return block;
}

/** §vint: seven bits a byte. */
function number(value: number): Buffer {
  const bytes: number[] = [];
  let rest = value;
  for (; rest >= 0x80; rest = Math.floor(rest / 0x80)) bytes.push((rest % 0x80) | 0x80);
  return Buffer.from([...bytes, rest]);
}

function fixed(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32LE(value >>> 0);
  return bytes;
}
