/** Edits programs for Linux, 64-bit and little-endian, as an intruder would. Source: System V ABI, gABI; elf(5). @module */

import { execFile } from "node:child_process";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { debianProgram } from "@sallyport/testkit";

const run = promisify(execFile);
const SECTION = { rela: 4, note: 7, initArray: 14 } as const;
/** A note, or what says how the stack is to be: neither is needed for the program to run. */
const SPARE_SEGMENTS: readonly number[] = [4, 0x6474_e551];
const LOAD_SEGMENT = 1;
const PAGE_BYTES = 4096;

interface Section {
  readonly type: number;
  readonly address: number;
  readonly offset: number;
  readonly sizeBytes: number;
}

function sectionsOf(image: Buffer): readonly Section[] {
  const table = Number(image.readBigUInt64LE(0x28));
  return Array.from({ length: image.readUInt16LE(0x3c) }, (_, index) => {
    const row = table + index * 64;
    return {
      type: image.readUInt32LE(row + 4),
      address: Number(image.readBigUInt64LE(row + 16)),
      offset: Number(image.readBigUInt64LE(row + 24)),
      sizeBytes: Number(image.readBigUInt64LE(row + 32)),
    };
  });
}

/** The first initialiser becomes another one, further into the code; the build id stays. */
export function withOtherInitialiser(original: Buffer): Buffer {
  const image = Buffer.from(original);
  const sections = sectionsOf(image);
  const array = sections.find(({ type }) => type === SECTION.initArray);
  if (array === undefined) throw new Error("the image has no .init_array");
  for (const { offset, sizeBytes } of sections.filter(({ type }) => type === SECTION.rela))
    for (let row = offset; row + 24 <= offset + sizeBytes; row += 24)
      if (Number(image.readBigUInt64LE(row)) === array.address) {
        image.writeBigInt64LE(image.readBigInt64LE(row + 16) + 0x40n, row + 16);
        return image;
      }
  image.writeBigUInt64LE(image.readBigUInt64LE(array.offset) + 0x40n, array.offset);
  return image;
}

/** A note's segment becomes one that loads data from the end of the file, writable and executable; the program begins there. */
export function infectNote(original: Buffer, filling: Buffer): Buffer {
  const start = Math.ceil(original.length / PAGE_BYTES) * PAGE_BYTES;
  const image = Buffer.concat([original, Buffer.alloc(start - original.length), filling]);
  const table = Number(image.readBigUInt64LE(0x20));
  for (let index = 0; index < image.readUInt16LE(0x38); index += 1) {
    const row = table + index * 56;
    if (!SPARE_SEGMENTS.includes(image.readUInt32LE(row))) continue;
    const address = BigInt(start) + 0xc00_0000n;
    image.writeUInt32LE(LOAD_SEGMENT, row);
    image.writeUInt32LE(7, row + 4);
    for (const [place, value] of [BigInt(start), address, address].entries())
      image.writeBigUInt64LE(value, row + 8 + place * 8);
    image.writeBigUInt64LE(BigInt(filling.length), row + 32);
    image.writeBigUInt64LE(BigInt(filling.length), row + 40);
    image.writeBigUInt64LE(BigInt(PAGE_BYTES), row + 48);
    image.writeBigUInt64LE(address, 0x18);
    return image;
  }
  throw new Error("the image has no segment to spare");
}

/** As the linker does in each run: another build id, where there is one. */
export function relinked(original: Buffer): Buffer {
  const image = Buffer.from(original);
  for (const { type, offset } of sectionsOf(image)) {
    if (type !== SECTION.note || image.readUInt32LE(offset + 8) !== 3) continue;
    if (image.toString("latin1", offset + 12, offset + 15) !== "GNU") continue;
    image.fill("another link", offset + 16, offset + 16 + image.readUInt32LE(offset + 4), "latin1");
  }
  return image;
}

/** Some bytes of the code changed; the build id stays. */
export function patchCode(original: Buffer): Buffer {
  const image = Buffer.from(original);
  const code = codeOf(image);
  Buffer.from("9090505890", "hex").copy(image, code.offset + (code.sizeBytes >> 1));
  return image;
}

/** PROGBITS that are allocated and executable; the largest is the program's text. */
function codeOf(image: Buffer): Section {
  const table = Number(image.readBigUInt64LE(0x28));
  const [code] = sectionsOf(image)
    .filter(({ type }, index) => type === 1 && (image.readUInt32LE(table + index * 64 + 8) & 4) !== 0)
    .toSorted((a, b) => b.sizeBytes - a.sizeBytes);
  if (code === undefined) throw new Error("the image has no code");
  return code;
}

/** @param args - of Debian's patchelf: `--add-needed libdemo.so` */
export async function patchelf(image: Buffer, args: readonly string[]): Promise<Buffer> {
  const { path, env } = await debianProgram("patchelf", { file: "usr/bin/patchelf" });
  return throughFile(image, (file) => run(path, [...args, file], { env }));
}

/** @param args - of objcopy, from binutils */
export const objcopy = (image: Buffer, args: readonly string[]): Promise<Buffer> =>
  throughFile(image, (file) => run("objcopy", [...args, file]));

async function throughFile(image: Buffer, work: (file: string) => Promise<unknown>): Promise<Buffer> {
  const folder = await mkdtemp(join(tmpdir(), "edit-"));
  try {
    const file = join(folder, "image");
    await writeFile(file, image, { mode: 0o755 });
    await work(file);
    return await readFile(file);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
