/** Builds xar archives, and gets wrong what a test asks for. */

import { createHash } from "node:crypto";
import { deflateSync } from "node:zlib";

export interface XarMemberShape {
  readonly name: string;
  readonly content?: Uint8Array;
  readonly children?: readonly XarMemberShape[];
  /** Default zlib. */
  readonly encoding?: "application/x-gzip" | "application/octet-stream" | string;
  /** What stands in the heap instead of `content` packed. */
  readonly packed?: Uint8Array;
  readonly type?: string;
  readonly link?: string;
  /** Replaces the XML of its `data`. */
  readonly data?: (xml: string) => string;
  readonly attribute?: Uint8Array;
}

export interface XarShape {
  /** Default `sha1`, as Apple's tools write. */
  readonly style?: "none" | "sha1" | "sha256" | "md5";
  readonly changeTable?: (xml: string) => string;
  /** Elements for signatures, and how many bytes the heap holds for them behind the checksum. */
  readonly signatures?: { readonly xml: string; readonly sizeBytes: number };
  readonly tail?: Uint8Array;
  readonly headerNumber?: number;
  readonly headerName?: string;
}

export interface BuiltXar {
  readonly bytes: Buffer;
  readonly packedTable: Buffer;
  readonly heapAt: number;
}

const CHECKSUM_BYTES = { none: 0, md5: 16, sha1: 20, sha256: 32 } as const;
const NUMBERS = { none: 0, sha1: 1, md5: 2, sha256: 3 } as const;

/** Where the bytes of signatures are counted from: right behind the checksum. */
export const signatureOffset = (style: keyof typeof CHECKSUM_BYTES): number => CHECKSUM_BYTES[style];

export function buildXar(members: readonly XarMemberShape[], shape: XarShape = {}): BuiltXar {
  const { style = "sha1", changeTable = (xml: string) => xml } = shape;
  const heap: Uint8Array[] = [Buffer.alloc(CHECKSUM_BYTES[style] + (shape.signatures?.sizeBytes ?? 0))];
  const writing: Writing = { heap, style, id: { next: 1 } };
  const files = members.map((member) => writeFile(member, writing)).join("");
  const checksum =
    style === "none"
      ? ""
      : `<checksum style="${style}"><offset>0</offset><size>${CHECKSUM_BYTES[style]}</size></checksum>`;
  const table = changeTable(
    `<?xml version="1.0" encoding="UTF-8"?><xar><toc>${checksum}${shape.signatures?.xml ?? ""}${files}</toc></xar>`,
  );
  const packedTable = deflateSync(table);
  const name = shape.headerName === undefined ? Buffer.alloc(0) : Buffer.alloc(16);
  name.write(shape.headerName ?? "");
  const header = Buffer.alloc(28);
  header.write("xar!");
  header.writeUInt16BE(28 + name.length, 4);
  header.writeUInt16BE(1, 6);
  header.writeBigUInt64BE(BigInt(packedTable.length), 8);
  header.writeBigUInt64BE(BigInt(Buffer.byteLength(table)), 16);
  header.writeUInt32BE(shape.headerNumber ?? NUMBERS[style], 24);
  const front = Buffer.concat([header, name, packedTable]);
  const bytes = Buffer.concat([front, ...heap, shape.tail ?? Buffer.alloc(0)]);
  if (style !== "none") createHash(style).update(packedTable).digest().copy(bytes, front.length);
  return { bytes, packedTable, heapAt: front.length };
}

interface Writing {
  readonly heap: Uint8Array[];
  readonly style: string;
  readonly id: { next: number };
}

function writeFile(member: XarMemberShape, writing: Writing): string {
  const id = writing.id.next;
  writing.id.next += 1;
  const { name, children, content, type = children === undefined ? "file" : "directory" } = member;
  const link = member.link === undefined ? "" : `<link type="file">${member.link}</link>`;
  const data = content === undefined ? "" : writeData(member, content, writing);
  const attribute =
    member.attribute === undefined
      ? ""
      : `<ea id="0"><name>com.example</name>${placeOf(member.attribute, member.attribute.length, writing)}</ea>`;
  const inner = (children ?? []).map((child) => writeFile(child, writing)).join("");
  return `<file id="${id}">${data}${attribute}<type>${type}</type>${link}<name>${name}</name>${inner}</file>`;
}

function writeData(member: XarMemberShape, content: Uint8Array, writing: Writing): string {
  const { encoding = "application/x-gzip" } = member;
  const packed =
    member.packed ?? (encoding === "application/x-gzip" ? deflateSync(content) : Buffer.from(content));
  const style = writing.style === "none" ? "sha1" : writing.style;
  const sum = (name: string, bytes: Uint8Array) =>
    `<${name} style="${style}">${createHash(style).update(bytes).digest("hex")}</${name}>`;
  const xml =
    `<data>${placeOf(packed, content.length, writing)}<encoding style="${encoding}"/>` +
    `${sum("extracted-checksum", content)}${sum("archived-checksum", packed)}</data>`;
  return member.data === undefined ? xml : member.data(xml);
}

function placeOf(packed: Uint8Array, sizeBytes: number, { heap }: Writing): string {
  const offset = heap.reduce((sum, { length }) => sum + length, 0);
  heap.push(packed);
  return `<length>${packed.length}</length><offset>${offset}</offset><size>${sizeBytes}</size>`;
}
