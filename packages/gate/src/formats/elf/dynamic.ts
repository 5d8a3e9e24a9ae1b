/**
 * What the dynamic loader is told: which libraries to load, where to look for them, what to run first, where the symbols
 * stand. Read by the segment, as the loader does; section headers may be missing or lie.
 * Source: System V gABI, chapter 5 "Dynamic Section"; ld.so(8).
 * @module
 */

import { type ByteSource, readExactly } from "@sallyport/core";
import { Names } from "../names.ts";
import { type ElfHeaders, SEGMENT } from "./headers.ts";
import type { Memory } from "./memory.ts";

export const TAG = {
  none: 0,
  needed: 1,
  procedureRelocationsBytes: 2,
  hash: 4,
  stringTable: 5,
  symbolTable: 6,
  relocationsWithAddend: 7,
  relocationsWithAddendBytes: 8,
  stringTableBytes: 10,
  initialise: 12,
  finish: 13,
  sharedObjectName: 14,
  searchPathForAll: 15,
  relocations: 17,
  relocationsBytes: 18,
  procedureRelocationsKind: 20,
  procedureRelocations: 23,
  initialisers: 25,
  finishers: 26,
  initialisersBytes: 27,
  finishersBytes: 28,
  searchPath: 29,
  firstInitialisers: 32,
  firstInitialisersBytes: 33,
  packedRelocationsBytes: 35,
  packedRelocations: 36,
  gnuHash: 0x6fff_fef5,
  dependencyAudit: 0x6fff_fefb,
  audit: 0x6fff_fefc,
  auxiliary: 0x7fff_fffd,
  filter: 0x7fff_ffff,
} as const;

const MAX_DYNAMIC_BYTES = 256 * 1024;
const MAX_NAMES_BYTES = 32 * 1024 * 1024;

export class Dynamic {
  readonly #values: ReadonlyMap<number, readonly number[]>;
  readonly names: Names;

  constructor(values: ReadonlyMap<number, readonly number[]>, names: Names) {
    this.#values = values;
    this.names = names;
  }

  /** The last one counts, as for the loader, which keeps one pointer for each tag. */
  value(tag: number): number | undefined {
    return this.#values.get(tag)?.at(-1);
  }

  /** Names that a tag points at, in the order they are written. */
  texts(tag: number): readonly string[] {
    return (this.#values.get(tag) ?? []).map((offset) => this.names.at(offset)).filter((name) => name !== "");
  }
}

/**
 * @returns undefined when the file is not linked dynamically
 * @throws {@link ArtifactError} `artifact.truncated` when the file ends inside it
 */
export async function readDynamic(
  source: ByteSource,
  headers: ElfHeaders,
  memory: Memory,
): Promise<Dynamic | undefined> {
  const segment = headers.segments.find(({ type }) => type === SEGMENT.dynamic);
  if (segment === undefined || segment.fileBytes === 0) return undefined;
  const sizeBytes = Math.min(segment.fileBytes, MAX_DYNAMIC_BYTES);
  const bytes = await readExactly(source, segment.offsetBytes, sizeBytes, "ELF: dynamic section");
  const values = readValues(bytes, headers);
  return new Dynamic(values, await readNames(source, values, memory));
}

function readValues(bytes: Buffer, { words }: ElfHeaders): ReadonlyMap<number, readonly number[]> {
  const values = new Map<number, number[]>();
  const rowBytes = words.wide ? 16 : 8;
  for (let at = 0; at + rowBytes <= bytes.length; at += rowBytes) {
    const tag = words.address(bytes, at);
    if (tag === TAG.none) break;
    const value = words.address(bytes, at + rowBytes / 2);
    const known = values.get(tag);
    if (known === undefined) values.set(tag, [value]);
    else known.push(value);
  }
  return values;
}

async function readNames(
  source: ByteSource,
  values: ReadonlyMap<number, readonly number[]>,
  memory: Memory,
): Promise<Names> {
  const address = values.get(TAG.stringTable)?.at(-1);
  const offset = address === undefined ? undefined : memory.offsetOf(address);
  if (offset === undefined || offset >= source.sizeBytes) return new Names(Buffer.alloc(0));
  const claimed = values.get(TAG.stringTableBytes)?.at(-1) ?? 0;
  const sizeBytes = Math.min(claimed, MAX_NAMES_BYTES, source.sizeBytes - offset);
  return new Names(await readExactly(source, offset, sizeBytes, "ELF: names of symbols"));
}
