/** A disk with Apple's partition map and one volume of HFS+. Source: Inside Macintosh: Devices. @module */

import { sample as volume } from "../hfs/sample.fixture.ts";

const BLOCK_BYTES = 512;
const MAP_BLOCKS = 63;

export function sample(): Buffer {
  const data = volume();
  const dataBlocks = data.length / BLOCK_BYTES;
  const drivers = Buffer.alloc(BLOCK_BYTES);
  drivers.write("ER", 0);
  drivers.writeUInt16BE(BLOCK_BYTES, 2);
  drivers.writeUInt32BE(1 + MAP_BLOCKS + dataBlocks, 4);
  const map = Buffer.alloc(MAP_BLOCKS * BLOCK_BYTES);
  entry(1, MAP_BLOCKS, "Apple_partition_map").copy(map);
  entry(1 + MAP_BLOCKS, dataBlocks, "Apple_HFS").copy(map, BLOCK_BYTES);
  return Buffer.concat([drivers, map, data]);
}

function entry(start: number, blocks: number, type: string): Buffer {
  const bytes = Buffer.alloc(BLOCK_BYTES);
  bytes.write("PM", 0);
  for (const [index, value] of [2, start, blocks].entries()) bytes.writeUInt32BE(value, 4 + 4 * index);
  bytes.write("disk", 16);
  bytes.write(type, 48);
  bytes.writeUInt32BE(blocks, 84);
  bytes.writeUInt32BE(0x33, 88);
  return bytes;
}
