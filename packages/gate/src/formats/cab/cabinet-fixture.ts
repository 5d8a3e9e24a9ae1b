/** Cabinets out of ready-made blocks, for tests. Source: [MS-CAB] §2. */

import { blockChecksum } from "./checksum.ts";

export interface RawFolder {
  /** typeCompress: 1 MSZIP, 2 Quantum, 3 + 0x100 × window bits LZX. */
  readonly type: number;
  readonly blocks: readonly { readonly packed: Buffer; readonly unpackedBytes: number }[];
}

export interface RawFile {
  readonly name: string;
  readonly sizeBytes: number;
  readonly offset: number;
  readonly folder: number;
}

export function buildCabinet(folders: readonly RawFolder[], files: readonly RawFile[]): Buffer {
  const table = Buffer.concat(files.map(writeFile));
  const header = Buffer.alloc(36 + folders.length * 8);
  header.write("MSCF", "latin1");
  header.writeUInt32LE(header.length, 16);
  header.writeUInt16LE(0x0103, 24);
  header.writeUInt16LE(folders.length, 26);
  header.writeUInt16LE(files.length, 28);
  let end = header.length + table.length;
  const data: Buffer[] = [];
  for (const [index, { type, blocks }] of folders.entries()) {
    header.writeUInt32LE(end, 36 + index * 8);
    header.writeUInt16LE(blocks.length, 40 + index * 8);
    header.writeUInt16LE(type, 42 + index * 8);
    for (const { packed, unpackedBytes } of blocks) {
      const block = Buffer.alloc(8);
      block.writeUInt16LE(packed.length, 4);
      block.writeUInt16LE(unpackedBytes, 6);
      block.writeUInt32LE(blockChecksum(block.subarray(4), blockChecksum(packed, 0)), 0);
      data.push(block, packed);
      end += 8 + packed.length;
    }
  }
  header.writeUInt32LE(end, 8);
  return Buffer.concat([header, table, ...data]);
}

function writeFile({ name, sizeBytes, offset, folder }: RawFile): Buffer {
  const entry = Buffer.alloc(16);
  entry.writeUInt32LE(sizeBytes, 0);
  entry.writeUInt32LE(offset, 4);
  entry.writeUInt16LE(folder, 8);
  entry.writeUInt16LE(0x20, 14);
  return Buffer.concat([entry, Buffer.from(`${name}\0`, "latin1")]);
}
