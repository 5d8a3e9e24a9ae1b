/** A small ELF library made in code, of any width and byte order, for the tests beside it. @module */

import { type Width, Writer } from "../word.fixture.ts";

export const BUILD_ID = Buffer.from("00112233445566778899aabbccddeeff00112233", "hex");
const METADATA = JSON.stringify({ type: "deb", name: "demo", version: "1.2-3" });
const BASE = 0x40_0000;

interface Shape extends Width {
  readonly overlay?: Uint8Array;
  /** Counts in section header 0, as files with more than 65,000 sections have them. */
  readonly extendedCounts?: boolean;
}

/** A library with a name, a build id and package metadata; sizes and places are the same for every call of a width. */
export function buildElf({ overlay, extendedCounts = false, ...width }: Shape): Buffer {
  const { wide } = width;
  const [headerBytes, segmentBytes, sectionBytes] = wide ? [64, 56, 64] : [52, 32, 40];
  const notes = Buffer.concat([
    buildNote(width, { name: "GNU", type: 3, description: BUILD_ID }),
    buildNote(width, { name: "FDO", type: 0xcafe1a7e, description: Buffer.from(`${METADATA}\0`) }),
  ]);
  const strings = Buffer.from("\0libdemo.so.3\0");
  const notesAt = headerBytes + segmentBytes * 3;
  const dynamicAt = notesAt + notes.length;
  const stringsAt = dynamicAt + (wide ? 16 : 8) * 4;
  const sectionsAt = Math.ceil((stringsAt + strings.length) / 8) * 8;
  const dynamic = new Writer(width).address(5, BASE + stringsAt, 10, strings.length, 14, 1, 0, 0);
  const file = new Writer(width);
  file.bytes(Buffer.from([0x7f, 0x45, 0x4c, 0x46, wide ? 2 : 1, width.littleEndian ? 1 : 2, 1]));
  file
    .bytes(Buffer.alloc(9))
    .half(3)
    .half(wide ? 62 : 3)
    .word(1);
  file.address(0, headerBytes, sectionsAt).word(0).half(headerBytes);
  file.half(segmentBytes).half(extendedCounts ? 0xffff : 3);
  file
    .half(sectionBytes)
    .half(extendedCounts ? 0 : 3)
    .half(0);
  const segment = (type: number, at: number, sizeBytes: number): void => {
    if (wide) file.word(type, 4).address(at, BASE + at, BASE + at, sizeBytes, sizeBytes, 4);
    else file.word(type, at, BASE + at, BASE + at, sizeBytes, sizeBytes, 4, 4);
  };
  segment(1, 0, sectionsAt);
  segment(2, dynamicAt, dynamic.lengthBytes);
  segment(4, notesAt, notes.length);
  file.bytes(notes).bytes(Buffer.concat(dynamic.pieces)).bytes(strings);
  file.bytes(Buffer.alloc(sectionsAt - file.lengthBytes));
  const section = (type: number, at: number, sizeBytes: number, info = 0): void => {
    file
      .word(0, type)
      .address(type === 0 ? 0 : 2, BASE + at, at, sizeBytes)
      .word(0, info)
      .address(4, 0);
  };
  section(0, 0, extendedCounts ? 3 : 0, extendedCounts ? 3 : 0);
  section(6, dynamicAt, dynamic.lengthBytes);
  section(8, 0x7000_0000, 0x7000_0000);
  return Buffer.concat([...file.pieces, overlay ?? Buffer.alloc(0)]);
}

function buildNote(width: Width, note: { name: string; type: number; description: Buffer }): Buffer {
  const { name, type, description } = note;
  const writer = new Writer(width).word(4, description.length, type).bytes(Buffer.from(`${name}\0`));
  writer.bytes(description).bytes(Buffer.alloc((4 - (description.length % 4)) % 4));
  return Buffer.concat(writer.pieces);
}
