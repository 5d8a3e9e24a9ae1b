/** Edits 64-bit, little-endian Mach-O images and universal files. Source: Apple, `mach-o/loader.h`, `mach-o/fat.h`. @module */

import { ARM64, buildFat, X86_64 } from "../../../packages/gate/src/formats/mach-o/mach-o.fixture.ts";
import {
  blob,
  buildSuperBlob,
  REQUIREMENTS,
} from "../../../packages/gate/src/signatures/apple-code/signing.fixture.ts";

const COMMAND = { segment: 0x19, uuid: 0x1b, loadDylib: 0x0c, codeSignature: 0x1d } as const;
/** LC_FUNCTION_STARTS, LC_DATA_IN_CODE, LC_SOURCE_VERSION: the loader does without. */
const SPARE_COMMANDS: readonly number[] = [0x26, 0x29, 0x2a];
const HEADER_BYTES = 32;
const SECTION_BYTES = 80;
const INITIALISERS = 9;

interface LoadCommand {
  readonly type: number;
  readonly at: number;
  readonly sizeBytes: number;
}

function commandsOf(image: Buffer): readonly LoadCommand[] {
  const commands: LoadCommand[] = [];
  let at = HEADER_BYTES;
  for (let index = 0; index < image.readUInt32LE(16); index += 1) {
    const sizeBytes = image.readUInt32LE(at + 4);
    commands.push({ type: image.readUInt32LE(at), at, sizeBytes });
    at += sizeBytes;
  }
  return commands;
}

interface Segment extends LoadCommand {
  readonly name: string;
  readonly address: bigint;
  readonly offset: number;
  readonly fileBytes: number;
  readonly sections: number;
}

function segmentsOf(image: Buffer): readonly Segment[] {
  return commandsOf(image)
    .filter(({ type }) => type === COMMAND.segment)
    .map((command) => ({
      ...command,
      name: image.toString("latin1", command.at + 8, command.at + 24).replace(/\0+$/, ""),
      address: image.readBigUInt64LE(command.at + 24),
      offset: Number(image.readBigUInt64LE(command.at + 40)),
      fileBytes: Number(image.readBigUInt64LE(command.at + 48)),
      sections: image.readUInt32LE(command.at + 64),
    }));
}

/** Puts bytes among the load commands; the filling behind them shrinks. */
function insert(image: Buffer, at: number, bytes: Buffer): void {
  const end = HEADER_BYTES + image.readUInt32LE(20);
  if (image.subarray(end, end + bytes.length).some((byte) => byte !== 0))
    throw new Error("no place for a command");
  image.copyWithin(at + bytes.length, at, end);
  bytes.copy(image, at);
  image.writeUInt32LE(image.readUInt32LE(20) + bytes.length, 20);
}

/** Another library that is loaded with this one. */
export function addLibrary(original: Buffer, name: string): Buffer {
  const image = Buffer.from(original);
  const command = Buffer.alloc(Math.ceil((24 + name.length + 1) / 8) * 8);
  for (const [place, value] of [COMMAND.loadDylib, command.length, 24, 2, 0x1_0000, 0x1_0000].entries())
    command.writeUInt32LE(value, place * 4);
  command.write(name, 24, "latin1");
  makePlace(image, command.length);
  insert(image, HEADER_BYTES + image.readUInt32LE(20), command);
  image.writeUInt32LE(image.readUInt32LE(16) + 1, 16);
  return image;
}

/** Where the filling is too short, commands that nobody needs make place. */
function makePlace(image: Buffer, sizeBytes: number): void {
  const isFree = (): boolean => {
    const end = HEADER_BYTES + image.readUInt32LE(20);
    return image.subarray(end, end + sizeBytes).every((byte) => byte === 0);
  };
  for (;;) {
    const spare = commandsOf(image).find(({ type }) => SPARE_COMMANDS.includes(type));
    if (isFree() || spare === undefined) return;
    const end = HEADER_BYTES + image.readUInt32LE(20);
    image.copyWithin(spare.at, spare.at + spare.sizeBytes, end);
    image.fill(0, end - spare.sizeBytes, end);
    image.writeUInt32LE(image.readUInt32LE(16) - 1, 16);
    image.writeUInt32LE(image.readUInt32LE(20) - spare.sizeBytes, 20);
  }
}

