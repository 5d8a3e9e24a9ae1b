/** Windows images in which everything that is compared can be set. They are looked at, not run. Source: Microsoft, PE Format. @module */

import { type ResourceContent, withResources } from "../../formats/pe/section.fixture.ts";

export interface SectionRequest {
  readonly name: string;
  readonly bytes: Buffer;
  /** `r-x`; default `r--`. */
  readonly access?: string;
  /** Default: as many as there are bytes. */
  readonly memoryBytes?: number;
}

export interface ImageRequest {
  readonly isLibrary?: boolean;
  readonly magic?: "pe32" | "pe32+";
  /** Default: `.text` with 64 KiB of varied bytes. */
  readonly sections?: readonly SectionRequest[];
  /** Section and offset in it; default the start of the first. */
  readonly entry?: { readonly section: string; readonly offsetBytes?: number };
  readonly timestamp?: number;
  readonly linker?: readonly [number, number];
  /** 16 bytes. */
  readonly guid?: Buffer;
  readonly pdbPath?: string;
  /** `library!function`, `library!#3`. */
  readonly imports?: readonly string[];
  readonly lateImports?: readonly string[];
  /** `name`, `name → library.function`. */
  readonly exports?: readonly string[];
  /** Offsets in the first section. */
  readonly tlsCallbacks?: readonly number[];
  readonly resources?: readonly ResourceContent[];
  readonly overlay?: Buffer;
}

const PAGE = 4096;
const FILE_ALIGNMENT = 512;
const PE_OFFSET = 0x80;
const HEADERS_BYTES = 1024;
const IMAGE_BASE = 0x40_0000;

/** Bytes like code: varied, and the same for the same seed. */
export function codeBytes(sizeBytes = 64 * 1024, seed = 1): Buffer {
  const bytes = Buffer.alloc(sizeBytes);
  let state = seed;
  for (let at = 0; at < sizeBytes; at += 1) {
    state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 0;
    // Cubed, so that small values are more frequent than large ones, as in code.
    const value = (state >>> 16) & 0xff;
    bytes[at] = (value * value * value) >>> 16;
  }
  return bytes;
}

/** As packed and encrypted bytes are: every value as often. */
export function denseBytes(sizeBytes: number, seed = 1): Buffer {
  const bytes = Buffer.alloc(sizeBytes);
  let state = seed;
  for (let at = 0; at < sizeBytes; at += 1) {
    state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 0;
    bytes[at] = state >>> 16;
  }
  return bytes;
}

const textSection = (): SectionRequest => ({ name: ".text", bytes: codeBytes(), access: "r-x" });

/** An image with these parts; tables lie in a section `.rdata` behind the requested ones. */
export function buildImage(request: ImageRequest = {}): Buffer {
  const requested = request.sections ?? [textSection()];
  const tablesAddress = addressBehind(requested);
  const tables = new Tables(tablesAddress, request.magic !== "pe32");
  const directories = writeTables(tables, request);
  const sections = [...requested, { name: ".rdata", bytes: tables.bytes() }];
  const headers = writeHeaders(request, sections, directories);
  const image = Buffer.concat([headers, ...sections.map(({ bytes }) => pad(bytes))]);
  if (request.guid !== undefined)
    image.writeUInt32LE(
      image.length - pad(tables.bytes()).length + tables.debugRecord - tablesAddress,
      image.length - pad(tables.bytes()).length + tables.debugDirectory - tablesAddress + 24,
    );
  const whole = request.resources === undefined ? image : withResources(image, request.resources);
  return Buffer.concat([whole, request.overlay ?? Buffer.alloc(0)]);
}

const memoryOf = ({ memoryBytes, bytes }: SectionRequest): number => memoryBytes ?? bytes.length;
const pages = (section: SectionRequest): number => Math.max(1, Math.ceil(memoryOf(section) / PAGE)) * PAGE;
const addressBehind = (sections: readonly SectionRequest[]): number =>
  sections.reduce((address, section) => address + pages(section), PAGE);
const pad = (bytes: Buffer): Buffer =>
  Buffer.concat([bytes, Buffer.alloc((FILE_ALIGNMENT - (bytes.length % FILE_ALIGNMENT)) % FILE_ALIGNMENT)]);

