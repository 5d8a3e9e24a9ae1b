/** Edits programs for Windows as an intruder would. Source: Microsoft, PE Format. Nothing that is put in does anything. @module */

interface Section {
  readonly name: string;
  readonly address: number;
  readonly virtualBytes: number;
  readonly offset: number;
  readonly rawBytes: number;
  readonly flags: number;
  /** Of its row in the section table. */
  readonly row: number;
}

interface Layout {
  readonly coff: number;
  readonly optional: number;
  readonly isWide: boolean;
  readonly directories: number;
  readonly sections: readonly Section[];
}

export const FLAGS = {
  code: 0x6000_0020,
  data: 0xc000_0040,
  readOnly: 0x4000_0040,
  writableCode: 0xe000_0020,
};
const DIRECTORY = { imports: 1, resources: 2, security: 4, tls: 9 } as const;

export function layoutOf(image: Buffer): Layout {
  const coff = image.readUInt32LE(0x3c) + 4;
  const optional = coff + 20;
  const isWide = image.readUInt16LE(optional) === 0x20b;
  const table = optional + image.readUInt16LE(coff + 16);
  const sections = Array.from({ length: image.readUInt16LE(coff + 2) }, (_, index): Section => {
    const row = table + index * 40;
    return {
      name: image.toString("latin1", row, row + 8).replace(/\0+$/, ""),
      virtualBytes: image.readUInt32LE(row + 8),
      address: image.readUInt32LE(row + 12),
      rawBytes: image.readUInt32LE(row + 16),
      offset: image.readUInt32LE(row + 20),
      flags: image.readUInt32LE(row + 36),
      row,
    };
  });
  return { coff, optional, isWide, directories: optional + (isWide ? 112 : 96), sections };
}

/** The image as it was before it was signed. */
export function unsigned(image: Buffer): Buffer {
  const copy = Buffer.from(image);
  const at = layoutOf(copy).directories + DIRECTORY.security * 8;
  const offset = copy.readUInt32LE(at);
  copy.fill(0, at, at + 8);
  return offset === 0 ? copy : copy.subarray(0, offset);
}

export interface AddedSection {
  readonly image: Buffer;
  readonly address: number;
}

/** @param content - called with the section's address; what is in it may depend on where it lies */
export function addSection(
  signed: Buffer,
  name: string,
  flags: number,
  content: (address: number) => Buffer,
): AddedSection {
  const image = unsigned(signed);
  const { coff, optional, sections } = layoutOf(image);
  const last = sections.at(-1);
  const row = (last?.row ?? 0) + 40;
  const first = Math.min(...sections.filter(({ rawBytes }) => rawBytes > 0).map(({ offset }) => offset));
  if (last === undefined || row + 40 > first) throw new Error("no place for another section");
  const [alignment, fileAlignment] = [image.readUInt32LE(optional + 32), image.readUInt32LE(optional + 36)];
  const address = roundUp(last.address + Math.max(last.virtualBytes, last.rawBytes), alignment);
  const bytes = content(address);
  const offset = roundUp(image.length, fileAlignment);
  const rawBytes = roundUp(bytes.length, fileAlignment);
  const whole = Buffer.concat([
    image,
    Buffer.alloc(offset - image.length),
    bytes,
    Buffer.alloc(rawBytes - bytes.length),
  ]);
  whole.fill(0, row, row + 40);
  whole.write(name, row, 8, "latin1");
  for (const [place, value] of [bytes.length, address, rawBytes, offset].entries())
    whole.writeUInt32LE(value, row + 8 + place * 4);
  whole.writeUInt32LE(flags, row + 36);
  whole.writeUInt16LE(sections.length + 1, coff + 2);
  whole.writeUInt32LE(roundUp(address + bytes.length, alignment), optional + 56);
  return { image: whole, address };
}

/** The program begins in another place. */
export function withEntryPoint(image: Buffer, address: number): Buffer {
  const copy = Buffer.from(image);
  copy.writeUInt32LE(address, layoutOf(copy).optional + 16);
  return copy;
}

/** The first instruction becomes a jump into the filling behind the code, where a harmless stub stands. */
export function patchEntryPoint(signed: Buffer): Buffer {
  const image = unsigned(signed);
  const { optional, sections } = layoutOf(image);
  const entry = image.readUInt32LE(optional + 16);
  const code = sections.find(({ address, rawBytes }) => entry >= address && entry < address + rawBytes);
  if (code === undefined) throw new Error("the entry point lies in no section");
  const cave = findFilling(image, code);
  const at = code.offset + entry - code.address;
  const displaced = Buffer.from(image.subarray(at, at + 5));
  const stub = Buffer.concat([
    Buffer.from("9090505890", "hex"),
    displaced,
    jump(cave.address + 10, entry + 5),
  ]);
  stub.copy(image, cave.offset);
  jump(entry, cave.address).copy(image, at);
  image.writeUInt32LE(Math.max(code.virtualBytes, cave.offset + 32 - code.offset), code.row + 8);
  return image;
}

