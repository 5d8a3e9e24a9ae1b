/**
 * An installer's header: what it calls itself, how its files are compressed, and where each of them is to go.
 * Source: Inno Setup, Projects/Src/Shared.Struct.pas (`TSetupHeader`, `TSetupFileEntry`).
 * @module
 */

import { ArtifactError, type Budget } from "@sallyport/core";
import type { Identity } from "../../artifact.ts";
import { installerPath } from "../installer-path.ts";
import type { Layout, Version } from "./layout.ts";
import { RecordReader } from "./record-reader.ts";

export type Method = "stored" | "zlib" | "bzip2" | "lzma" | "lzma2";

export interface Header {
  readonly identity: Identity;
  readonly method: Method;
  readonly locationCount: number;
  /** By the number of the location; the first of several names. */
  readonly names: ReadonlyMap<number, string>;
  /** Programs in the header itself, which set-up loads: decompressors. */
  readonly libraries: readonly Buffer[];
  /** The compiled script; empty when there is none. */
  readonly code: Buffer;
}

const METHODS: readonly Method[] = ["stored", "zlib", "bzip2", "lzma", "lzma2"];
const NO_LOCATION = 0xffff_ffff;
const FILES_TABLE = { narrow: 7, wide: 8 } as const;
const CODE_MARK = "IFPS";
/** Of what is shown: paths, names, versions. */
const LONGEST_TEXT_BYTES = 8192;

/** @throws {@link ArtifactError} `artifact.unsupported` where the records are not laid out as their version's are */
export function readHeader(
  block: Buffer,
  { layout, version, budget }: { layout: Layout; version: Version; budget: Budget },
): Header {
  const reader = new RecordReader(block);
  const strings = reader.strings(layout.header.strings);
  reader.take(layout.header.leadBytes);
  const counts = Array.from({ length: layout.header.counts }, () => reader.word());
  const filesAt = layout.header.counts === 17 ? FILES_TABLE.wide : FILES_TABLE.narrow;
  reader.take(layout.header.toMethodBytes);
  const method = METHODS[reader.take(1).readUInt8(0)];
  if (method === undefined) throw unknownLayout(version);
  reader.take(layout.header.afterMethodBytes);
  for (const [index, { strings: stringCount, tailBytes }] of layout.tables.entries())
    for (let left = counts[index] ?? 0; left > 0; left -= 1) {
      budget.checkTime();
      for (let string = 0; string < stringCount; string += 1) reader.string();
      reader.take(tailBytes);
    }
  const locationCount = counts[filesAt + 1] ?? 0;
  const decode = (bytes: Buffer | undefined): string =>
    (bytes ?? Buffer.alloc(0))
      .subarray(0, LONGEST_TEXT_BYTES)
      .toString(version.isUnicode ? "utf16le" : "latin1");
  const names = readNames(reader, {
    layout,
    version,
    budget,
    decode,
    fileCount: counts[filesAt] ?? 0,
    locationCount,
  });
  return {
    identity: identityOf(strings, layout, decode),
    method,
    locationCount,
    names,
    libraries: trailingLibraries(block.subarray(block.length - reader.restBytes)),
    code: strings.find((bytes) => bytes.toString("latin1", 0, 4) === CODE_MARK) ?? Buffer.alloc(0),
  };
}

interface FileTable {
  readonly layout: Layout;
  readonly version: Version;
  readonly budget: Budget;
  readonly fileCount: number;
  readonly locationCount: number;
  decode(bytes: Buffer | undefined): string;
}

function readNames(reader: RecordReader, table: FileTable): Map<number, string> {
  const { layout, version, budget, decode, fileCount, locationCount } = table;
  const names = new Map<number, string>();
  for (let left = fileCount; left > 0; left -= 1) {
    budget.checkTime();
    const [source, destination] = reader.strings(layout.file.strings);
    reader.take(layout.file.toLocationBytes);
    const location = reader.word();
    reader.take(layout.file.afterLocationBytes);
    if (location === NO_LOCATION) continue;
    if (location >= locationCount) throw unknownLayout(version);
    const name = installerPath(decode(destination)) || installerPath(decode(source));
    if (name !== "" && !names.has(location)) names.set(location, name);
  }
  return names;
}

function identityOf(
  strings: readonly Buffer[],
  { header }: Layout,
  decode: (bytes: Buffer | undefined) => string,
): Identity {
  const [product, company, version] = [0, 4, header.versionAt].map((at) => decode(strings[at]).slice(0, 256));
  return {
    ...(product && { product }),
    ...(company && { company }),
    ...(version && { version }),
  };
}

/** The last things in the block are libraries, each behind its length. */
function trailingLibraries(rest: Buffer): Buffer[] {
  const libraries: Buffer[] = [];
  let end = rest.length;
  for (let at = rest.lastIndexOf("MZ"); at >= 4; at = at > 0 ? rest.lastIndexOf("MZ", at - 1) : -1) {
    if (rest.readUInt32LE(at - 4) !== end - at) continue;
    libraries.unshift(rest.subarray(at, end));
    end = at - 4;
  }
  return libraries;
}

const unknownLayout = ({ text }: Version): ArtifactError =>
  new ArtifactError(
    "artifact.unsupported",
    `Inno Setup: the records are not laid out as those of version ${text}`,
  );
