/** A sparse image: a block of data, two that are empty, a block of data. Source: AOSP, libsparse/sparse_format.h. @module */

const BLOCK_BYTES = 4096;
const [RAW, DONT_CARE] = [0xcac1, 0xcac3];

export function sample(): Buffer {
  const header = Buffer.alloc(28);
  header.writeUInt32LE(0xed26ff3a, 0);
  for (const [index, value] of [1, 0, 28, 12].entries()) header.writeUInt16LE(value, 4 + 2 * index);
  for (const [index, value] of [BLOCK_BYTES, 4, 3].entries()) header.writeUInt32LE(value, 12 + 4 * index);
  return Buffer.concat([
    header,
    chunk(RAW, 1, Buffer.alloc(BLOCK_BYTES, "one ")),
    chunk(DONT_CARE, 2, Buffer.alloc(0)),
    chunk(RAW, 1, Buffer.alloc(BLOCK_BYTES, "two ")),
  ]);
}

function chunk(kind: number, blocks: number, data: Buffer): Buffer {
  const head = Buffer.alloc(12);
  head.writeUInt16LE(kind, 0);
  head.writeUInt32LE(blocks, 4);
  head.writeUInt32LE(head.length + data.length, 8);
  return Buffer.concat([head, data]);
}
