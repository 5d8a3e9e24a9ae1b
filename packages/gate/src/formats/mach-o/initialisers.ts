/**
 * Functions that run when an image is loaded: constructors, class loaders of Objective-C, resolvers. The backdoor in the
 * 3CX library for macOS was one more pointer in `__mod_init_func` of one slice.
 * Source: Apple, mach-o/loader.h, S_MOD_INIT_FUNC_POINTERS, S_INIT_FUNC_OFFSETS, `routines_command`; objc4, `+load`.
 * @module
 */

import { type ByteSource, readExactly } from "@sallyport/core";
import { type MachHeaders, malformed } from "./headers.ts";
import { readRoutines } from "./loading.ts";
import type { Memory } from "./memory.ts";
import type { Section, Segment } from "./segments.ts";

export interface FoundInitialiser {
  readonly kind: string;
  /** Undefined when only the loader knows. */
  readonly address?: number;
}

/** S_*: the low byte of a section's flags. */
const KINDS: ReadonlyMap<number, string> = new Map([
  [0x09, "mod-init-func"],
  [0x0a, "mod-term-func"],
  [0x15, "thread-local-init"],
  [0x16, "init-offsets"],
]);
/** Lists of classes and categories whose `+load` runs at once. */
const LOAD_LISTS: ReadonlySet<string> = new Set(["__objc_nlclslist", "__objc_nlcatlist"]);
const OFFSETS = 0x16;
const MAX_POINTERS = 65_536;

interface Place {
  readonly headers: MachHeaders;
  readonly segments: readonly Segment[];
  readonly memory: Memory;
  /** DYLD_CHAINED_PTR_* of each segment; empty for files whose pointers stand as they are. */
  readonly pointerFormats: readonly number[];
}

/** @throws {@link ArtifactError} `artifact.truncated` when a section is not in the file */
export async function readInitialisers(
  source: ByteSource,
  place: Place,
): Promise<readonly FoundInitialiser[]> {
  const found: FoundInitialiser[] = readRoutines(place.headers)
    .filter((address) => address !== 0)
    .map((address) => ({ kind: "routines", address }));
  for (const [index, { sections }] of place.segments.entries())
    for (const section of sections) {
      const kind = LOAD_LISTS.has(section.name) ? "objc-load" : KINDS.get(section.flags & 0xff);
      if (kind === undefined || section.sizeBytes === 0) continue;
      for (const address of await readPointers(source, { section, segmentIndex: index }, place))
        found.push(address === undefined || kind === "objc-load" ? { kind } : { kind, address });
    }
  return found;
}

async function readPointers(
  source: ByteSource,
  { section, segmentIndex }: { section: Section; segmentIndex: number },
  { headers: { words }, memory, pointerFormats }: Place,
): Promise<readonly (number | undefined)[]> {
  const isOffsets = (section.flags & 0xff) === OFFSETS;
  const pointerBytes = words.wide && !isOffsets ? 8 : 4;
  const count = Math.floor(section.sizeBytes / pointerBytes);
  if (count > MAX_POINTERS) throw malformed(`${count} initialisers`);
  const bytes = await readExactly(source, section.offsetBytes, count * pointerBytes, "Mach-O: initialisers");
  const format = pointerFormats[segmentIndex] ?? 0;
  return Array.from({ length: count }, (_, index) => {
    const at = index * pointerBytes;
    if (isOffsets) return memory.baseAddress + words.word(bytes, at);
    if (pointerBytes === 4) return words.word(bytes, at);
    return format === 0
      ? exact(words.long(bytes, at))
      : chainedTarget(bytes.readBigUInt64LE(at), format, memory);
  });
}

const exact = (address: number): number | undefined => (Number.isSafeInteger(address) ? address : undefined);

const BIND_64 = 1n << 63n;
const AUTHENTICATED = 1n << 63n;
const BIND_ARM64E = 1n << 62n;
/** DYLD_CHAINED_PTR_ARM64E, _KERNEL, _USERLAND, _USERLAND24. */
const ARM64E: ReadonlySet<number> = new Set([1, 7, 9, 12]);
/** Those whose targets are counted from the header: _64_OFFSET, and arm64e of user programs. */
const FROM_HEADER: ReadonlySet<number> = new Set([6, 7, 9, 12]);

/** What a pointer leads to before the loader has followed the chain through it. Source: mach-o/fixup-chains.h. */
function chainedTarget(pointer: bigint, format: number, memory: Memory): number | undefined {
  if (ARM64E.has(format)) {
    if ((pointer & BIND_ARM64E) !== 0n) return undefined;
    const isAuthenticated = (pointer & AUTHENTICATED) !== 0n;
    const target = Number(pointer & (isAuthenticated ? 0xffff_ffffn : 0x7ff_ffff_ffffn));
    return isAuthenticated || FROM_HEADER.has(format) ? memory.baseAddress + target : target;
  }
  if (format !== 2 && format !== 6) return undefined;
  if ((pointer & BIND_64) !== 0n) return undefined;
  const target = Number(pointer & 0xf_ffff_ffffn);
  return FROM_HEADER.has(format) ? memory.baseAddress + target : target;
}
