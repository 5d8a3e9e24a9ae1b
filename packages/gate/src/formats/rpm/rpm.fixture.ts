/** Writes RPM packages as decent or as dishonest as a test wants them. @module */

import { createHash } from "node:crypto";
import { gzipSync } from "node:zlib";
import { buildCpio, type CpioPart } from "../cpio/cpio.fixture.ts";
import { SAMPLE_TEXT } from "../sample-text.fixture.ts";
import { REGION, SIGNATURE_TAG, TAG } from "./tags.ts";

/** A tag's value: a text, several, 32-bit numbers, 16-bit ones, or bytes. */
export type RpmValue =
  | string
  | readonly string[]
  | { readonly int16: readonly number[] }
  | { readonly int32: readonly number[] }
  | { readonly int64: readonly number[] }
  | Buffer;

export type RpmTags = readonly (readonly [tag: number, value: RpmValue])[];

export interface HeaderOptions {
  /** In place of the region's own tag; undefined writes none, as before RPM 4. */
  readonly region?: number | undefined;
  /** Bytes behind the last tag. */
  readonly more?: Buffer;
  /** Entries that the region's trailer does not count. */
  readonly unsealed?: number;
}

/** The tags in ascending order, sealed by a region. */
export function writeHeader(tags: RpmTags, options: HeaderOptions): Buffer {
  const { region, more = Buffer.alloc(0), unsealed = 0 } = options;
  const index: Buffer[] = [];
  let data = Buffer.alloc(0);
  for (const [tag, value] of tags) {
    const { type, count, bytes, alignment } = encode(value);
    const filling = (alignment - (data.length % alignment)) % alignment;
    data = Buffer.concat([data, Buffer.alloc(filling)]);
    index.push(entry(tag, { type, offset: data.length, count }));
    data = Buffer.concat([data, bytes]);
  }
  if (region !== undefined) {
    index.unshift(entry(region, { type: 7, offset: data.length, count: 16 }));
    const trailer = entry(region, { type: 7, offset: -16 * (index.length - unsealed), count: 16 });
    data = Buffer.concat([data, trailer]);
  }
  data = Buffer.concat([data, more]);
  const intro = Buffer.alloc(16);
  intro.write("8eade80100000000", 0, "hex");
  intro.writeUInt32BE(index.length, 8);
  intro.writeUInt32BE(data.length, 12);
  return Buffer.concat([intro, ...index, data]);
}

function entry(tag: number, at: { type: number; offset: number; count: number }): Buffer {
  const bytes = Buffer.alloc(16);
  bytes.writeUInt32BE(tag, 0);
  bytes.writeUInt32BE(at.type, 4);
  bytes.writeInt32BE(at.offset, 8);
  bytes.writeUInt32BE(at.count, 12);
  return bytes;
}

function encode(value: RpmValue): { type: number; count: number; bytes: Buffer; alignment: number } {
  if (typeof value === "string") return { type: 6, count: 1, bytes: Buffer.from(`${value}\0`), alignment: 1 };
  if (Buffer.isBuffer(value)) return { type: 7, count: value.length, bytes: value, alignment: 1 };
  if (isTexts(value))
    return { type: 8, count: value.length, bytes: Buffer.from(`${value.join("\0")}\0`), alignment: 1 };
  if ("int16" in value) return numbers(3, value.int16, 2);
  if ("int32" in value) return numbers(4, value.int32, 4);
  return numbers(5, value.int64, 8);
}

const isTexts = (value: RpmValue): value is readonly string[] => Array.isArray(value);

function numbers(type: number, values: readonly number[], width: number) {
  const bytes = Buffer.alloc(values.length * width);
  for (const [at, number] of values.entries())
    if (width === 8) bytes.writeBigUInt64BE(BigInt(number), at * 8);
    else bytes.writeUIntBE(number, at * width, width);
  return { type, count: values.length, bytes, alignment: width };
}

export interface RpmFile {
  /** From the root: `/usr/share/a.txt`. */
  readonly name: string;
  readonly mode?: number;
  readonly bytes?: Buffer | string;
  readonly digest?: string;
  readonly linkTarget?: string;
}

export const FILES: readonly RpmFile[] = [
  { name: "/usr/share/sample", mode: 0o40755 },
  { name: "/usr/share/sample/a.txt", bytes: SAMPLE_TEXT },
  { name: "/usr/share/sample/link", mode: 0o120777, linkTarget: "a.txt" },
];

