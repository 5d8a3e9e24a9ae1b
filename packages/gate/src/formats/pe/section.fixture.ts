/** Adds sections and resources to an image that the replica built. Source: Microsoft, PE Format. @module */

const ALIGNMENT_BYTES = 512;
const PAGE_BYTES = 4096;

const optionalOffset = (image: Buffer): number => image.readUInt32LE(0x3c) + 24;

/** Where a section that is added next comes to lie in memory. */
export const nextAddress = (image: Buffer): number => image.readUInt32LE(optionalOffset(image) + 56);

/** The image, which has no overlay yet, with one more section behind the others. */
export function withSection(image: Buffer, name: string, bytes: Buffer): Buffer {
  const padded = Buffer.alloc(Math.ceil(bytes.length / ALIGNMENT_BYTES) * ALIGNMENT_BYTES);
  bytes.copy(padded);
  const address = nextAddress(image);
  const coff = image.readUInt32LE(0x3c) + 4;
  const count = image.readUInt16LE(coff + 2);
  const row = coff + 20 + image.readUInt16LE(coff + 16) + count * 40;
  const file = Buffer.concat([image, padded]);
  file.writeUInt16LE(count + 1, coff + 2);
  file.write(name, row, "latin1");
  file.writeUInt32LE(bytes.length, row + 8);
  file.writeUInt32LE(address, row + 12);
  file.writeUInt32LE(padded.length, row + 16);
  file.writeUInt32LE(image.length, row + 20);
  file.writeUInt32LE(0x4000_0040, row + 36);
  const pages = Math.max(1, Math.ceil(bytes.length / PAGE_BYTES));
  file.writeUInt32LE(address + pages * PAGE_BYTES, optionalOffset(file) + 56);
  return file;
}

export interface ResourceContent {
  readonly type: number | string;
  readonly name: number | string;
  readonly bytes: Buffer;
}

/** The image with a resource section that holds these, each in a tree branch of its own. */
export function withResources(image: Buffer, resources: readonly ResourceContent[]): Buffer {
  const tree = buildTree(resources, nextAddress(image));
  const file = withSection(image, ".rsrc", tree);
  const directories = optionalOffset(file) + (file.readUInt16LE(optionalOffset(file)) === 0x10b ? 96 : 112);
  file.writeUInt32LE(nextAddress(image), directories + 16);
  file.writeUInt32LE(tree.length, directories + 20);
  return file;
}

function buildTree(resources: readonly ResourceContent[], address: number): Buffer {
  const parts: Buffer[] = [];
  let length = 16 + resources.length * 8;
  const add = (bytes: Buffer): number => {
    const at = length;
    const padded = Buffer.alloc(Math.ceil(bytes.length / 4) * 4);
    bytes.copy(padded);
    parts.push(padded);
    length += padded.length;
    return at;
  };
  const idOf = (id: number | string): number => {
    if (typeof id === "number") return id;
    const text = Buffer.from(`  ${id}`, "utf16le").subarray(2);
    text.writeUInt16LE(id.length, 0);
    return 0x8000_0000 + add(text);
  };
  const table = (rows: readonly (readonly [number, number])[]): Buffer => {
    const bytes = Buffer.alloc(16 + rows.length * 8);
    bytes.writeUInt16LE(rows.length, 14);
    for (const [index, [id, place]] of rows.entries()) {
      bytes.writeUInt32LE(id, 16 + index * 8);
      bytes.writeUInt32LE(place, 20 + index * 8);
    }
    return bytes;
  };
  const rows = resources.map(({ type, name, bytes }) => {
    const entry = Buffer.alloc(16);
    entry.writeUInt32LE(address + add(bytes), 0);
    entry.writeUInt32LE(bytes.length, 4);
    const languages = add(table([[1033, add(entry)]]));
    const names = add(table([[idOf(name), 0x8000_0000 + languages]]));
    return [idOf(type), 0x8000_0000 + names] as const;
  });
  return Buffer.concat([table(rows), ...parts]);
}
