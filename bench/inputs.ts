/** Files to measure with, made in a folder of the run's own: the same bytes every time, most of them never on paper. @module */

import { spawnSync } from "node:child_process";
import { createCipheriv } from "node:crypto";
import { closeSync, ftruncateSync, mkdirSync, openSync, writeFileSync, writeSync } from "node:fs";
import { join } from "node:path";
import { crc32, createGzip, deflateRawSync } from "node:zlib";

const GIBIBYTE = 1024 ** 3;

/** The same bytes every time, half of them compressible as programs are. */
export function demoBytes(sizeBytes: number, seed: number): Buffer {
  const key = Buffer.alloc(16, seed);
  const random = createCipheriv("aes-128-ctr", key, Buffer.alloc(16)).update(Buffer.alloc(sizeBytes));
  for (let at = 0; at + 64 <= sizeBytes; at += 64) random.fill(seed & 0xff, at, at + 32);
  return random;
}

/** 3,000 files of 200 bytes to 8 KiB in one zip, as Info-ZIP or 7-Zip would write it. */
export function writeSmallFilesZip(path: string): void {
  const parts: Buffer[] = [];
  const directory: Buffer[] = [];
  let offset = 0;
  for (let index = 0; index < 3000; index += 1) {
    const name = Buffer.from(`app/module-${index % 40}/file-${index}.js`);
    const content = demoBytes(200 + ((index * 7919) % 8000), index);
    const packed = deflateRawSync(content);
    const fields = entryFields(content, packed, name.length);
    const local = Buffer.concat([Buffer.from("504b0304", "hex"), fields, name, packed]);
    const place = Buffer.alloc(14);
    place.writeUInt32LE(offset, 10);
    directory.push(Buffer.from("504b01021400", "hex"), fields, place, name);
    parts.push(local);
    offset += local.length;
  }
  const central = Buffer.concat(directory);
  writeFileSync(path, Buffer.concat([...parts, central, endRecord(3000, central.length, offset)]));
}

/** From "version needed" to "extra field length". Source: PKWARE APPNOTE 4.3.7. */
function entryFields(content: Buffer, packed: Buffer, nameBytes: number): Buffer {
  const fields = Buffer.alloc(26);
  fields.writeUInt16LE(20, 0);
  fields.writeUInt16LE(8, 4);
  fields.writeUInt32LE(0x5a210000, 6);
  fields.writeUInt32LE(crc32(content), 10);
  fields.writeUInt32LE(packed.length, 14);
  fields.writeUInt32LE(content.length, 18);
  fields.writeUInt16LE(nameBytes, 22);
  return fields;
}

function endRecord(count: number, centralBytes: number, centralOffset: number): Buffer {
  const record = Buffer.alloc(22);
  record.write("504b0506", "hex");
  record.writeUInt16LE(count, 8);
  record.writeUInt16LE(count, 10);
  record.writeUInt32LE(centralBytes, 12);
  record.writeUInt32LE(centralOffset, 16);
  return record;
}

/** 100 MB of files, then packed by the system's tar and our gzip: about 60 MB of `.tar.gz`. */
export async function writeTarGz(path: string, folder: string): Promise<void> {
  const content = join(folder, "tree");
  mkdirSync(content);
  for (let index = 0; index < 200; index += 1)
    writeFileSync(join(content, `file-${index}.bin`), demoBytes(512 * 1024, index));
  run("tar", ["-C", folder, "--format=ustar", "-czf", path, "tree"]);
}

/** A zip of one member of 2 GiB of zeros, deflated to 2 MiB by the pipe it was written through. */
export async function writeLargeZip(path: string): Promise<void> {
  const { pieces, packedBytes, crc } = await deflateZeros(2 * GIBIBYTE);
  const name = Buffer.from("disk.img");
  const fields = Buffer.alloc(26);
  fields.writeUInt16LE(20, 0);
  fields.writeUInt16LE(8, 4);
  fields.writeUInt32LE(0x5a210000, 6);
  fields.writeUInt32LE(crc, 10);
  fields.writeUInt32LE(packedBytes, 14);
  fields.writeUInt32LE(2 * GIBIBYTE, 18);
  fields.writeUInt16LE(name.length, 22);
  const local = Buffer.concat([Buffer.from("504b0304", "hex"), fields, name]);
  const central = Buffer.concat([Buffer.from("504b01021400", "hex"), fields, Buffer.alloc(14), name]);
  const end = endRecord(1, central.length, local.length + packedBytes);
  writeFileSync(path, Buffer.concat([local, ...pieces, central, end]));
}

/** gzip's own trailer gives the CRC, its body is the deflate stream. Source: RFC 1952. */
async function deflateZeros(sizeBytes: number) {
  const gzip = createGzip({ level: 1 });
  const pieces: Buffer[] = [];
  gzip.on("data", (piece: Buffer) => pieces.push(piece));
  const zeros = Buffer.alloc(1024 * 1024);
  for (let done = 0; done < sizeBytes; done += zeros.length)
    if (!gzip.write(zeros)) await new Promise((resolve) => gzip.once("drain", resolve));
  await new Promise<void>((resolve) => gzip.end(resolve));
  const whole = Buffer.concat(pieces);
  const body = whole.subarray(10, -8);
  return { pieces: [body], packedBytes: body.length, crc: whole.readUInt32LE(whole.length - 8) };
}

/** The program's bytes, then zeros up to 2 GiB that take no place on the disk: data behind a program. */
export function writeLargeProgram(path: string, program: Buffer): void {
  const descriptor = openSync(path, "w");
  writeSync(descriptor, program);
  ftruncateSync(descriptor, 2 * GIBIBYTE);
  closeSync(descriptor);
}

function run(program: string, args: readonly string[]): void {
  const { status } = spawnSync(program, args, { stdio: "inherit" });
  if (status !== 0) throw new Error(`${program} ended with ${status}`);
}
