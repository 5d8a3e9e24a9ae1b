/** Builds what an Inno Setup 6.4.0.1 installer carries. Source: Inno Setup 6.4.1, Projects/Src/Shared.Struct.pas. @module */

import { createHash } from "node:crypto";
import { crc32, deflateSync } from "node:zlib";
import { buildPeImage } from "../../replica/index.ts";
import { withResources } from "../pe/section.fixture.ts";

export interface InstallerRequest {
  readonly files: Readonly<Record<string, Buffer>>;
  /** One chunk for all files; otherwise one each. */
  readonly isSolid?: boolean;
  readonly method?: "stored" | "zlib";
  readonly version?: string;
  readonly isEncrypted?: boolean;
  /** In the header, at its end. */
  readonly library?: Buffer;
}

const word = (value: number): Buffer => {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32LE(value >>> 0);
  return bytes;
};
const wide = (value: number): Buffer => Buffer.concat([word(value), word(Math.floor(value / 2 ** 32))]);
const string = (text: string | Buffer): Buffer => {
  const bytes = typeof text === "string" ? Buffer.from(text, "utf16le") : text;
  return Buffer.concat([word(bytes.length), bytes]);
};

export interface Installer {
  /** Chunks, then the header. */
  readonly bytes: Buffer;
  readonly headerOffset: number;
}

export function buildInstaller(request: InstallerRequest): Installer {
  const { chunks, locations } = buildChunks(request);
  const names = Object.keys(request.files);
  const header = Buffer.concat([
    ...Array.from({ length: 32 }, (_, at) => string({ 0: "Demo", 4: "Example", 9: "1.2.3" }[at] ?? "")),
    ...Array.from({ length: 4 }, () => string("")),
    ...[0, 0, 0, 0, 0, 0, 0, names.length, names.length, 0, 0, 0, 0, 0, 0, 0].map(word),
    Buffer.alloc(86 + 4 + 6),
    Buffer.from([request.method === "zlib" ? 1 : 0]),
    Buffer.alloc(16),
    ...names.map((name, index) =>
      Buffer.concat([
        ...Array.from({ length: 10 }, (_, at) => string(at === 1 ? name : "")),
        Buffer.alloc(20),
        word(index),
        Buffer.alloc(14 + 4 + 1),
      ]),
    ),
    ...(request.library === undefined ? [] : [string(request.library)]),
  ]);
  const name = Buffer.alloc(64);
  name.write(`Inno Setup Setup Data (${request.version ?? "6.4.0.1"})`);
  const headerBytes = Buffer.concat([name, buildBlock(header), buildBlock(Buffer.concat(locations))]);
  return { bytes: Buffer.concat([chunks, headerBytes]), headerOffset: chunks.length };
}

function buildChunks({ files, isSolid, method, isEncrypted }: InstallerRequest) {
  const contents = Object.values(files);
  const groups = isSolid ? [contents] : contents.map((content) => [content]);
  const parts: Buffer[] = [];
  const locations: Buffer[] = [];
  let start = 0;
  for (const group of groups) {
    const plain = Buffer.concat(group);
    const packed = method === "zlib" ? deflateSync(plain) : plain;
    let offset = 0;
    for (const content of group) {
      const flags = (method === "zlib" ? 0x80 : 0) | (isEncrypted ? 0x40 : 0);
      const digest = createHash("sha256").update(content).digest();
      locations.push(
        Buffer.concat([
          wide(0),
          word(start),
          wide(offset),
          wide(content.length),
          wide(packed.length),
          digest,
          Buffer.alloc(16),
          Buffer.from([flags, 0, 0]),
        ]),
      );
      offset += content.length;
    }
    parts.push(Buffer.from("zlb\x1a", "latin1"), packed);
    start += 4 + packed.length;
  }
  return { chunks: Buffer.concat(parts), locations };
}

/** Stored, not compressed. */
export function buildBlock(content: Buffer): Buffer {
  const pieces: Buffer[] = [];
  for (let at = 0; at < content.length; at += 4096) {
    const piece = content.subarray(at, at + 4096);
    pieces.push(word(crc32(piece)), piece);
  }
  const body = Buffer.concat(pieces);
  const head = Buffer.concat([word(body.length), Buffer.from([0])]);
  return Buffer.concat([word(crc32(head)), head, body]);
}

/** A whole installer: stub with its table, data, header, engine. */
export function buildProgram(
  request: InstallerRequest,
  engine: Buffer = buildPeImage({ magic: "pe32" }),
): Buffer {
  const stub = (table: Buffer) => withResources(buildPeImage(), [{ type: 10, name: 11_111, bytes: table }]);
  const start = stub(Buffer.alloc(44)).length;
  const { table, behind } = placeBehind(start, buildInstaller(request), engine);
  return Buffer.concat([stub(table), behind]);
}

/** The table for a stub of `start` bytes, and what is to stand behind it. */
export function placeBehind(start: number, { bytes, headerOffset }: Installer, engine: Buffer) {
  const block = buildBlock(engine);
  const fields = [
    1,
    start + bytes.length + block.length,
    start + bytes.length,
    engine.length,
    crc32(engine),
    start + headerOffset,
    start,
  ];
  const table = Buffer.concat([Buffer.from("72446c507453cde6d77b0b2a", "hex"), ...fields.map(word)]);
  return { table: Buffer.concat([table, word(crc32(table))]), behind: Buffer.concat([bytes, block]) };
}
