/**
 * The symbols an image takes from other libraries and those it offers, from all tables that can say so.
 * Source: Apple, mach-o/loader.h; mach-o/fixup-chains.h; mach-o/nlist.h.
 * @module
 */

import { type Budget, type ByteSource, readExactly } from "@sallyport/core";
import type { PartialReading } from "../partial-reading.ts";
import { type Binding, readBindings, readChainedBindings, readPointerFormats } from "./bindings.ts";
import { type Export, readExports } from "./export-trie.ts";
import type { MachHeaders } from "./headers.ts";
import { readExternalSymbols } from "./symbol-table.ts";

export interface Linkage {
  /** `library!function`. */
  readonly imports: readonly string[];
  /** Those that may be missing, or are found when they are first called. */
  readonly lateImports: readonly string[];
  readonly exports: readonly string[];
  readonly forwards: readonly string[];
  /** Addresses of functions that choose what a name stands for. */
  readonly resolvers: readonly number[];
  readonly pointerFormats: readonly number[];
}

const REQUIRED = 0x8000_0000;
const LC = { loaderInformation: 0x22, exportsTrie: REQUIRED + 0x33, chainedFixups: REQUIRED + 0x34 } as const;
const MAX_TABLE_BYTES = 64 * 1024 * 1024;

interface Means {
  readonly reading: PartialReading;
  readonly budget: Budget;
}

/** @param libraries - in the order of their ordinals */
export async function readLinkage(
  source: ByteSource,
  {
    headers,
    libraries,
    baseAddress,
  }: { headers: MachHeaders; libraries: readonly string[]; baseAddress: number },
  { reading, budget }: Means,
): Promise<Linkage> {
  const tables = await readTables(source, headers, reading);
  const bindings = [
    ...readChainedBindings(tables.chained),
    ...tables.bindings.flatMap((bytes) => readBindings(bytes, budget)),
  ];
  const symbols = await reading.attempt("symbols", () => readExternalSymbols(source, headers, budget), []);
  // What the loader's own tables say of a symbol counts; some linkers write another library into the symbol table.
  const bound = new Set(bindings.map(({ name }) => name));
  const taken: Binding[] = symbols.filter(({ isImported, name }) => isImported && !bound.has(name));
  const exports = readExports(tables.exports, budget);
  const nameOf = (binding: Binding): string =>
    `${libraryName(binding.library, libraries)}!${plainName(binding.name)}`;
  const all = [...bindings, ...taken].filter(({ name }) => name !== "");
  return {
    imports: all.map(nameOf),
    lateImports: all.filter(({ isWeak }) => isWeak).map(nameOf),
    exports: [
      ...exports.map(({ name }) => plainName(name)),
      ...symbols.filter(({ isImported }) => !isImported).map(({ name }) => plainName(name)),
    ],
    forwards: exports.flatMap((one) => forwardOf(one, libraries)),
    resolvers: exports.flatMap(({ resolver }) => (resolver === undefined ? [] : [baseAddress + resolver])),
    pointerFormats: readPointerFormats(tables.chained),
  };
}

interface Tables {
  readonly chained: Buffer;
  readonly exports: Buffer;
  readonly bindings: readonly Buffer[];
}

async function readTables(
  source: ByteSource,
  headers: MachHeaders,
  reading: PartialReading,
): Promise<Tables> {
  const { words, commands } = headers;
  const read = async (what: string, type: number, at: number): Promise<Buffer> => {
    // The older command exists with LC_REQ_DYLD and without.
    const command = commands.find((one) => one.type === type || one.type === type + REQUIRED)?.bytes;
    if (command === undefined || command.length < at + 8) return Buffer.alloc(0);
    const sizeBytes = Math.min(words.word(command, at + 4), MAX_TABLE_BYTES);
    return reading.attempt(
      what,
      () => readExactly(source, words.word(command, at), sizeBytes, `Mach-O: ${what}`),
      Buffer.alloc(0),
    );
  };
  const older = await read("exports", LC.loaderInformation, 40);
  return {
    chained: await read("fixups", LC.chainedFixups, 8),
    exports: older.length > 0 ? older : await read("exports", LC.exportsTrie, 8),
    bindings: [
      await read("bindings", LC.loaderInformation, 16),
      await read("bindings", LC.loaderInformation, 24),
      await read("bindings", LC.loaderInformation, 32),
    ],
  };
}

function forwardOf({ name, forward }: Export, libraries: readonly string[]): string[] {
  if (forward === undefined) return [];
  return [`${plainName(name)} → ${libraryName(forward.library, libraries)}.${plainName(forward.name)}`];
}

/** Lower-case and without its path; empty for the file itself, and for what is looked up everywhere. */
function libraryName(ordinal: number, libraries: readonly string[]): string {
  const path = libraries[ordinal - 1] ?? "";
  return path.slice(path.lastIndexOf("/") + 1).toLowerCase();
}

/** Without the underscore that every name of C begins with, and without the marks of versions of the same function. */
const plainName = (name: string): string =>
  (name.startsWith("_") ? name.slice(1) : name).replace(VERSION_MARKS, "");
const VERSION_MARKS = /(?:\$(?:INODE64|UNIX2003|NOCANCEL|DARWIN_EXTSN|1050))+$/;
