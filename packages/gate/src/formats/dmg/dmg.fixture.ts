/** Builds disk images, and gets wrong what a test asks for. */

import { crc32, deflateSync } from "node:zlib";
import { RUN } from "./partitions.ts";

export interface RunShape {
  /** Default zlib. */
  readonly kind?: number;
  /** Whole sectors. */
  readonly content: Buffer;
  /** What stands in the file instead of `content` packed. */
  readonly packed?: Buffer;
  /** Replaces fields of the run's row: sector start, sectors, offset, length. */
  readonly row?: readonly (bigint | undefined)[];
}

export interface PartitionShape {
  readonly name?: string;
  readonly runs: readonly RunShape[];
  readonly firstSector?: number;
  readonly sectors?: number;
  readonly checksum?: number | undefined;
}

export interface ImageShape {
  readonly partitions: readonly PartitionShape[];
  /** Behind the packed runs, inside the data. */
  readonly unused?: Buffer;
  /** Between data and list. */
  readonly between?: Buffer;
  readonly behind?: Buffer;
  readonly signature?: (data: Buffer, trailer: Buffer) => Buffer;
  readonly changeList?: (xml: string) => string;
  readonly changeTrailer?: (trailer: Buffer) => void;
}

const SECTOR = 512;

export function buildDmg(shape: ImageShape): Buffer {
  const data: Buffer[] = [];
  let sector = 0;
  const tables = shape.partitions.map((partition, index) => {
    const table = buildTable(partition, data, sector);
    sector += sectorsOf(partition.runs);
    const name = partition.name ?? `disk image (Apple_HFS : ${index})`;
    return `<dict><key>Attributes</key><string>0x0050</string><key>Data</key><data>${table.toString("base64")}</data><key>ID</key><string>${index}</string><key>Name</key><string>${name}</string></dict>`;
  });
  const packed = Buffer.concat([...data, shape.unused ?? Buffer.alloc(0)]);
  const xml = `<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE plist PUBLIC "-//Apple Computer//DTD PLIST 1.0//EN" "http://www.apple.com/DTDs/PropertyList-1.0.dtd">
<plist version="1.0"><dict><key>resource-fork</key><dict><key>blkx</key><array>${tables.join("")}</array></dict></dict></plist>
`;
  const list = Buffer.from((shape.changeList ?? ((same: string) => same))(xml));
  const between = shape.between ?? Buffer.alloc(0);
  const trailer = buildTrailer({ packed, list, listAt: packed.length + between.length, sectors: sector });
  trailer.writeUInt32BE(masterOf(shape.partitions), 360);
  shape.changeTrailer?.(trailer);
  const front = Buffer.concat([packed, between, list]);
  trailer.writeBigUInt64BE(BigInt(front.length), 296);
  const signature = shape.signature?.(front, trailer) ?? Buffer.alloc(0);
  if (signature.length > 0) trailer.writeBigUInt64BE(BigInt(signature.length), 304);
  else trailer.writeBigUInt64BE(0n, 296);
  return Buffer.concat([front, signature, shape.behind ?? Buffer.alloc(0), trailer]);
}

const sectorsOf = (runs: readonly RunShape[]): number =>
  runs.reduce((sum, { content }) => sum + content.length / SECTOR, 0);

const sumOf = ({ runs, checksum }: PartitionShape): number =>
  checksum ??
  runs.filter(({ kind }) => kind !== RUN.ignored).reduce((sum, { content }) => crc32(content, sum), 0);

function masterOf(partitions: readonly PartitionShape[]): number {
  const sums = Buffer.alloc(4 * partitions.length);
  for (const [index, partition] of partitions.entries()) sums.writeUInt32BE(sumOf(partition), 4 * index);
  return crc32(sums);
}

function buildTable(partition: PartitionShape, data: Buffer[], firstSector: number): Buffer {
  const { runs } = partition;
  const header = Buffer.alloc(204);
  header.write("mish");
  header.writeUInt32BE(1, 4);
  header.writeBigUInt64BE(BigInt(partition.firstSector ?? firstSector), 8);
  header.writeBigUInt64BE(BigInt(partition.sectors ?? sectorsOf(runs)), 16);
  header.writeUInt32BE(2056, 32);
  header.writeUInt32BE(2, 64);
  header.writeUInt32BE(32, 68);
  header.writeUInt32BE(sumOf(partition), 72);
  header.writeUInt32BE(runs.length + 1, 200);
  let sector = 0;
  const rows = runs.map((run) => {
    const row = buildRow(run, data, sector);
    sector += run.content.length / SECTOR;
    return row;
  });
  const end = Buffer.alloc(40);
  end.writeUInt32BE(0xffff_ffff, 0);
  end.writeBigUInt64BE(BigInt(sector), 8);
  return Buffer.concat([header, ...rows, end]);
}

function buildRow(
  { kind = RUN.zlib, content, packed, row = [] }: RunShape,
  data: Buffer[],
  sector: number,
): Buffer {
  const isEmpty = kind === RUN.zero || kind === RUN.ignored;
  const bytes = packed ?? (isEmpty ? Buffer.alloc(0) : kind === RUN.zlib ? deflateSync(content) : content);
  const offset = data.reduce((sum, { length }) => sum + length, 0);
  data.push(bytes);
  const fields = [sector, content.length / SECTOR, offset, bytes.length];
  const buffer = Buffer.alloc(40);
  buffer.writeUInt32BE(kind, 0);
  for (const [index, field] of fields.entries())
    buffer.writeBigUInt64BE(row[index] ?? BigInt(field), 8 + 8 * index);
  return buffer;
}

function buildTrailer(at: { packed: Buffer; list: Buffer; listAt: number; sectors: number }): Buffer {
  const trailer = Buffer.alloc(512);
  trailer.write("koly");
  trailer.writeUInt32BE(4, 4);
  trailer.writeUInt32BE(512, 8);
  trailer.writeUInt32BE(1, 12);
  trailer.writeBigUInt64BE(BigInt(at.packed.length), 32);
  trailer.writeUInt32BE(1, 56);
  trailer.writeUInt32BE(1, 60);
  trailer.writeUInt32BE(2, 80);
  trailer.writeUInt32BE(32, 84);
  trailer.writeUInt32BE(crc32(at.packed), 88);
  trailer.writeBigUInt64BE(BigInt(at.listAt), 216);
  trailer.writeBigUInt64BE(BigInt(at.list.length), 224);
  trailer.writeUInt32BE(2, 352);
  trailer.writeUInt32BE(32, 356);
  trailer.writeUInt32BE(1, 488);
  trailer.writeBigUInt64BE(BigInt(at.sectors), 492);
  return trailer;
}
