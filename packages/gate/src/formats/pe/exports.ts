/**
 * What a library offers, and what it lets another library answer. Source: Microsoft, PE Format, "The .edata Section".
 * @module
 */

import type { Budget } from "@sallyport/core";
import { DIRECTORY } from "./headers.ts";
import type { MappedImage } from "./mapped-image.ts";

export interface Export {
  /** A name, or `#` and an ordinal for what has none. */
  readonly name: string;
  /** `library.function`, when it is answered elsewhere. */
  readonly forward?: string;
}

const TABLE_BYTES = 40;
/** An ordinal is a word. */
const MAX_EXPORTS = 65_536;
const MAX_NAME_LENGTH = 512;
const TIME_CHECK_INTERVAL = 1024;

/** Every export that has a name, then the others. Tables that are not in the file give nothing. */
export async function* readExports(image: MappedImage, budget: Budget): AsyncGenerator<Export> {
  const directory = image.headers.directories[DIRECTORY.exports];
  if (directory === undefined || directory.address === 0) return;
  const table = await image.bytesAt(directory.address, TABLE_BYTES);
  if (table.length < TABLE_BYTES) return;
  const base = table.readUInt32LE(16);
  const functions = await readTable(image, table, { count: 20, address: 28, rowBytes: 4 });
  const names = await readTable(image, table, { count: 24, address: 32, rowBytes: 4 });
  const ordinals = await readTable(image, table, { count: 24, address: 36, rowBytes: 2 });
  const named = new Set<number>();
  const describe = async (index: number, name: string): Promise<Export> => {
    const address = index * 4 + 4 <= functions.length ? functions.readUInt32LE(index * 4) : 0;
    const isForward = address >= directory.address && address < directory.address + directory.sizeBytes;
    const forward = isForward ? await image.textAt(address, MAX_NAME_LENGTH) : undefined;
    return { name, ...(forward !== undefined && { forward }) };
  };
  for (let at = 0; at * 4 < names.length && at * 2 + 2 <= ordinals.length; at += 1) {
    if (at % TIME_CHECK_INTERVAL === 0) budget.checkTime();
    const index = ordinals.readUInt16LE(at * 2);
    named.add(index);
    yield await describe(index, (await image.textAt(names.readUInt32LE(at * 4), MAX_NAME_LENGTH)) ?? "?");
  }
  for (let index = 0; index * 4 < functions.length; index += 1) {
    if (index % TIME_CHECK_INTERVAL === 0) budget.checkTime();
    if (!named.has(index) && functions.readUInt32LE(index * 4) !== 0)
      yield await describe(index, `#${base + index}`);
  }
}

/** Whole rows of a table whose count and address the directory gives at these places. */
async function readTable(
  image: MappedImage,
  directory: Buffer,
  field: { readonly count: number; readonly address: number; readonly rowBytes: number },
): Promise<Buffer> {
  const count = Math.min(directory.readUInt32LE(field.count), MAX_EXPORTS);
  const bytes = await image.bytesAt(directory.readUInt32LE(field.address), count * field.rowBytes);
  return bytes.subarray(0, bytes.length - (bytes.length % field.rowBytes));
}
