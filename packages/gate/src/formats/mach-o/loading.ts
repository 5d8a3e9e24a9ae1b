/**
 * What the loader is told by load commands: libraries, where to look for them, where the program begins, which system and
 * tools it was made for and by.
 * Source: Apple, mach-o/loader.h, `dylib_command`, `rpath_command`, `entry_point_command`, `build_version_command`.
 * @module
 */

import type { LoadCommand, MachHeaders } from "./headers.ts";

const REQUIRED = 0x8000_0000;
const LC = {
  thread: 0x05,
  loadLibrary: 0x0c,
  routines: 0x11,
  wideRoutines: 0x1a,
  searchPath: REQUIRED + 0x1c,
  loaderEnvironment: 0x27,
  main: REQUIRED + 0x28,
  buildVersion: 0x32,
} as const;

/** Load, weak, re-export, lazy, upward: each counts for the ordinals that imports name. */
const LIBRARIES: ReadonlySet<number> = new Set([
  LC.loadLibrary,
  REQUIRED + 0x18,
  REQUIRED + 0x1f,
  0x20,
  REQUIRED + 0x23,
]);

const MAX_TEXT_BYTES = 1024;

/** Libraries in the order of their ordinals, which begin at 1. */
export const readLibraries = (headers: MachHeaders): readonly string[] =>
  headers.commands.filter(({ type }) => LIBRARIES.has(type)).map((command) => textAt(headers, command));

/** LC_RPATH, and what LC_DYLD_ENVIRONMENT sets of the same kind. */
export const readSearchPaths = (headers: MachHeaders): readonly string[] =>
  headers.commands
    .filter(({ type }) => type === LC.searchPath || type === LC.loaderEnvironment)
    .map((command) => textAt(headers, command))
    .filter((text) => text !== "");

/** Commands that hold one text give its offset from their own start. */
function textAt({ words }: MachHeaders, { bytes }: LoadCommand): string {
  if (bytes.length < 12) return "";
  const start = words.word(bytes, 8);
  if (start < 12 || start >= bytes.length) return "";
  const piece = bytes.subarray(start, start + MAX_TEXT_BYTES);
  const end = piece.indexOf(0);
  return piece.toString("utf8", 0, end < 0 ? piece.length : end);
}

/** From the start of the slice for LC_MAIN; an address for the thread state of older programs. */
export interface Beginning {
  readonly offsetBytes?: number;
  readonly address?: number;
}

export function readBeginning(headers: MachHeaders): Beginning | undefined {
  const { commands, words } = headers;
  const main = commands.find(({ type }) => type === LC.main);
  if (main !== undefined && main.bytes.length >= 16) return { offsetBytes: words.long(main.bytes, 8) };
  const thread = commands.find(({ type }) => type === LC.thread);
  const at = COUNTERS.get(headers.processor.type);
  if (thread === undefined || at === undefined || at + (words.wide ? 8 : 4) > thread.bytes.length)
    return undefined;
  return { address: words.address(thread.bytes, at) };
}

/** Where the program counter stands in LC_UNIXTHREAD, by CPU_TYPE_*. Source: mach/machine/thread_status.h. */
const COUNTERS: ReadonlyMap<number, number> = new Map([
  [0x0000_0007, 16 + 10 * 4],
  [0x0100_0007, 16 + 16 * 8],
  [0x0000_000c, 16 + 15 * 4],
  [0x0100_000c, 16 + 32 * 8],
  [0x0000_0012, 16],
  [0x0100_0012, 16],
]);

/** LC_ROUTINES: addresses of functions that run when a library is loaded. */
export const readRoutines = ({ commands, words }: MachHeaders): readonly number[] =>
  commands
    .filter(({ type, bytes }) => (type === LC.routines || type === LC.wideRoutines) && bytes.length >= 16)
    .map(({ type, bytes }) => (type === LC.routines ? words.word(bytes, 8) : words.long(bytes, 8)));

/** Which system, at least in which version: `macos 11.0`. */
export function readPlatforms({ commands, words }: MachHeaders): readonly string[] {
  return commands.flatMap(({ type, bytes }) => {
    if (type === LC.buildVersion && bytes.length >= 16) {
      const platform = words.word(bytes, 8);
      return [`${PLATFORMS.get(platform) ?? `platform-${platform}`} ${versionText(words.word(bytes, 12))}`];
    }
    const name = OLD_PLATFORMS.get(type);
    return name !== undefined && bytes.length >= 12 ? [`${name} ${versionText(words.word(bytes, 8))}`] : [];
  });
}

/** Linkers and compilers as LC_BUILD_VERSION names them: `ld 1115.7.3`. */
export function readTools({ commands, words }: MachHeaders): readonly { name: string; version: string }[] {
  return commands.flatMap(({ type, bytes }) => {
    if (type !== LC.buildVersion || bytes.length < 24) return [];
    const count = Math.min(words.word(bytes, 20), Math.floor((bytes.length - 24) / 8));
    return Array.from({ length: count }, (_, index) => {
      const tool = words.word(bytes, 24 + index * 8);
      return {
        name: TOOLS.get(tool) ?? `tool-${tool}`,
        version: versionText(words.word(bytes, 28 + index * 8)),
      };
    });
  });
}

const TOOLS: ReadonlyMap<number, string> = new Map([
  [1, "clang"],
  [2, "swift"],
  [3, "ld"],
  [4, "lld"],
]);

/** PLATFORM_*. */
const PLATFORMS: ReadonlyMap<number, string> = new Map([
  [1, "macos"],
  [2, "ios"],
  [3, "tvos"],
  [4, "watchos"],
  [5, "bridgeos"],
  [6, "maccatalyst"],
  [7, "ios-simulator"],
  [8, "tvos-simulator"],
  [9, "watchos-simulator"],
  [10, "driverkit"],
  [11, "visionos"],
  [12, "visionos-simulator"],
]);

/** LC_VERSION_MIN_*. */
const OLD_PLATFORMS: ReadonlyMap<number, string> = new Map([
  [0x24, "macos"],
  [0x25, "ios"],
  [0x2f, "tvos"],
  [0x30, "watchos"],
]);

/** Packed as 16, 8 and 8 bits. */
function versionText(packed: number): string {
  const patch = packed & 0xff;
  return `${packed >>> 16}.${(packed >>> 8) & 0xff}${patch === 0 ? "" : `.${patch}`}`;
}
