/**
 * What load commands place outside of segments' sections: symbols, relocations, dyld's tables, the code signature.
 * In finished programs all of it lies in `__LINKEDIT`; object files have no such segment.
 * Source: Apple, mach-o/loader.h, `symtab_command`, `dysymtab_command`, `linkedit_data_command`, `dyld_info_command`,
 * `note_command`.
 * @module
 */

import { type LoadCommand, type MachHeaders, malformed } from "./headers.ts";
import type { Segment } from "./segments.ts";

export interface Table {
  readonly what: string;
  readonly offsetBytes: number;
  readonly sizeBytes: number;
}

const REQUIRED = 0x8000_0000;
const LC_CODE_SIGNATURE = 0x1d;

/** `linkedit_data_command`: an offset and a size, nothing else. */
const LINKEDIT_DATA: ReadonlyMap<number, string> = new Map([
  [LC_CODE_SIGNATURE, "code signature"],
  [0x1e, "segment split information"],
  [0x26, "function starts"],
  [0x29, "data in code"],
  [0x2b, "library signing requirements"],
  [0x2e, "linker hints"],
  [REQUIRED + 0x33, "exports"],
  [REQUIRED + 0x34, "fixups"],
]);

/** @throws {@link ArtifactError} `artifact.malformed` when a command is too small for its kind */
export function readTables(headers: MachHeaders, segments: readonly Segment[]): Table[] {
  const relocations = segments
    .flatMap(({ sections }) => sections)
    .map((section) => ({
      what: "relocations",
      offsetBytes: section.relocationsOffsetBytes,
      sizeBytes: section.relocationsBytes,
    }));
  return [...headers.commands.flatMap((command) => tablesOf(headers, command)), ...relocations].filter(
    ({ sizeBytes }) => sizeBytes > 0,
  );
}

/**
 * Code signatures, in the order of their commands. A finished program has one.
 * @throws {@link ArtifactError} `artifact.malformed` when a command is too small
 */
export const codeSignatures = (headers: MachHeaders): Table[] =>
  headers.commands
    .filter(({ type }) => type === LC_CODE_SIGNATURE)
    .flatMap((command) => tablesOf(headers, command));

function tablesOf(headers: MachHeaders, { type, bytes }: LoadCommand): Table[] {
  const { words } = headers;
  const table = (what: string, at: number, rowBytes = 1): Table => {
    if (at + 8 > bytes.length) throw malformed(`the command for ${what} is too small`);
    return { what, offsetBytes: words.word(bytes, at), sizeBytes: words.word(bytes, at + 4) * rowBytes };
  };
  const data = LINKEDIT_DATA.get(type);
  if (data !== undefined) return [table(data, 8)];
  switch (type) {
    case 0x02:
      return [table("symbols", 8, words.wide ? 16 : 12), table("symbol names", 16)];
    case 0x0b:
      return [
        table("indirect symbols", 56, 4),
        table("external relocations", 64, 8),
        table("local relocations", 72, 8),
      ];
    case 0x22:
    case REQUIRED + 0x22:
      return [8, 16, 24, 32, 40].map((at) => table("loader information", at));
    case 0x31: {
      if (bytes.length < 40) throw malformed("the command for a note is too small");
      return [{ what: "note", offsetBytes: words.long(bytes, 24), sizeBytes: words.long(bytes, 32) }];
    }
    default:
      return [];
  }
}