/** Grows by pieces, and knows where each comes to lie in memory. */
class Tables {
  readonly isWide: boolean;
  debugDirectory = 0;
  debugRecord = 0;
  readonly #address: number;
  readonly #pieces: Buffer[] = [];
  #length = 0;

  constructor(address: number, isWide: boolean) {
    this.#address = address;
    this.isWide = isWide;
    this.add(Buffer.from("constants\0"));
  }

  add(bytes: Buffer): number {
    const at = this.#address + this.#length;
    const piece = Buffer.concat([bytes, Buffer.alloc((8 - (bytes.length % 8)) % 8)]);
    this.#pieces.push(piece);
    this.#length += piece.length;
    return at;
  }

  text(text: string): number {
    return this.add(Buffer.from(`${text}\0`, "latin1"));
  }

  words(values: readonly number[]): number {
    return this.add(Buffer.concat(values.map((value) => word(value))));
  }

  /** Of the image's width. */
  pointers(values: readonly (number | bigint)[]): number {
    const bytes = Buffer.alloc(values.length * (this.isWide ? 8 : 4));
    for (const [index, value] of values.entries())
      if (this.isWide) bytes.writeBigUInt64LE(BigInt(value), index * 8);
      else bytes.writeUInt32LE(Number(value), index * 4);
    return this.add(bytes);
  }

