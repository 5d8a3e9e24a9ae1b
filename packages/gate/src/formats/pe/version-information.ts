/**
 * VS_VERSIONINFO: what a program says of itself. Claims of whoever built it, shown and compared, never believed.
 * Source: Microsoft, VERSIONINFO resource, "VS_VERSIONINFO structure" and the structures below it.
 * @module
 */

/** The strings, by their key: `CompanyName`, `OriginalFilename`. The first of several translations. */
export type VersionStrings = ReadonlyMap<string, string>;

/** A block says its own length in 16 bits. */
export const MAX_VERSION_BYTES = 0xffff;

const MAX_STRINGS = 200;
const MAX_TEXT_LENGTH = 512;

/** Reads what can be read. A broken block ends the reading; what was read until then stands. */
export function readVersionStrings(bytes: Buffer): VersionStrings {
  const strings = new Map<string, string>();
  const root = readBlock(bytes, 0, bytes.length);
  if (root?.key !== "VS_VERSION_INFO") return strings;
  for (const info of childrenOf(bytes, root)) {
    if (info.key !== "StringFileInfo") continue;
    for (const table of childrenOf(bytes, { ...info, valueBytes: 0 }))
      for (const entry of childrenOf(bytes, { ...table, valueBytes: 0 })) {
        if (strings.size >= MAX_STRINGS) return strings;
        if (!strings.has(entry.key)) strings.set(entry.key, readValue(bytes, entry));
      }
  }
  return strings;
}

interface Block {
  readonly key: string;
  readonly valueOffset: number;
  readonly valueBytes: number;
  readonly end: number;
}

/** `wLength`, `wValueLength`, `wType`, then a zero-terminated key, then the value on a 4-byte boundary. */
function readBlock(bytes: Buffer, offset: number, limit: number): Block | undefined {
  if (offset + 8 > limit) return undefined;
  const lengthBytes = bytes.readUInt16LE(offset);
  const end = offset + lengthBytes;
  if (lengthBytes < 8 || end > limit) return undefined;
  const keyEnd = zeroAfter(bytes, offset + 6, end);
  if (keyEnd === undefined) return undefined;
  const isText = bytes.readUInt16LE(offset + 4) === 1;
  return {
    key: bytes.toString("utf16le", offset + 6, keyEnd),
    valueOffset: align(keyEnd + 2),
    valueBytes: bytes.readUInt16LE(offset + 2) * (isText ? 2 : 1),
    end,
  };
}

function* childrenOf(bytes: Buffer, block: Block): Generator<Block> {
  for (let at = align(block.valueOffset + block.valueBytes); at < block.end; ) {
    const child = readBlock(bytes, at, block.end);
    if (child === undefined) return;
    yield child;
    at = align(child.end);
  }
}

/** Compilers disagree whether the value's length counts bytes or characters: the block's end and a zero decide. */
function readValue(bytes: Buffer, block: Block): string {
  const end = zeroAfter(bytes, block.valueOffset, block.end) ?? block.end;
  return bytes
    .toString("utf16le", block.valueOffset, Math.max(block.valueOffset, end))
    .slice(0, MAX_TEXT_LENGTH)
    .trim();
}

function zeroAfter(bytes: Buffer, offset: number, end: number): number | undefined {
  for (let at = offset; at + 2 <= end; at += 2) if (bytes.readUInt16LE(at) === 0) return at;
  return undefined;
}

const align = (offset: number): number => Math.ceil(offset / 4) * 4;