/** Another function that runs when the library is loaded. */
export function addInitialiser(original: Buffer): Buffer {
  const image = Buffer.from(original);
  for (const segment of segmentsOf(image))
    for (let index = 0; index < segment.sections; index += 1) {
      const row = segment.at + 72 + index * SECTION_BYTES;
      if ((image.readUInt32LE(row + 64) & 0xff) !== INITIALISERS) continue;
      image.writeBigUInt64LE(image.readBigUInt64LE(row + 40) + 8n, row + 40);
      return image;
    }
  const segments = segmentsOf(image);
  const home = segments.find(({ name }) => name === "__DATA") ?? segments[0];
  if (home === undefined) throw new Error("the image has no segment");
  const section = Buffer.alloc(SECTION_BYTES);
  section.write("__mod_init_func", 0, "latin1");
  section.write(home.name, 16, "latin1");
  section.writeBigUInt64LE(home.address + BigInt(home.fileBytes - 8), 32);
  section.writeBigUInt64LE(8n, 40);
  section.writeUInt32LE(home.offset + home.fileBytes - 8, 48);
  section.writeUInt32LE(3, 52);
  section.writeUInt32LE(INITIALISERS, 64);
  image.writeUInt32LE(home.sizeBytes + SECTION_BYTES, home.at + 4);
  image.writeUInt32LE(home.sections + 1, home.at + 64);
  insert(image, home.at + home.sizeBytes, section);
  image.writeBigUInt64LE(0x1000n, home.offset + home.fileBytes - 8);
  return image;
}

/** Some bytes in the middle of the code changed; the UUID stays. */
export function patchCode(original: Buffer): Buffer {
  const image = Buffer.from(original);
  const [text] = segmentsOf(image);
  if (text === undefined) throw new Error("the image has no segment");
  Buffer.from("1f2003d51f2003d5", "hex").copy(image, text.offset + (text.fileBytes >> 1));
  return image;
}

/** As the linker does in each run: another UUID. */
export function relinked(original: Buffer): Buffer {
  const image = Buffer.from(original);
  const command = commandsOf(image).find(({ type }) => type === COMMAND.uuid);
  if (command !== undefined) image.fill("another link....", command.at + 8, command.at + 24, "latin1");
  return image;
}

const PLACE_BYTES = 64 * 1024;

/** Signs as a developer would, in place of what the linker put there. @param entitlements - whole property list */
export function signImage(original: Buffer, entitlements?: string): Buffer {
  const command = commandsOf(original).find(({ type }) => type === COMMAND.codeSignature);
  const linkedit = segmentsOf(original).find(({ name }) => name === "__LINKEDIT");
  if (command === undefined || linkedit === undefined) return original;
  const at = original.readUInt32LE(command.at + 8);
  const code = Buffer.from(original.subarray(0, at));
  const placeBytes = PLACE_BYTES + Math.ceil(at / 4096) * 40;
  code.writeUInt32LE(placeBytes, command.at + 12);
  code.writeBigUInt64LE(BigInt(at + placeBytes - linkedit.offset), linkedit.at + 48);
  code.writeBigUInt64LE(
    BigInt(Math.ceil((at + placeBytes - linkedit.offset) / 16384) * 16384),
    linkedit.at + 32,
  );
  const special = new Map([[2, REQUIREMENTS]]);
  if (entitlements !== undefined) special.set(5, blob(0xfade_7171, Buffer.from(entitlements)));
  const signature = buildSuperBlob(code, { pageBits: 12, special });
  return Buffer.concat([code, signature, Buffer.alloc(placeBytes - signature.length)]);
}

/** The slices of a universal file, changed one by one. */
export function editSlices(
  file: Buffer,
  edit: (slice: Buffer, processor: "x86_64" | "arm64") => Buffer,
): Buffer {
  if (file.readUInt32BE(0) !== 0xcafe_babe) return edit(file, "arm64");
  const slices = Array.from({ length: file.readUInt32BE(4) }, (_, index) => {
    const row = 8 + index * 20;
    const at = file.readUInt32BE(row + 8);
    const bytes = file.subarray(at, at + file.readUInt32BE(row + 12));
    return file.readUInt32BE(row) === X86_64.type
      ? { cpu: X86_64, bytes: edit(Buffer.from(bytes), "x86_64") }
      : { cpu: ARM64, bytes: edit(Buffer.from(bytes), "arm64") };
  });
  return buildFat(slices);
}

export const joinSlices = (intel: Buffer, arm: Buffer): Buffer =>
  buildFat([
    { cpu: X86_64, bytes: intel },
    { cpu: ARM64, bytes: arm },
  ]);
