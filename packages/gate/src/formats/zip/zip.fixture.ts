/** Builds zips byte by byte, decent and lying ones, and reads them as the descent does. For tests only. @module */

import { crc32, deflateRawSync } from "node:zlib";
import { ArtifactError, Budget, type Limits, MemorySource } from "@sallyport/core";
import type { Finding } from "../../finding.ts";
import { zip } from "./index.ts";

export interface Part {
  readonly name: string | Buffer;
  readonly bytes?: Uint8Array;
  /** What stands in the archive for the member; `bytes` deflated, or as they are with method 0. */
  readonly packed?: Uint8Array;
  readonly method?: number;
  readonly flags?: number;
  readonly madeBy?: number;
  readonly attributes?: number;
  readonly extra?: Buffer;
  readonly localExtra?: Buffer;
  readonly localName?: string | Buffer;
  readonly crc?: number;
  readonly sizeBytes?: number;
  readonly localSizeBytes?: number;
  /** What follows the data: a descriptor, or something else. The local sizes are then zero. */
  readonly after?: Buffer;
  readonly offset?: number;
  readonly isUnlisted?: boolean;
  readonly isOnlyListed?: boolean;
}

export interface Frame {
  readonly prefix?: Buffer;
  /** Offsets count from the archive's own start, as `cat stub.exe a.zip` leaves them. */
  readonly isRelative?: boolean;
  readonly beforeDirectory?: Buffer;
  readonly comment?: Buffer;
  readonly count?: number;
  readonly end?: Buffer;
}

/** §4.3.9, with the signature that most tools write. */
export function descriptor(bytes: Uint8Array, options: { bare?: boolean; wide?: boolean } = {}): Buffer {
  const packed = deflateRawSync(bytes).length;
  const record = Buffer.alloc(options.wide ? 24 : 16);
  record.writeUInt32LE(0x08074b50, 0);
  record.writeUInt32LE(crc32(bytes), 4);
  record.writeUInt32LE(packed, 8);
  record.writeUInt32LE(bytes.length, options.wide ? 16 : 12);
  return options.bare ? record.subarray(4) : record;
}

/** §4.5.3 and others: one extra field. */
export function field(id: number, content: Buffer): Buffer {
  const head = Buffer.alloc(4);
  head.writeUInt16LE(id, 0);
  head.writeUInt16LE(content.length, 2);
  return Buffer.concat([head, content]);
}

export function wideField(...values: readonly number[]): Buffer {
  const content = Buffer.alloc(values.length * 8);
  for (const [at, value] of values.entries()) content.writeBigUInt64LE(BigInt(value), at * 8);
  return field(1, content);
}

/** §4.3.14 and §4.3.15. */
export function wideEnd(values: {
  count: number;
  directoryBytes: number;
  directoryOffset: number;
  at: number;
}): Buffer {
  const record = Buffer.alloc(76);
  record.writeUInt32LE(0x06064b50, 0);
  record.writeBigUInt64LE(44n, 4);
  record.writeBigUInt64LE(BigInt(values.count), 24);
  record.writeBigUInt64LE(BigInt(values.count), 32);
  record.writeBigUInt64LE(BigInt(values.directoryBytes), 40);
  record.writeBigUInt64LE(BigInt(values.directoryOffset), 48);
  record.writeUInt32LE(0x07064b50, 56);
  record.writeBigUInt64LE(BigInt(values.at), 64);
  record.writeUInt32LE(1, 72);
  return record;
}

/** @returns the archive's bytes, the same every time */
export function buildZip(parts: readonly Part[], frame: Frame = {}): Buffer {
  const { prefix = Buffer.alloc(0), beforeDirectory = Buffer.alloc(0), comment = Buffer.alloc(0) } = frame;
  const base = frame.isRelative ? prefix.length : 0;
  const files: Buffer[] = [prefix];
  const directory: Buffer[] = [];
  let offset = prefix.length;
  for (const part of parts) {
    const file = part.isOnlyListed ? Buffer.alloc(0) : localPart(part);
    if (!part.isUnlisted) directory.push(centralPart(part, part.offset ?? offset - base));
    files.push(file);
    offset += file.length;
  }
  const listed = Buffer.concat(directory);
  const at = offset + beforeDirectory.length - base;
  const end = Buffer.alloc(22);
  const count = frame.count ?? directory.length;
  end.writeUInt32LE(0x06054b50, 0);
  end.writeUInt16LE(Math.min(0xffff, count), 8);
  end.writeUInt16LE(Math.min(0xffff, count), 10);
  end.writeUInt32LE(listed.length, 12);
  end.writeUInt32LE(at, 16);
  end.writeUInt16LE(comment.length, 20);
  const wide =
    count < 0xffff
      ? Buffer.alloc(0)
      : wideEnd({ count, directoryBytes: listed.length, directoryOffset: at, at: at + listed.length });
  return Buffer.concat([...files, beforeDirectory, listed, wide, frame.end ?? end, comment]);
}

