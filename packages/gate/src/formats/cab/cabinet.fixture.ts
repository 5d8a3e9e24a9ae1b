/** Cabinets out of ready-made blocks, for tests. Source: [MS-CAB] §2. */

import { ArtifactError } from "@sallyport/core";
import { contentOf, recordingContext, sourceOf, testBudget } from "@sallyport/testkit";
import { blockChecksum } from "./checksum.ts";
import { cab } from "./index.ts";

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

export const FRAME_BYTES = 32_768;

/** The same bytes in every run: compressible, with calls and repeats. */
export function filling(length: number): Buffer {
  const bytes = Buffer.alloc(length);
  let seed = 1;
  for (let at = 0; at < length; at += 1) {
    seed = (Math.imul(seed, 1_103_515_245) + 12_345) & 0x7fffffff;
    bytes[at] = at % 97 === 0 ? 0xe8 : at > 300 && seed % 4 !== 0 ? (bytes[at - 291] ?? 0) : seed >>> 16;
  }
  return bytes;
}

export async function openCabinet(bytes: Uint8Array, budget = testBudget()) {
  const { context, findings } = recordingContext(budget);
  const members = new Map<string, Buffer | string>();
  for await (const member of cab.open?.(sourceOf(bytes), context) ?? []) {
    try {
      members.set(member.name, await contentOf(member));
    } catch (error) {
      if (!(error instanceof ArtifactError)) throw error;
      members.set(member.name, error.code);
    }
  }
  return { members, findings };
}

export const lzxFolder = (content: Buffer, windowBits: number, frames: Buffer[]): RawFolder => ({
  type: 3 | (windowBits << 8),
  blocks: frames.map((packed, index) => ({
    packed,
    unpackedBytes: Math.min(FRAME_BYTES, content.length - index * FRAME_BYTES),
  })),
});

export const fileOf = (content: Buffer, name = "a.bin") => ({
  name,
  sizeBytes: content.length,
  offset: 0,
  folder: 0,
});
