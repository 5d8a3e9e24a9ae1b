/** An ELF file of nothing but named sections, 64-bit, little-endian. @module */

const HEADER_BYTES = 64;
const ENTRY_BYTES = 64;

export function elfWith(sections: Readonly<Record<string, Buffer>>): Buffer {
  const names = Buffer.from(`\0${[...Object.keys(sections), ".shstrtab"].join("\0")}\0`);
  const contents = [...Object.values(sections), names];
  const tableAt = HEADER_BYTES + contents.reduce((sum, { length }) => sum + Math.ceil(length / 16) * 16, 0);
  const file = Buffer.alloc(tableAt + ENTRY_BYTES * (contents.length + 1));
  file.write("7f454c46020101", "hex");
  file.writeUInt16LE(3, 16);
  file.writeUInt16LE(62, 18);
  file.writeUInt32LE(1, 20);
  file.writeBigUInt64LE(BigInt(tableAt), 40);
  for (const [at, value] of [
    [52, HEADER_BYTES],
    [54, 56],
    [58, ENTRY_BYTES],
    [60, contents.length + 1],
    [62, contents.length],
  ] as const)
    file.writeUInt16LE(value, at);
  let offset = HEADER_BYTES;
  for (const [index, bytes] of contents.entries()) {
    const entry = tableAt + ENTRY_BYTES * (index + 1);
    const name = Object.keys(sections)[index] ?? ".shstrtab";
    bytes.copy(file, offset);
    file.writeUInt32LE(names.indexOf(`\0${name}\0`) + 1, entry);
    file.writeUInt32LE(1, entry + 4);
    file.writeBigUInt64LE(BigInt(offset), entry + 24);
    file.writeBigUInt64LE(BigInt(bytes.length), entry + 32);
    offset += Math.ceil(bytes.length / 16) * 16;
  }
  return file;
}
