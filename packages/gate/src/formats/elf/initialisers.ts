/**
 * Functions that run before, or without, a call: constructors of libraries, and resolvers that the loader calls to choose
 * between versions of a function (IFUNC), which is how the backdoor of xz-utils began.
 * Source: System V gABI, chapter 5 "Initialization and Termination Functions"; GNU ABI, STT_GNU_IFUNC.
 * @module
 */

import { type ByteSource, readExactly } from "@sallyport/core";
import { type Dynamic, TAG } from "./dynamic.ts";
import type { ElfHeaders } from "./headers.ts";
import type { Memory } from "./memory.ts";
import type { Relocation } from "./relocations.ts";
import type { NamedSection } from "./sections.ts";

export interface FoundInitialiser {
  readonly kind: string;
  /** Undefined when only the loader knows. */
  readonly address?: number;
}

interface PointerArray {
  readonly kind: string;
  readonly address: number;
  readonly count: number;
}

const MAX_POINTERS = 65_536;

/** Arrays of pointers as the dynamic section gives them. */
export function findArrays(dynamic: Dynamic, { words }: ElfHeaders): readonly PointerArray[] {
  const pointerBytes = words.wide ? 8 : 4;
  const array = (kind: string, tag: number, sizeTag: number): PointerArray[] => {
    const [address, sizeBytes] = [dynamic.value(tag), dynamic.value(sizeTag)];
    if (address === undefined || sizeBytes === undefined) return [];
    return [{ kind, address, count: Math.min(Math.floor(sizeBytes / pointerBytes), MAX_POINTERS) }];
  };
  return [
    ...array("preinit-array", TAG.firstInitialisers, TAG.firstInitialisersBytes),
    ...array("init-array", TAG.initialisers, TAG.initialisersBytes),
    ...array("fini-array", TAG.finishers, TAG.finishersBytes),
  ];
}

/** By section, for programs that are linked statically and for object files. */
const ARRAY_SECTIONS: ReadonlyMap<number, string> = new Map([
  [14, "init-array"],
  [15, "fini-array"],
  [16, "preinit-array"],
]);

export function findArraysInSections(
  sections: readonly NamedSection[],
  { words }: ElfHeaders,
): readonly PointerArray[] {
  const pointerBytes = words.wide ? 8 : 4;
  return sections.flatMap(({ name, type, address, sizeBytes }) => {
    const kind = ARRAY_SECTIONS.get(type) ?? (name === ".ctors" ? "ctors" : undefined);
    if (kind === undefined) return [];
    const count = Math.min(Math.floor(sizeBytes / pointerBytes), MAX_POINTERS);
    return [{ kind, address, count }];
  });
}

/**
 * @param written - what relocations write, by the address they write to
 * @returns one for each pointer that is neither 0 nor -1
 */
export async function readArrays(
  source: ByteSource,
  arrays: readonly PointerArray[],
  { headers: { words }, memory, written }: ReadContext,
): Promise<readonly FoundInitialiser[]> {
  const pointerBytes = words.wide ? 8 : 4;
  const found: FoundInitialiser[] = [];
  for (const { kind, address, count } of arrays) {
    const offset = memory.offsetOf(address);
    const isInFile = offset !== undefined && offset + count * pointerBytes <= source.sizeBytes;
    const bytes = isInFile
      ? await readExactly(source, offset, count * pointerBytes, "ELF: initialisers")
      : undefined;
    for (let index = 0; index < count; index += 1) {
      const here = address + index * pointerBytes;
      const relocation = written.get(here);
      const stored = bytes === undefined ? 0 : words.address(bytes, index * pointerBytes);
      if (relocation === undefined && (stored === 0 || isAllOnes(stored))) continue;
      const target = relocation?.symbol === 0 ? (relocation.addend ?? stored) : relocation ? 0 : stored;
      found.push(target === 0 || !Number.isSafeInteger(target) ? { kind } : { kind, address: target });
    }
  }
  return found;
}

interface ReadContext {
  readonly headers: ElfHeaders;
  readonly memory: Memory;
  readonly written: ReadonlyMap<number, Relocation>;
}

/** -1 begins a list of constructors in older files. */
const isAllOnes = (value: number): boolean => value === 0xffff_ffff || value >= 2 ** 63;