export const fileTags = (files: readonly RpmFile[]): RpmTags => {
  const folders = [...new Set(files.map(({ name }) => folderOf(name)))];
  const contents = files.map(({ bytes = "", linkTarget = "" }) =>
    Buffer.from(bytes.length > 0 ? bytes : linkTarget),
  );
  return [
    [TAG.fileSizes, { int32: contents.map(({ length }) => length) }],
    [TAG.fileModes, { int16: files.map(({ mode = 0o100644 }) => mode) }],
    [
      TAG.fileDigests,
      files.map(({ mode = 0o100644, digest }, at) =>
        mode >= 0o100000 && mode < 0o110000 ? (digest ?? sha256(contents[at] ?? Buffer.alloc(0))) : "",
      ),
    ],
    [TAG.fileLinkTargets, files.map(({ linkTarget = "" }) => linkTarget)],
    [TAG.folderIndexes, { int32: files.map(({ name }) => folders.indexOf(folderOf(name))) }],
    [TAG.baseNames, files.map(({ name }) => name.slice(folderOf(name).length))],
    [TAG.folderNames, folders],
  ];
};

const folderOf = (name: string): string => name.slice(0, name.lastIndexOf("/") + 1);

export const sha256 = (bytes: Buffer): string => createHash("sha256").update(bytes).digest("hex");

export const cpioOf = (files: readonly RpmFile[]): Buffer =>
  buildCpio(
    "newc",
    files.map(
      ({ name, mode = 0o100644, bytes = "", linkTarget = "" }): CpioPart => ({
        name: `.${name}`,
        mode,
        bytes: bytes.length > 0 ? bytes : linkTarget,
      }),
    ),
  );

export interface RpmParts {
  readonly files?: readonly RpmFile[];
  /** What the payload holds, packed. */
  readonly payload?: Buffer;
  /** Replace or add to the main header's tags. */
  readonly tags?: RpmTags;
  readonly header?: HeaderOptions;
  /** Replace or add to the signature header's tags. */
  readonly signatureTags?: (signed: { header: Buffer; payload: Buffer }) => RpmTags;
  readonly signatureHeader?: HeaderOptions;
  readonly padding?: string;
  readonly lead?: (lead: Buffer) => void;
}

export const NAMES: RpmTags = [
  [TAG.name, "sample"],
  [TAG.version, "1.2"],
  [TAG.release, "3"],
  [TAG.vendor, "Example Makers"],
  [TAG.architecture, "noarch"],
  [TAG.sourcePackage, "sample-1.2-3.src.rpm"],
  [TAG.payloadFormat, "cpio"],
  [TAG.payloadCompressor, "gzip"],
  [TAG.fileDigestAlgorithm, { int32: [8] }],
];

/** A package of version 4, its digests right unless a tag is replaced. */
export function writeRpm(parts: RpmParts = {}): Buffer {
  const files = parts.files ?? FILES;
  const payload = parts.payload ?? gzipSync(cpioOf(files));
  const digests: RpmTags = [
    [TAG.payloadSha256, [sha256(payload)]],
    [TAG.payloadDigestAlgorithm, { int32: [8] }],
  ];
  const header = writeHeader(merge([...NAMES, ...fileTags(files), ...digests], parts.tags ?? []), {
    region: REGION.immutable,
    ...parts.header,
  });
  const own: RpmTags = [
    [SIGNATURE_TAG.sha1Header, createHash("sha1").update(header).digest("hex")],
    [SIGNATURE_TAG.sha256Header, sha256(header)],
    [SIGNATURE_TAG.size, { int32: [header.length + payload.length] }],
    [SIGNATURE_TAG.md5, createHash("md5").update(header).update(payload).digest()],
    [SIGNATURE_TAG.reservedSpace, Buffer.alloc(100)],
  ];
  const signatures = writeHeader(merge(own, parts.signatureTags?.({ header, payload }) ?? []), {
    region: REGION.signatures,
    ...parts.signatureHeader,
  });
  const padding = Buffer.alloc((8 - (signatures.length % 8)) % 8, parts.padding ?? "\0");
  const lead = writeLead();
  parts.lead?.(lead);
  return Buffer.concat([lead, signatures, padding, header, payload]);
}

/** An empty list takes a tag away. */
function merge(own: RpmTags, more: RpmTags): RpmTags {
  const merged = new Map([...own, ...more]);
  return [...merged]
    .filter(([, value]) => !(Array.isArray(value) && value.length === 0))
    .sort(([left], [right]) => left - right);
}

function writeLead(): Buffer {
  const lead = Buffer.alloc(96);
  lead.write("edabeedb0300", 0, "hex");
  lead.writeUInt16BE(0xff, 8);
  lead.write("sample-1.2-3", 10);
  lead.writeUInt16BE(1, 76);
  lead.writeUInt16BE(5, 78);
  return lead;
}