/** The last run of zeros in the section that a stub fits in. */
function findFilling(
  image: Buffer,
  { offset, rawBytes, address }: Section,
): { offset: number; address: number } {
  const content = image.subarray(offset, offset + rawBytes);
  const found = content.lastIndexOf(Buffer.alloc(48));
  if (found < 0) throw new Error("the code has no filling that a stub fits in");
  return { offset: offset + found + 16, address: address + found + 16 };
}

/** `jmp rel32`. */
function jump(from: number, to: number): Buffer {
  const bytes = Buffer.from([0xe9, 0, 0, 0, 0]);
  bytes.writeInt32LE(to - (from + 5), 1);
  return bytes;
}

/** More imports: a new section with the old descriptors and one more, as tools that add imports make it. */
export function addImports(signed: Buffer, library: string, functions: readonly string[]): Buffer {
  const { isWide, directories } = layoutOf(signed);
  const directory = directories + DIRECTORY.imports * 8;
  const old = oldDescriptors(signed, directory);
  const word = isWide ? 8 : 4;
  const { image, address } = addSection(signed, ".idata2", FLAGS.data, (base) => {
    const tables = base + old.length + 40;
    const thunkBytes = (functions.length + 1) * word;
    const names = functions.map((name) =>
      Buffer.from(`\0\0${name}\0${name.length % 2 === 0 ? "\0" : ""}`, "latin1"),
    );
    const thunks = Buffer.alloc(thunkBytes);
    let at = tables + thunkBytes * 2;
    for (const [index, name] of names.entries()) {
      thunks.writeUInt32LE(at, index * word);
      at += name.length;
    }
    const descriptor = Buffer.alloc(40);
    descriptor.writeUInt32LE(tables, 0);
    descriptor.writeUInt32LE(at, 12);
    descriptor.writeUInt32LE(tables + thunkBytes, 16);
    return Buffer.concat([old, descriptor, thunks, thunks, ...names, Buffer.from(`${library}\0`, "latin1")]);
  });
  image.writeUInt32LE(address, directory);
  image.writeUInt32LE(old.length + 40, directory + 4);
  return image;
}

/** Without the empty one at the end. */
function oldDescriptors(image: Buffer, directory: number): Buffer {
  const address = image.readUInt32LE(directory);
  if (address === 0) return Buffer.alloc(0);
  const start = offsetOf(image, address);
  let end = start;
  while (image.readUInt32LE(end + 12) !== 0) end += 20;
  return Buffer.from(image.subarray(start, end));
}

export function offsetOf(image: Buffer, address: number): number {
  const section = layoutOf(image).sections.find(
    (one) => address >= one.address && address < one.address + one.rawBytes,
  );
  if (section === undefined) throw new Error("the address lies in no section");
  return section.offset + address - section.address;
}

/** A function that runs before the entry point, beside those there are. */
export function addThreadCallback(signed: Buffer): Buffer {
  const { isWide, directories, optional } = layoutOf(signed);
  if (!isWide) throw new Error("only 64-bit images");
  const directory = directories + DIRECTORY.tls * 8;
  const imageBase = signed.readBigUInt64LE(optional + 24);
  const old = signed.readUInt32LE(directory);
  const oldHeader =
    old === 0 ? Buffer.alloc(40) : Buffer.from(signed.subarray(offsetOf(signed, old)).subarray(0, 40));
  const callbacks = oldHeader.readBigUInt64LE(24);
  const known =
    callbacks === 0n ? Buffer.alloc(0) : listOfWords(signed, offsetOf(signed, Number(callbacks - imageBase)));
  const { image, address } = addSection(signed, ".tls2", FLAGS.data, (base) => {
    const added = Buffer.alloc(16);
    added.writeBigUInt64LE(imageBase + BigInt(signed.readUInt32LE(optional + 16)), 0);
    oldHeader.writeBigUInt64LE(imageBase + BigInt(base + 48), 24);
    if (oldHeader.readBigUInt64LE(16) === 0n) oldHeader.writeBigUInt64LE(imageBase + BigInt(base + 40), 16);
    return Buffer.concat([oldHeader, Buffer.alloc(8), known, added]);
  });
  image.writeUInt32LE(address, directory);
  image.writeUInt32LE(40, directory + 4);
  return image;
}

/** Up to the empty one. */
function listOfWords(image: Buffer, start: number): Buffer {
  let end = start;
  while (image.readBigUInt64LE(end) !== 0n) end += 8;
  return Buffer.from(image.subarray(start, end));
}

export function withBuildTime(image: Buffer, time: Date): Buffer {
  const copy = Buffer.from(image);
  copy.writeUInt32LE(Math.floor(time.getTime() / 1000), layoutOf(copy).coff + 4);
  return copy;
}

/** Behind the last section, as installers and droppers carry data. */
export const withOverlay = (signed: Buffer, overlay: Buffer): Buffer =>
  Buffer.concat([unsigned(signed), overlay]);

const roundUp = (value: number, multiple: number): number => Math.ceil(value / multiple) * multiple;
