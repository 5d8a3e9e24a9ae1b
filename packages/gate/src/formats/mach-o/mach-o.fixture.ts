/** Mach-O libraries and universal files made in code, for the tests beside it. @module */

import { type Width, Writer } from "../word.fixture.ts";

export const UUID = "00112233445566778899aabbccddeeff";
export const X86_64 = { type: 0x0100_0007, subtype: 3 } as const;
export const ARM64 = { type: 0x0100_000c, subtype: 0 } as const;

export const PROPERTY_LIST = `<?xml version="1.0"?><plist version="1.0"><dict>
  <key>CFBundleIdentifier</key><string>com.example.demo</string>
  <key>CFBundleName</key>
  <string>Demo &amp;lt; Co</string>
  <key>CFBundleShortVersionString</key><string>4.5</string></dict></plist>`;

export interface ThinShape extends Width {
  readonly cpu?: { readonly type: number; readonly subtype: number };
  readonly propertyList?: string;
  /** The library's own version, packed; 0 for none. */
  readonly libraryVersion?: number;
  /** What stands in the place of the code signature, behind its 8 bytes of header. */
  readonly signatureFilling?: Uint8Array;
  /** What `sizeofcmds` counts beyond the last command. */
  readonly commandsFilling?: Uint8Array;
  readonly overlay?: Uint8Array;
}

const TEXT_BYTES = 2048;
const SYMBOLS_BYTES = 32;
const SIGNATURE_HEADER = Buffer.from("fade0cc000000008", "hex");

/** A library with a name, an embedded list, symbols and an empty code signature. */
export function buildMachO(shape: ThinShape): Buffer {
  const { wide } = shape;
  const { cpu = X86_64, propertyList = "", libraryVersion = 0x0001_0203 } = shape;
  const signature = Buffer.concat([SIGNATURE_HEADER, shape.signatureFilling ?? Buffer.alloc(8)]);
  const list = Buffer.from(propertyList);
  const listAt = TEXT_BYTES - list.length;
  const commands = [
    buildSegment(shape, {
      name: "__TEXT",
      at: 0,
      sizeBytes: TEXT_BYTES,
      list: { at: listAt, sizeBytes: list.length },
    }),
    buildSegment(shape, { name: "__LINKEDIT", at: TEXT_BYTES, sizeBytes: SYMBOLS_BYTES + signature.length }),
    new Writer(shape).word(0x02, 24, TEXT_BYTES, 1, TEXT_BYTES + 16, 16),
    new Writer(shape).word(0x0d, 48, 24, 0, libraryVersion, 0).bytes(text("@rpath/libdemo.dylib", 24)),
    new Writer(shape).word(0x1b, 24).bytes(Buffer.from(UUID, "hex")),
    sourceVersion(shape),
    new Writer(shape).word(0x1d, 16, TEXT_BYTES + SYMBOLS_BYTES, signature.length),
  ];
  const body = new Writer(shape);
  for (const command of commands) body.bytes(Buffer.concat(command.pieces));
  body.bytes(shape.commandsFilling ?? Buffer.alloc(0));
  const header = new Writer(shape).word(wide ? 0xfeedfacf : 0xfeedface, cpu.type, cpu.subtype, 6);
  header.word(commands.length, body.lengthBytes, 0);
  if (wide) header.word(0);
  const front = Buffer.concat([...header.pieces, ...body.pieces]);
  const filling = Buffer.alloc(listAt - front.length);
  const symbols = Buffer.alloc(SYMBOLS_BYTES);
  return Buffer.concat([front, filling, list, symbols, signature, shape.overlay ?? Buffer.alloc(0)]);
}

interface SegmentShape {
  readonly name: string;
  readonly at: number;
  readonly sizeBytes: number;
  readonly list?: { readonly at: number; readonly sizeBytes: number };
}

function buildSegment(width: Width, { name, at, sizeBytes, list }: SegmentShape): Writer {
  const [headerBytes, rowBytes] = width.wide ? [72, 80] : [56, 68];
  const writer = new Writer(width).word(
    width.wide ? 0x19 : 0x01,
    headerBytes + (list === undefined ? 0 : rowBytes),
  );
  writer
    .bytes(text(name, 16))
    .address(at, sizeBytes, at, sizeBytes)
    .word(5, 5, list === undefined ? 0 : 1, 0);
  if (list === undefined) return writer;
  writer.bytes(text("__info_plist", 16)).bytes(text("__TEXT", 16)).address(list.at, list.sizeBytes);
  writer.word(list.at, 0, 0, 0, 0, 0, 0);
  return width.wide ? writer.word(0) : writer;
}

/** 1234.5.6, whatever the width. */
function sourceVersion(width: Width): Writer {
  const packed = (1234n << 40n) | (5n << 30n) | (6n << 20n);
  const bytes = Buffer.alloc(8);
  if (width.littleEndian) bytes.writeBigUInt64LE(packed);
  else bytes.writeBigUInt64BE(packed);
  return new Writer(width).word(0x2a, 16).bytes(bytes);
}

function text(value: string, sizeBytes: number): Buffer {
  const bytes = Buffer.alloc(sizeBytes);
  bytes.write(value, "latin1");
  return bytes;
}

export interface SliceShape {
  readonly cpu: { readonly type: number; readonly subtype: number };
  readonly bytes: Buffer;
  /** Instead of the next place that fits. */
  readonly at?: number;
}

export const ALIGNMENT_BYTES = 4096;

/** A universal file; `gap` stands right behind the table of slices. */
export function buildFat(
  slices: readonly SliceShape[],
  { wide = false, gap = Buffer.alloc(0), overlay = Buffer.alloc(0) } = {},
): Buffer {
  const table = new Writer({ wide, littleEndian: false }).word(wide ? 0xcafebabf : 0xcafebabe, slices.length);
  let end = ALIGNMENT_BYTES;
  const content: Buffer[] = [];
  for (const [index, { cpu, bytes, at = end }] of slices.entries()) {
    table.word(cpu.type, cpu.subtype).address(at, bytes.length).word(12);
    if (wide) table.word(0);
    const filling = Math.ceil(bytes.length / ALIGNMENT_BYTES) * ALIGNMENT_BYTES - bytes.length;
    end += bytes.length + filling;
    content.push(bytes, Buffer.alloc(index === slices.length - 1 ? 0 : filling));
  }
  const front = Buffer.concat([...table.pieces, gap]);
  return Buffer.concat([front, Buffer.alloc(ALIGNMENT_BYTES - front.length), ...content, overlay]);
}
