/**
 * What the loader writes into memory before anything runs: addresses of imported symbols, pointers to functions that run
 * at start, and resolvers that the loader itself calls (IRELATIVE).
 * Source: System V gABI, chapter 4 "Relocation"; the processor supplements; "Proposal for a new section type SHT_RELR".
 * @module
 */

import { type Budget, type ByteSource, readExactly } from "@sallyport/core";
import { type Dynamic, TAG } from "./dynamic.ts";
import type { ElfHeaders } from "./headers.ts";
import type { Memory } from "./memory.ts";

export interface Relocation {
  /** Address of what is written. */
  readonly target: number;
  /** R_*, in the processor's own numbers. */
  readonly type: number;
  /** Index of the symbol; 0 for none. */
  readonly symbol: number;
  /** Undefined when it stands at the target itself. */
  readonly addend: number | undefined;
}

interface Table {
  readonly offsetBytes: number;
  readonly sizeBytes: number;
  readonly hasAddend: boolean;
}

const PIECE_ROWS = 8192;
const EM_MIPS = 8;

/** R_*_IRELATIVE by EM_*: the value written is what the function at the addend returns. */
const RESOLVED: ReadonlyMap<number, number> = new Map([
  [3, 42],
  [62, 37],
  [21, 248],
  [20, 248],
  [22, 61],
  [40, 160],
  [183, 1032],
  [2, 249],
  [43, 249],
  [243, 58],
  [258, 12],
]);

export const isResolved = ({ machine }: ElfHeaders, { type }: Relocation): boolean =>
  RESOLVED.get(machine) === type;

/**
 * Hands out every relocation that the dynamic section points at, a bounded piece at a time.
 * MIPS with 64 bits packs them in its own way and is left out.
 * @throws {@link ArtifactError} `artifact.over-limit` when the time is up
 */
export async function visitRelocations(
  source: ByteSource,
  { headers, dynamic, memory }: { headers: ElfHeaders; dynamic: Dynamic; memory: Memory },
  { budget, visit }: { budget: Budget; visit: (relocation: Relocation) => void },
): Promise<void> {
  if (headers.machine === EM_MIPS && headers.words.wide) return;
  const addressBytes = headers.words.wide ? 8 : 4;
  for (const table of tablesOf(dynamic, memory)) {
    const rowBytes = addressBytes * (table.hasAddend ? 3 : 2);
    const pieceBytes = rowBytes * PIECE_ROWS;
    const end = Math.min(table.offsetBytes + table.sizeBytes, source.sizeBytes);
    for (let at = table.offsetBytes; at + rowBytes <= end; at += pieceBytes) {
      budget.checkTime();
      const bytes = await readExactly(source, at, Math.min(pieceBytes, end - at), "ELF: relocations");
      for (let row = 0; row + rowBytes <= bytes.length; row += rowBytes)
        visit(readRow(headers, bytes.subarray(row, row + rowBytes), table.hasAddend));
    }
  }
}

function tablesOf(dynamic: Dynamic, memory: Memory): Table[] {
  const table = (tag: number, sizeTag: number, hasAddend: boolean): Table[] => {
    const [address, sizeBytes] = [dynamic.value(tag), dynamic.value(sizeTag)];
    const offsetBytes = address === undefined ? undefined : memory.offsetOf(address);
    return offsetBytes === undefined || sizeBytes === undefined
      ? []
      : [{ offsetBytes, sizeBytes, hasAddend }];
  };
  const hasAddend = dynamic.value(TAG.procedureRelocationsKind) === TAG.relocationsWithAddend;
  return [
    ...table(TAG.relocationsWithAddend, TAG.relocationsWithAddendBytes, true),
    ...table(TAG.relocations, TAG.relocationsBytes, false),
    ...table(TAG.procedureRelocations, TAG.procedureRelocationsBytes, hasAddend),
  ];
}

function readRow({ words }: ElfHeaders, row: Buffer, hasAddend: boolean): Relocation {
  const target = words.address(row, 0);
  if (!words.wide) {
    const info = words.word(row, 4);
    return {
      target,
      type: info & 0xff,
      symbol: info >>> 8,
      addend: hasAddend ? words.word(row, 8) : undefined,
    };
  }
  const [low, high] = words.littleEndian ? [8, 12] : [12, 8];
  return {
    target,
    type: words.word(row, low),
    symbol: words.word(row, high),
    addend: hasAddend ? words.long(row, 16) : undefined,
  };
}