function localPart(part: Part): Buffer {
  const { bytes = Buffer.alloc(0), extra = Buffer.alloc(0) } = part;
  const name = Buffer.from(part.localName ?? part.name);
  const packed = packedOf(part);
  const later = part.after !== undefined;
  const localExtra = part.localExtra ?? extra;
  const header = Buffer.alloc(30);
  header.writeUInt32LE(0x04034b50, 0);
  header.writeUInt16LE(20, 4);
  header.writeUInt16LE(flagsOf(part), 6);
  header.writeUInt16LE(part.method ?? 8, 8);
  header.writeUInt16LE(0x21, 12);
  header.writeUInt32LE(later ? 0 : (part.crc ?? crc32(bytes)), 14);
  header.writeUInt32LE(later ? 0 : packed.length, 18);
  header.writeUInt32LE(later ? 0 : (part.localSizeBytes ?? part.sizeBytes ?? bytes.length), 22);
  header.writeUInt16LE(name.length, 26);
  header.writeUInt16LE(localExtra.length, 28);
  return Buffer.concat([header, name, localExtra, packed, part.after ?? Buffer.alloc(0)]);
}

function centralPart(part: Part, offset: number): Buffer {
  const { bytes = Buffer.alloc(0), extra = Buffer.alloc(0) } = part;
  const name = Buffer.from(part.name);
  const header = Buffer.alloc(46);
  header.writeUInt32LE(0x02014b50, 0);
  header.writeUInt16LE(20 | ((part.madeBy ?? 0) << 8), 4);
  header.writeUInt16LE(20, 6);
  header.writeUInt16LE(flagsOf(part), 8);
  header.writeUInt16LE(part.method ?? 8, 10);
  header.writeUInt16LE(0x21, 14);
  header.writeUInt32LE(part.crc ?? crc32(bytes), 16);
  header.writeUInt32LE(packedOf(part).length, 20);
  header.writeUInt32LE(part.sizeBytes ?? bytes.length, 24);
  header.writeUInt16LE(name.length, 28);
  header.writeUInt16LE(extra.length, 30);
  header.writeUInt32LE(part.attributes ?? 0, 38);
  header.writeUInt32LE(offset, 42);
  return Buffer.concat([header, name, extra]);
}

const flagsOf = ({ flags = 0x0800, after }: Part): number => (after === undefined ? flags : flags | 8);

const packedOf = ({ bytes = Buffer.alloc(0), packed, method = 8 }: Part): Uint8Array =>
  packed ?? (method === 8 ? deflateRawSync(bytes) : bytes);

export interface Reading {
  readonly findings: readonly Finding[];
  /** Content by name, in the order of the bytes; a second member of a name has a mark behind it. */
  readonly contents: ReadonlyMap<string, Buffer>;
  /** Codes of the errors that stopped the archive (`""`) or a member (its name). */
  readonly codes: ReadonlyMap<string, string>;
  readonly format: string;
  readonly becauses: readonly string[];
}

/** Anything but one of our errors is a defect and is thrown. */
export async function readZip(
  bytes: Uint8Array,
  options: { limits?: Limits; maxHeldBytes?: number; offsetInParentBytes?: number } = {},
): Promise<Reading> {
  const findings: Finding[] = [];
  const contents = new Map<string, Buffer>();
  const codes = new Map<string, string>();
  let format = "zip";
  const budget = new Budget(options.limits);
  const context = {
    budget,
    report: (finding: Finding) => void findings.push(finding),
    refineFormat: (name: string) => {
      format = name;
    },
    claimIdentity: () => undefined,
    offsetInParentBytes: options.offsetInParentBytes ?? 0,
    memberNames: undefined,
    maxHeldBytes: options.maxHeldBytes ?? 1 << 24,
  };
  await guard("", codes, async () => {
    for await (const member of zip.open?.(new MemorySource(bytes), context) ?? []) {
      const name = contents.has(member.name) ? `${member.name}#${contents.size}` : member.name;
      await guard(name, codes, async () => {
        const pieces: Uint8Array[] = [];
        for await (const piece of member.range?.source.stream() ?? member.content()) {
          if (member.range) budget.spendBytes(piece.length);
          pieces.push(piece);
        }
        contents.set(name, Buffer.concat(pieces));
      });
    }
  });
  return { findings, contents, codes, format, becauses: findings.map(({ because }) => because) };
}

async function guard(name: string, codes: Map<string, string>, act: () => Promise<void>): Promise<void> {
  try {
    await act();
  } catch (error) {
    if (!(error instanceof ArtifactError)) throw error;
    codes.set(name, error.code);
  }
}
