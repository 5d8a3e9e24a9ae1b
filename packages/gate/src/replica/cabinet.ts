/** Cabinets made in code, and the place a signature needs in them. Source: [MS-CAB] §2, [MS-MCI] §2.1. @module */

import assert from "node:assert/strict";
import { deflateRawSync } from "node:zlib";
import { blockChecksum } from "../formats/cab/checksum.ts";
import { SIGNATURE_RESERVE_BYTES, SIGNATURE_RESERVE_MARK } from "../formats/cab/signature-place.ts";

export interface CabinetContent {
  /** In one folder, in this order. */
  readonly files: readonly { readonly name: string; readonly content: Uint8Array }[];
  readonly compression?: "none" | "mszip";
}

const HEADER_BYTES = 36;
const FOLDER_BYTES = 8;
const BLOCK_BYTES = 32_768;
/** Bytes a signer adds to the header: the sizes of the reserves, and the reserve. */
const ADDED_BYTES = 4 + SIGNATURE_RESERVE_BYTES;
const RESERVE_FLAG = 4;

/** Writes a cabinet of one folder. */
export function writeCabinet({ files, compression = "mszip" }: CabinetContent): Buffer {
  const content = Buffer.concat(files.map((file) => file.content));
  const blocks = writeBlocks(content, compression);
  const table = writeFileTable(files);
  const header = Buffer.alloc(HEADER_BYTES + FOLDER_BYTES);
  const dataOffset = header.length + table.length;
  header.write("MSCF", "latin1");
  header.writeUInt32LE(dataOffset + blocks.reduce((sum, block) => sum + block.length, 0), 8);
  header.writeUInt32LE(header.length, 16);
  header.writeUInt16LE(0x0103, 24);
  header.writeUInt16LE(1, 26);
  header.writeUInt16LE(files.length, 28);
  header.writeUInt32LE(dataOffset, HEADER_BYTES);
  header.writeUInt16LE(blocks.length, HEADER_BYTES + 4);
  header.writeUInt16LE(compression === "mszip" ? 1 : 0, HEADER_BYTES + 6);
  return Buffer.concat([header, table, ...blocks]);
}

/**
 * Makes room for a signature in the header; the digest is taken over what comes out.
 * @param cabinet - without any reserve
 */
export function withSignaturePlace(cabinet: Buffer): Buffer {
  assert.equal(cabinet.readUInt16LE(30), 0, "a cabinet that has no reserve and belongs to no set");
  const place = Buffer.alloc(ADDED_BYTES);
  place.writeUInt16LE(SIGNATURE_RESERVE_BYTES, 0);
  place.writeUInt32LE(SIGNATURE_RESERVE_MARK, 4);
  place.writeUInt32LE(cabinet.length + ADDED_BYTES, 8);
  const out = Buffer.concat([cabinet.subarray(0, HEADER_BYTES), place, cabinet.subarray(HEADER_BYTES)]);
  out.writeUInt32LE(out.length, 8);
  out.writeUInt32LE(out.readUInt32LE(16) + ADDED_BYTES, 16);
  out.writeUInt16LE(RESERVE_FLAG, 30);
  for (let folder = 0; folder < out.readUInt16LE(26); folder += 1) {
    const at = HEADER_BYTES + ADDED_BYTES + folder * FOLDER_BYTES;
    out.writeUInt32LE(out.readUInt32LE(at) + ADDED_BYTES, at);
  }
  return out;
}

/**
 * Appends a signature, padded to eight bytes as signtool does.
 * @param prepared - what {@link withSignaturePlace} made
 */
export function withCabSignature(prepared: Buffer, pkcs7: Uint8Array): Buffer {
  const padding = Buffer.alloc((8 - (pkcs7.length % 8)) % 8);
  const out = Buffer.concat([prepared, pkcs7, padding]);
  out.writeUInt32LE(pkcs7.length + padding.length, HEADER_BYTES + 12);
  return out;
}

function writeFileTable(files: CabinetContent["files"]): Buffer {
  let offset = 0;
  const entries = files.map(({ name, content }) => {
    const entry = Buffer.alloc(16);
    entry.writeUInt32LE(content.length, 0);
    entry.writeUInt32LE(offset, 4);
    // 1 January 1980, archive flag, and 0x80 for a name in UTF-8.
    entry.writeUInt16LE(0x21, 10);
    entry.writeUInt16LE(0x20 | (/^[ -~]*$/.test(name) ? 0 : 0x80), 14);
    offset += content.length;
    return Buffer.concat([entry, Buffer.from(`${name}\0`, "utf8")]);
  });
  return Buffer.concat(entries);
}

function writeBlocks(content: Buffer, compression: "none" | "mszip"): Buffer[] {
  const blocks: Buffer[] = [];
  for (let at = 0; at < content.length; at += BLOCK_BYTES) {
    const plain = content.subarray(at, at + BLOCK_BYTES);
    const dictionary = content.subarray(Math.max(0, at - BLOCK_BYTES), at);
    const packed = compression === "none" ? plain : packMsZip(plain, dictionary);
    const block = Buffer.alloc(8);
    block.writeUInt16LE(packed.length, 4);
    block.writeUInt16LE(plain.length, 6);
    block.writeUInt32LE(blockChecksum(block.subarray(4), blockChecksum(packed, 0)), 0);
    blocks.push(Buffer.concat([block, packed]));
  }
  return blocks;
}

function packMsZip(plain: Buffer, dictionary: Buffer): Buffer {
  const packed = deflateRawSync(plain, dictionary.length === 0 ? { level: 9 } : { level: 9, dictionary });
  return Buffer.concat([Buffer.from("CK", "latin1"), packed]);
}
