/** Segments and their sections. Source: Apple, mach-o/loader.h, `segment_command`, `segment_command_64`, `section`. @module */

import { type MachHeaders, malformed } from "./headers.ts";

export interface Segment {
  /** Without trailing zeros: `__TEXT`. Empty in object files. */
  readonly name: string;
  readonly address: number;
  readonly memoryBytes: number;
  readonly offsetBytes: number;
  readonly fileBytes: number;
  /** VM_PROT_* at start: 1 readable, 2 writable, 4 executable. */
  readonly protection: number;
  readonly sections: readonly Section[];
}

export interface Section {
  readonly name: string;
  readonly address: number;
  /** S_*: its type in the low byte, attributes above. */
  readonly flags: number;
  readonly offsetBytes: number;
  readonly sizeBytes: number;
  readonly relocationsOffsetBytes: number;
  readonly relocationsBytes: number;
}

const NARROW = {
  type: 0x01,
  header: 56,
  fileoff: 32,
  filesize: 36,
  protection: 44,
  nsects: 48,
  row: 68,
  size: 36,
  offset: 40,
};
const WIDE = {
  type: 0x19,
  header: 72,
  fileoff: 40,
  filesize: 48,
  protection: 60,
  nsects: 64,
  row: 80,
  size: 40,
  offset: 48,
};
const ADDRESS = { segment: 24, section: 32 } as const;
const RELOCATION_BYTES = 8;

/** @throws {@link ArtifactError} `artifact.malformed` when a command is too small for the sections it counts */
export function readSegments({ commands, words }: MachHeaders): Segment[] {
  const layout = words.wide ? WIDE : NARROW;
  return commands.flatMap(({ type, bytes }) => {
    if (type !== NARROW.type && type !== WIDE.type) return [];
    if (type !== layout.type) throw malformed("a segment of the other width");
    if (bytes.length < layout.header) throw malformed("a segment command is too small");
    const count = words.word(bytes, layout.nsects);
    if (layout.header + count * layout.row > bytes.length)
      throw malformed(`a segment command is too small for ${count} sections`);
    const sections = Array.from({ length: count }, (_, index) => {
      const row = bytes.subarray(layout.header + index * layout.row);
      return {
        name: textOf(row),
        address: words.address(row, ADDRESS.section),
        flags: words.word(row, layout.offset + 16),
        sizeBytes: words.address(row, layout.size),
        offsetBytes: words.word(row, layout.offset),
        relocationsOffsetBytes: words.word(row, layout.offset + 8),
        relocationsBytes: words.word(row, layout.offset + 12) * RELOCATION_BYTES,
      };
    });
    return [
      {
        name: textOf(bytes.subarray(8)),
        address: words.address(bytes, ADDRESS.segment),
        memoryBytes: words.address(bytes, ADDRESS.segment + (words.wide ? 8 : 4)),
        protection: words.word(bytes, layout.protection),
        offsetBytes: words.address(bytes, layout.fileoff),
        fileBytes: words.address(bytes, layout.filesize),
        sections,
      },
    ];
  });
}

/** Names fill 16 bytes with zeros, and need none when they are that long. */
function textOf(bytes: Buffer): string {
  const text = bytes.toString("latin1", 0, 16);
  const end = text.indexOf("\0");
  return end < 0 ? text : text.slice(0, end);
}
