/**
 * Which functions of which libraries an image asks for, at its start and when it first calls them.
 * Source: Microsoft, PE Format, "The .idata Section" and "Delay-Load Import Tables".
 * @module
 */

import { ArtifactError, type Budget } from "@sallyport/core";
import { DIRECTORY } from "./headers.ts";
import type { MappedImage } from "./mapped-image.ts";

export interface Import {
  /** Lower-case, without the ending `.dll`. */
  readonly library: string;
  /** A name, or `#` and an ordinal. */
  readonly name: string;
  readonly isLate: boolean;
}

const ROW_BYTES = 20;
const LATE_ROW_BYTES = 32;
const MAX_LIBRARIES = 2048;
/** Over all libraries; the largest programs have some thousand. */
const MAX_IMPORTS = 65_536;
const MAX_NAME_LENGTH = 512;

/**
 * Every import, in the file's order. A library whose list is not in the file ends with what could be read of it.
 * @throws {@link ArtifactError} `artifact.over-limit` for tables without an end
 */
export async function* readImports(image: MappedImage, budget: Budget): AsyncGenerator<Import> {
  const count = { left: MAX_IMPORTS };
  for await (const library of readLibraries(image)) {
    budget.checkTime();
    const isLate = library.isLate;
    const name = library.name.toLowerCase().replace(/\.dll$/, "");
    for await (const imported of readThunks(image, library, count))
      yield { library: name, name: imported, isLate };
  }
}

interface Library {
  readonly name: string;
  /** Where its list of names stands. */
  readonly thunks: number;
  readonly isLate: boolean;
  /** What pointers in the list count from: 0, or the image's base in old delay tables. */
  readonly base: number;
}

async function* readLibraries(image: MappedImage): AsyncGenerator<Library> {
  const { directories } = image.headers;
  for await (const row of readRows(image, directories[DIRECTORY.imports]?.address, ROW_BYTES)) {
    const [names, library, addresses] = [row.readUInt32LE(0), row.readUInt32LE(12), row.readUInt32LE(16)];
    if (library === 0) break;
    const name = await image.textAt(library, MAX_NAME_LENGTH);
    // Old linkers write no list of names: the addresses hold it until the image is loaded.
    if (name !== undefined) yield { name, thunks: names === 0 ? addresses : names, isLate: false, base: 0 };
  }
  for await (const row of readRows(image, directories[DIRECTORY.delayImports]?.address, LATE_ROW_BYTES)) {
    const base = (row.readUInt32LE(0) & 1) === 1 ? 0 : Number(image.headers.imageBase);
    const [library, names] = [row.readUInt32LE(4) - base, row.readUInt32LE(16) - base];
    if (row.readUInt32LE(4) === 0) break;
    const name = await image.textAt(library, MAX_NAME_LENGTH);
    if (name !== undefined) yield { name, thunks: names, isLate: true, base };
  }
}

async function* readRows(
  image: MappedImage,
  address: number | undefined,
  rowBytes: number,
): AsyncGenerator<Buffer> {
  if (address === undefined || address === 0) return;
  const table = await image.bytesAt(address, MAX_LIBRARIES * rowBytes);
  for (let at = 0; at + rowBytes <= table.length; at += rowBytes) yield table.subarray(at, at + rowBytes);
}

async function* readThunks(
  image: MappedImage,
  library: Library,
  count: { left: number },
): AsyncGenerator<string> {
  const width = image.isWide ? 8 : 4;
  const table = await image.bytesAt(library.thunks, (count.left + 1) * width);
  for (let at = 0; at + width <= table.length; at += width) {
    const high = table.readUInt32LE(at + width - 4);
    const low = table.readUInt32LE(at);
    if (high === 0 && low === 0) return;
    if (count.left === 0) throw new ArtifactError("artifact.over-limit", "PE: imports without an end");
    count.left -= 1;
    if (high >= BY_ORDINAL) yield `#${low & 0xffff}`;
    // Two bytes of hint stand before the name.
    else yield (await image.textAt(low - library.base + 2, MAX_NAME_LENGTH)) ?? "?";
  }
}

const BY_ORDINAL = 0x8000_0000;
