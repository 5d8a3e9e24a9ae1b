/** Files that carry something, built for tests. @module */

import { crc32 } from "node:zlib";

/** A Windows program that does nothing: headers as Microsoft, PE Format asks, and one empty section. */
export function smallPe(): Buffer {
  const bytes = Buffer.alloc(1024);
  Buffer.from("4d5a90000300000004000000ffff0000b800000000000000400000", "hex").copy(bytes);
  bytes.writeUInt32LE(0x80, 0x3c);
  bytes.write("PE\0\0", 0x80, "latin1");
  bytes.writeUInt16LE(0x8664, 0x84);
  bytes.writeUInt16LE(1, 0x86);
  bytes.writeUInt16LE(240, 0x94);
  bytes.writeUInt16LE(0x22, 0x96);
  const optional = 0x98;
  bytes.writeUInt16LE(0x20b, optional);
  bytes.writeUInt32LE(0x1000, optional + 32);
  bytes.writeUInt32LE(0x200, optional + 36);
  bytes.writeUInt32LE(0x2000, optional + 56);
  bytes.writeUInt16LE(3, optional + 68);
  return bytes;
}

/** The header of a 64-bit program for x86-64 without any segments. */
export function smallElf(machine = 62): Buffer {
  const bytes = Buffer.alloc(256);
  Buffer.from("7f454c46020101", "hex").copy(bytes);
  bytes.writeUInt16LE(2, 16);
  bytes.writeUInt16LE(machine, 18);
  bytes.writeUInt32LE(1, 20);
  bytes.writeUInt16LE(64, 52);
  return bytes;
}

export function smallMachO(): Buffer {
  const bytes = Buffer.alloc(256);
  bytes.writeUInt32LE(0xfeedfacf, 0);
  bytes.writeUInt32LE(0x01000007, 4);
  bytes.writeUInt32LE(3, 8);
  bytes.writeUInt32LE(2, 12);
  bytes.writeUInt32LE(1, 16);
  bytes.writeUInt32LE(72, 20);
  return bytes;
}

function chunk(type: string, data: Uint8Array): Buffer {
  const body = Buffer.concat([Buffer.from(type), data]);
  const frame = Buffer.alloc(8);
  frame.writeUInt32BE(data.length, 0);
  frame.writeUInt32BE(crc32(body), 4);
  return Buffer.concat([frame.subarray(0, 4), body, frame.subarray(4)]);
}

export const smallPng = (text = "made for a test"): Buffer =>
  Buffer.concat([
    Buffer.from("89504e470d0a1a0a", "hex"),
    chunk("IHDR", Buffer.from("00000001000000010806000000", "hex")),
    chunk("tEXt", Buffer.from(`Comment\0${text}`)),
    chunk("IEND", Buffer.alloc(0)),
  ]);

/** @param data - of a scan; its 0xff bytes must be stuffed */
export const smallJpeg = (data = Buffer.from("00ff00ffd012", "hex")): Buffer =>
  Buffer.concat([
    Buffer.from("ffd8ffe000104a46494600010100000100010000", "hex"),
    Buffer.from("ffda0008010100003f00", "hex"),
    data,
    Buffer.from("ffd9", "hex"),
  ]);

export const smallGif = (): Buffer =>
  Buffer.from(
    "47494638396101000100800000000000ffffff21f90400000000002c00000000010001000002024401003b",
    "hex",
  );

export function smallIcon(): Buffer {
  const bytes = Buffer.alloc(6 + 16 + 64, 1);
  Buffer.from("000001000100", "hex").copy(bytes);
  bytes.writeUInt32LE(64, 6 + 8);
  bytes.writeUInt32LE(22, 6 + 12);
  return bytes;
}

export function smallWave(samples = 64): Buffer {
  const bytes = Buffer.alloc(44 + samples);
  bytes.write("RIFF", 0);
  bytes.writeUInt32LE(36 + samples, 4);
  bytes.write("WAVEfmt ", 8);
  bytes.write("data", 36);
  bytes.writeUInt32LE(samples, 40);
  return bytes;
}

/** One table of the given bytes. */
export function smallFont(table: Uint8Array = Buffer.alloc(400, "glyf outlines")): Buffer {
  const bytes = Buffer.alloc(28 + Math.ceil(table.length / 4) * 4);
  bytes.writeUInt32BE(0x00010000, 0);
  bytes.writeUInt16BE(1, 4);
  bytes.write("glyf", 12);
  bytes.writeUInt32BE(28, 20);
  bytes.writeUInt32BE(table.length, 24);
  bytes.set(table, 28);
  return bytes;
}

export function smallWoff(signature: "wOFF" | "wOF2"): Buffer {
  const bytes = Buffer.alloc(200, 3);
  bytes.write(signature, 0);
  bytes.writeUInt32BE(bytes.length, 8);
  return bytes;
}

export function smallBitmap(pixels: Uint8Array = Buffer.alloc(4096, "pixel")): Buffer {
  const head = Buffer.alloc(54);
  head.write("BM", 0);
  head.writeUInt32LE(54 + pixels.length, 2);
  head.writeUInt32LE(54, 10);
  head.writeUInt32LE(40, 14);
  return Buffer.concat([head, pixels]);
}
