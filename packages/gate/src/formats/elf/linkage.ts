/**
 * How an ELF file is tied to others: the libraries it loads, the symbols it takes and offers, what runs when it is loaded.
 * Source: System V gABI, chapter 5 "Dynamic Linking".
 * @module
 */

import type { Budget, ByteSource } from "@sallyport/core";
import type { PartialReading } from "../partial-reading.ts";
import { type Dynamic, readDynamic, TAG } from "./dynamic.ts";
import type { ElfHeaders } from "./headers.ts";
import { type FoundInitialiser, findArrays, findArraysInSections, readArrays } from "./initialisers.ts";
import type { Memory } from "./memory.ts";
import { isResolved, type Relocation, visitRelocations } from "./relocations.ts";
import type { NamedSection } from "./sections.ts";
import { RESOLVED_FUNCTION, readSymbols } from "./symbols.ts";

export interface Linkage {
  readonly imports: readonly string[];
  /** Those that may be missing. */
  readonly lateImports: readonly string[];
  readonly exports: readonly string[];
  /** Those that watch the loader end with ` (audit)`. */
  readonly libraries: readonly string[];
  readonly searchPaths: readonly string[];
  readonly initialisers: readonly FoundInitialiser[];
  /** By its own flags (DF_1_PIE). */
  readonly isProgram: boolean;
}

interface Places {
  readonly headers: ElfHeaders;
  readonly sections: readonly NamedSection[];
  readonly memory: Memory;
}

interface Means {
  readonly reading: PartialReading;
  readonly budget: Budget;
}

const NOTHING: Linkage = {
  imports: [],
  lateImports: [],
  exports: [],
  libraries: [],
  searchPaths: [],
  initialisers: [],
  isProgram: false,
};
const FLAGS_1 = 0x6fff_fffb;
const DF_1_PIE = 0x0800_0000;

/** Each part that cannot be read is named in the reading, and stays empty. */
export async function readLinkage(source: ByteSource, places: Places, means: Means): Promise<Linkage> {
  const { headers, sections, memory } = places;
  const { reading } = means;
  const dynamic = await reading.attempt(
    "dynamic section",
    () => readDynamic(source, headers, memory),
    undefined,
  );
  if (dynamic === undefined) {
    const arrays = findArraysInSections(sections, headers);
    const written = new Map<number, Relocation>();
    const initialisers = await reading.attempt(
      "initialisers",
      () => readArrays(source, arrays, { headers, memory, written }),
      [],
    );
    return { ...NOTHING, initialisers };
  }
  const relocated = await readRelocated(source, { ...places, dynamic }, means);
  const symbols = await readNames(source, { ...places, dynamic }, { ...means, used: relocated.used });
  const arrays = findArrays(dynamic, headers);
  const fromArrays = await reading.attempt(
    "initialisers",
    () => readArrays(source, arrays, { headers, memory, written: relocated.written }),
    [],
  );
  const text = (tag: number): readonly string[] => dynamic.texts(tag);
  return {
    ...symbols,
    libraries: [
      ...text(TAG.needed),
      ...[TAG.auxiliary, TAG.filter].flatMap(text),
      ...[TAG.audit, TAG.dependencyAudit].flatMap(text).map((name) => `${name} (audit)`),
    ],
    searchPaths: [...text(TAG.searchPath), ...text(TAG.searchPathForAll)],
    initialisers: [
      ...single("init", dynamic.value(TAG.initialise)),
      ...fromArrays,
      ...single("fini", dynamic.value(TAG.finish)),
      ...withoutRepetition([...relocated.resolvers, ...symbols.resolvers]),
    ],
    isProgram: ((dynamic.value(FLAGS_1) ?? 0) & DF_1_PIE) !== 0,
  };
}

/** The loader calls a resolver for each relocation that names it, and symbols name it as well. */
const withoutRepetition = (found: readonly FoundInitialiser[]): FoundInitialiser[] => [
  ...new Map(found.map((one, index) => [one.address ?? -index - 1, one])).values(),
];

const single = (kind: string, address: number | undefined): FoundInitialiser[] =>
  address === undefined || address === 0 ? [] : [{ kind, address }];

interface Relocated {
  /** The highest index of a symbol. */
  readonly used: number;
  /** By the address that is written, only those in arrays of initialisers. */
  readonly written: ReadonlyMap<number, Relocation>;
  readonly resolvers: readonly FoundInitialiser[];
}

async function readRelocated(
  source: ByteSource,
  places: Places & { readonly dynamic: Dynamic },
  { reading, budget }: Means,
): Promise<Relocated> {
  const { headers, dynamic } = places;
  const pointerBytes = headers.words.wide ? 8 : 4;
  const arrays = findArrays(dynamic, headers);
  const isInArray = (target: number): boolean =>
    arrays.some(({ address, count }) => target >= address && target < address + count * pointerBytes);
  const written = new Map<number, Relocation>();
  const resolvers = new Map<number, FoundInitialiser>();
  let used = 0;
  const visit = (relocation: Relocation): void => {
    used = Math.max(used, relocation.symbol);
    if (isInArray(relocation.target)) written.set(relocation.target, relocation);
    if (isResolved(headers, relocation) && resolvers.size < MAX_RESOLVERS) {
      const { addend, target } = relocation;
      resolvers.set(
        addend ?? target,
        addend === undefined ? { kind: "ifunc" } : { kind: "ifunc", address: addend },
      );
    }
  };
  await reading.attempt("relocations", () => visitRelocations(source, places, { budget, visit }), undefined);
  return { used, written, resolvers: [...resolvers.values()] };
}

const MAX_RESOLVERS = 65_536;

/** Symbols say which functions are resolved too; those that relocations name as well are counted once. */
async function readNames(
  source: ByteSource,
  places: Places & { readonly dynamic: Dynamic },
  { reading, budget, used }: Means & { readonly used: number },
): Promise<Pick<Linkage, "imports" | "lateImports" | "exports"> & { resolvers: FoundInitialiser[] }> {
  const { symbols, isCut } = await reading.attempt(
    "symbols",
    () => readSymbols(source, places, { used, budget }),
    { symbols: [], isCut: false },
  );
  if (isCut) reading.unreadable.add("all symbols");
  const named = symbols.filter(({ name }) => name !== "");
  const imported = named.filter(({ isImported }) => isImported);
  const resolved = named.filter(({ kind, isImported }) => kind === RESOLVED_FUNCTION && !isImported);
  return {
    imports: imported.map(({ name }) => `!${name}`),
    lateImports: imported.filter(({ isWeak }) => isWeak).map(({ name }) => `!${name}`),
    exports: named.filter(({ isOffered }) => isOffered).map(({ name }) => name),
    resolvers: [...new Set(resolved.map(({ address }) => address))].map((address) => ({
      kind: "ifunc",
      address,
    })),
  };
}