  bytes(): Buffer {
    return Buffer.concat(this.#pieces);
  }
}

function word(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32LE(value);
  return bytes;
}

type Directories = ReadonlyMap<number, readonly [number, number]>;

function writeTables(tables: Tables, request: ImageRequest): Directories {
  const directories = new Map<number, readonly [number, number]>();
  const rows = groupImports(request.imports).map(([library, names]) => {
    const thunks = tables.pointers([...names.map((name) => thunkOf(tables, name)), 0]);
    return [thunks, 0, 0, tables.text(`${library}.dll`), thunks];
  });
  if (rows.length > 0) directories.set(1, [tables.words([...rows.flat(), 0, 0, 0, 0, 0]), rows.length * 20]);
  const late = groupImports(request.lateImports).map(([library, names]) => {
    const thunks = tables.pointers([...names.map((name) => thunkOf(tables, name)), 0]);
    return [1, tables.text(`${library}.dll`), 0, thunks, thunks, 0, 0, 0];
  });
  if (late.length > 0) directories.set(13, [tables.words([...late.flat(), 0, 0, 0, 0, 0, 0, 0, 0]), 32]);
  if (request.exports !== undefined) directories.set(0, writeExports(tables, request.exports));
  if (request.tlsCallbacks !== undefined) {
    const list = tables.pointers([...request.tlsCallbacks.map((offset) => IMAGE_BASE + PAGE + offset), 0]);
    directories.set(9, [tables.pointers([0, 0, 0, IMAGE_BASE + list, 0]), tables.isWide ? 40 : 24]);
  }
  if (request.guid !== undefined) directories.set(6, writeDebug(tables, request.guid, request.pdbPath));
  return directories;
}

function groupImports(names: readonly string[] = []): [string, string[]][] {
  const groups = new Map<string, string[]>();
  for (const text of names) {
    const [library = "", name = ""] = text.split("!", 2);
    groups.set(library, [...(groups.get(library) ?? []), name]);
  }
  return [...groups];
}

function thunkOf(tables: Tables, name: string): number | bigint {
  if (!name.startsWith("#")) return tables.add(Buffer.from(`\0\0${name}\0`, "latin1"));
  const ordinal = Number(name.slice(1));
  return tables.isWide ? 0x8000_0000_0000_0000n + BigInt(ordinal) : 0x8000_0000 + ordinal;
}

/** The texts of forwards must lie inside what the directory names. */
function writeExports(tables: Tables, exports: readonly string[]): readonly [number, number] {
  const names = exports.map((text) => tables.text(text.split(" → ", 1)[0] ?? ""));
  const nameTable = tables.words(names);
  const ordinals = Buffer.alloc(exports.length * 2);
  for (const index of exports.keys()) ordinals.writeUInt16LE(index, index * 2);
  const ordinalTable = tables.add(ordinals);
  const start = tables.add(Buffer.alloc(0));
  const functionsAt = start + 40;
  const forwards = exports.map((text) => text.split(" → ", 2)[1]);
  let at = functionsAt + exports.length * 4;
  const functions = forwards.map((forward) => {
    if (forward === undefined) return PAGE;
    const place = at;
    at += forward.length + 1;
    return place;
  });
  const header = [0, 0, 0, 0, 1, exports.length, exports.length, functionsAt, nameTable, ordinalTable];
  const texts = Buffer.from(
    forwards.map((forward) => (forward === undefined ? "" : `${forward}\0`)).join(""),
  );
  tables.add(Buffer.concat([...[...header, ...functions].map(word), texts]));
  return [start, at - start];
}

function writeDebug(tables: Tables, guid: Buffer, path = "program.pdb"): readonly [number, number] {
  const record = Buffer.concat([Buffer.from("RSDS"), guid, word(1), Buffer.from(`${path}\0`)]);
  tables.debugRecord = tables.add(record);
  const directory = Buffer.alloc(28);
  directory.writeUInt32LE(2, 12);
  directory.writeUInt32LE(record.length, 16);
  directory.writeUInt32LE(tables.debugRecord, 20);
  tables.debugDirectory = tables.add(directory);
  return [tables.debugDirectory, 28];
}

function writeHeaders(
  request: ImageRequest,
  sections: readonly SectionRequest[],
  directories: Directories,
): Buffer {
  const isWide = request.magic !== "pe32";
  const headers = Buffer.alloc(HEADERS_BYTES);
  headers.write("MZ", 0, "latin1");
  headers.writeUInt32LE(PE_OFFSET, 0x3c);
  headers.write("PE\0\0", PE_OFFSET, "latin1");
  const coff = headers.subarray(PE_OFFSET + 4);
  const optionalBytes = isWide ? 240 : 224;
  coff.writeUInt16LE(isWide ? 0x8664 : 0x14c, 0);
  coff.writeUInt16LE(sections.length, 2);
  coff.writeUInt32LE(request.timestamp ?? 0, 4);
  coff.writeUInt16LE(optionalBytes, 16);
  coff.writeUInt16LE(request.isLibrary === true ? 0x2022 : 0x22, 18);
  const optional = headers.subarray(PE_OFFSET + 24);
  optional.writeUInt16LE(isWide ? 0x20b : 0x10b, 0);
  const [major, minor] = request.linker ?? [14, 29];
  optional.writeUInt8(major, 2);
  optional.writeUInt8(minor, 3);
  optional.writeUInt32LE(entryAddress(request, sections), 16);
  if (isWide) optional.writeBigUInt64LE(BigInt(IMAGE_BASE), 24);
  else optional.writeUInt32LE(IMAGE_BASE, 28);
  optional.writeUInt32LE(PAGE, 32);
  optional.writeUInt32LE(FILE_ALIGNMENT, 36);
  optional.writeUInt32LE(addressBehind(sections), 56);
  optional.writeUInt32LE(HEADERS_BYTES, 60);
  optional.writeUInt16LE(3, 68);
  optional.writeUInt32LE(16, isWide ? 108 : 92);
  for (const [index, [address, sizeBytes]] of directories) {
    optional.writeUInt32LE(address, (isWide ? 112 : 96) + index * 8);
    optional.writeUInt32LE(sizeBytes, (isWide ? 112 : 96) + index * 8 + 4);
  }
  writeSections(headers.subarray(PE_OFFSET + 24 + optionalBytes), sections);
  return headers;
}

function entryAddress({ entry }: ImageRequest, sections: readonly SectionRequest[]): number {
  const index = entry === undefined ? 0 : sections.findIndex(({ name }) => name === entry.section);
  return addressBehind(sections.slice(0, index)) + (entry?.offsetBytes ?? 0);
}

function writeSections(table: Buffer, sections: readonly SectionRequest[]): void {
  let offset = HEADERS_BYTES;
  for (const [index, section] of sections.entries()) {
    const row = table.subarray(index * 40);
    row.write(section.name, 0, 8, "latin1");
    row.writeUInt32LE(memoryOf(section), 8);
    row.writeUInt32LE(addressBehind(sections.slice(0, index)), 12);
    row.writeUInt32LE(pad(section.bytes).length, 16);
    row.writeUInt32LE(offset, 20);
    row.writeUInt32LE(flagsOf(section.access ?? "r--"), 36);
    offset += pad(section.bytes).length;
  }
}

const flagsOf = (access: string): number =>
  0x4000_0000 + (access.includes("w") ? 0x8000_0000 : 0) + (access.includes("x") ? 0x2000_0020 : 0x40);
