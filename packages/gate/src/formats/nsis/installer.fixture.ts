/** Builds what an NSIS installer carries. Source: NSIS 3.08, Source/exehead/fileform.h. @module */

import { crc32, deflateRawSync } from "node:zlib";

export interface InstallerRequest {
  /** By their place below the installation's folder, with backslashes. */
  readonly files: Readonly<Record<string, Buffer>>;
  readonly method?: "none" | "deflate";
  readonly isSolid?: boolean;
  /** The program in front, for the checksum. */
  readonly program?: Buffer;
}

const word = (value: number): Buffer => {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32LE(value >>> 0);
  return bytes;
};

const words = (...values: number[]): Buffer => Buffer.concat(values.map(word));

/** From the first header to the checksum. */
export function buildInstaller(request: InstallerRequest): Buffer {
  const isPacked = request.method === "deflate";
  const pack = (bytes: Buffer): Buffer => (isPacked ? deflateRawSync(bytes, { level: 9 }) : bytes);
  const isSolid = request.isSolid ?? false;
  const blocks = Object.values(request.files).map((content) =>
    isSolid || !isPacked
      ? Buffer.concat([word(content.length), content])
      : Buffer.concat([word(0x8000_0000 + pack(content).length), pack(content)]),
  );
  const places = blocks.map((_, index) =>
    blocks.slice(0, index).reduce((sum, { length }) => sum + length, 0),
  );
  const header = buildScript(Object.keys(request.files), places);
  const plain = Buffer.concat([word(header.length), header, ...blocks]);
  const packedHeader = Buffer.concat([word(0x8000_0000 + pack(header).length), pack(header)]);
  const content = isSolid ? pack(plain) : isPacked ? Buffer.concat([packedHeader, ...blocks]) : plain;
  const whole = Buffer.concat([
    word(0),
    Buffer.from("efbeadde4e756c6c736f6674496e7374", "hex"),
    words(header.length, 28 + content.length + 4),
    content,
  ]);
  const program = request.program ?? Buffer.alloc(512);
  return Buffer.concat([whole, word(crc32(Buffer.concat([program, whole]).subarray(512)))]);
}

function buildScript(names: readonly string[], places: readonly number[]): Buffer {
  const strings: Buffer[] = [Buffer.alloc(2)];
  let characters = 1;
  const add = (text: string): number => {
    const bytes = Buffer.from(`${text}\0`, "utf16le");
    strings.push(bytes);
    characters += bytes.length / 2;
    return characters - bytes.length / 2;
  };
  // The code of a variable, then 21 with the high bits set: $INSTDIR.
  const folder = add("\u0003\u8095\\");
  const entries = [
    words(11, folder, 1, 0, 0, 0, 0),
    ...names.map((name, index) => words(20, 0, add(name), places[index] ?? 0, 0, 0, 0)),
  ];
  const table = Buffer.concat(strings);
  const entriesAt = 4 + 8 * 8;
  const stringsAt = entriesAt + entries.length * 28;
  const end = stringsAt + table.length;
  const blocks = [
    [entriesAt, 0],
    [entriesAt, 0],
    [entriesAt, entries.length],
    [stringsAt, 0],
    [end, 0],
    [end, 0],
    [0, 0],
    [0, 0],
  ];
  return Buffer.concat([word(0), words(...blocks.flat()), ...entries, table]);
}
