/** Harmless stand-ins for what an intruder would carry: noise, text, pictures, and programs that nothing runs. @module */

import { createCipheriv } from "node:crypto";
import { crc32, deflateSync } from "node:zlib";
import { buildPeImage } from "@sallyport/gate/replica";

/** The same noise every time, as encrypted bytes look. */
export const noise = (sizeBytes: number): Buffer =>
  createCipheriv("aes-128-ctr", Buffer.alloc(16, 7), Buffer.alloc(16)).update(Buffer.alloc(sizeBytes));

/** A program for Windows that says what it is. @param version - another one gives other bytes of the same size */
export const program = (version = 1): Buffer =>
  buildPeImage({
    content: Buffer.alloc(3_400, `This program stands for a second one, ${version}. It does nothing. `),
  });

export const xor = (bytes: Buffer, key: number): Buffer => Buffer.from(bytes.map((byte) => byte ^ key));

/** A table of ordinary words, as data that a release gains. */
export const words = (sizeBytes: number): Buffer =>
  Buffer.alloc(
    sizeBytes,
    "apple pear plum quince cherry medlar currant gooseberry elder rowan hazel walnut chestnut ",
  );

/** A PNG of 32 times 32 points. Source: W3C, PNG Specification. */
export function picture(text: string): Buffer {
  const rows = Buffer.alloc(32 * 33, `\0${text}`);
  for (let row = 0; row < 32; row += 1) rows[row * 33] = 0;
  const header = Buffer.alloc(13);
  header.writeUInt32BE(32, 0);
  header.writeUInt32BE(32, 4);
  header.set([8, 0, 0, 0, 0], 8);
  const signature = Buffer.from("89504e470d0a1a0a", "hex");
  return Buffer.concat([
    signature,
    chunk("IHDR", header),
    chunk("IDAT", deflateSync(rows)),
    chunk("IEND", Buffer.alloc(0)),
  ]);
}

function chunk(type: string, content: Buffer): Buffer {
  const body = Buffer.concat([Buffer.from(type, "latin1"), content]);
  const length = Buffer.alloc(4);
  length.writeUInt32BE(content.length);
  const checksum = Buffer.alloc(4);
  checksum.writeUInt32BE(crc32(body));
  return Buffer.concat([length, body, checksum]);
}

/** A font of one table of names and one of outlines. Source: Microsoft, OpenType, "Organization of an OpenType Font". */
export function font(outlines: Buffer): Buffer {
  const tables: readonly (readonly [string, Buffer])[] = [
    ["glyf", outlines],
    ["head", Buffer.alloc(54, 1)],
    ["name", Buffer.from("Example Sans Regular, a font that is none")],
  ];
  const header = Buffer.alloc(12 + tables.length * 16);
  header.writeUInt32BE(0x0001_0000, 0);
  header.writeUInt16BE(tables.length, 4);
  let at = header.length;
  for (const [index, [name, bytes]] of tables.entries()) {
    header.write(name, 12 + index * 16, "latin1");
    header.writeUInt32BE(at, 20 + index * 16);
    header.writeUInt32BE(bytes.length, 24 + index * 16);
    at += bytes.length;
  }
  return Buffer.concat([header, ...tables.map(([, bytes]) => bytes)]);
}
