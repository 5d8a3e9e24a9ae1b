/**
 * The allocation tables of a compound file: which sectors form a chain, and who has claimed them.
 * Source: [MS-CFB] §2.3 (FAT), §2.4 (mini FAT), §2.5 (DIFAT).
 *
 * A table is held as four bytes per sector (1/128 or 1/1024 of the file); a chain as runs of neighbouring sectors,
 * so that the chain of a large stream takes a handful of numbers.
 * @module
 */

import { ArtifactError, type ByteSource, readExactly } from "@sallyport/core";
import { type OleHeader, SECTOR, sectorOffset } from "./header.ts";

/** Neighbouring sectors that follow each other in a chain. */
export interface Run {
  readonly start: number;
  readonly count: number;
}

export interface Chain {
  readonly runs: readonly Run[];
  readonly count: number;
}

/** Bytes of memory a run takes up, roughly, here and in the source made of it. */
const HELD_BYTES_PER_RUN = 128;

/** A table of next-sector numbers, and a mark per sector for the one chain that may hold it. */
export class AllocationTable {
  readonly next: Uint32Array;
  readonly #claimed: Uint8Array;
  readonly #what: string;

  constructor(next: Uint32Array, what: string) {
    this.next = next;
    this.#claimed = new Uint8Array(next.length);
    this.#what = what;
  }

  isClaimed(sector: number): boolean {
    return this.#claimed[sector] === 1;
  }

  /**
   * Takes a sector for one chain.
   * @throws {@link ArtifactError} `artifact.malformed` when it is outside the table or taken: a loop, or two owners
   */
  claim(sector: number, owner: string): void {
    if (sector >= this.next.length) {
      throw new ArtifactError(
        "artifact.truncated",
        `OLE ${this.#what} of ${owner}: a sector lies outside the file`,
        {
          facts: { sector },
        },
      );
    }
    if (this.#claimed[sector] === 1)
      this.#refuse(owner, `sector ${sector} belongs to two chains or to a loop`);
    this.#claimed[sector] = 1;
  }

  /**
   * Claims a whole chain. Every sector can be claimed once in the life of the table, so all chains together take
   * no more steps than there are sectors.
   * @param longest - sectors the owner may need; a longer chain is refused
   * @returns the number of sectors
   */
  claimChain(start: number, owner: string, longest = Number.POSITIVE_INFINITY): number {
    let count = 0;
    for (let sector = start; sector !== SECTOR.endOfChain; sector = this.next[sector] ?? SECTOR.free) {
      this.claim(sector, owner);
      count += 1;
      if (count > longest) this.#refuse(owner, "its chain is longer than its size");
    }
    return count;
  }

  /**
   * The runs of a chain that was claimed before.
   * @throws {@link ArtifactError} `artifact.over-limit` when it lies in more pieces than may be held
   */
  chain(start: number, count: number, maxHeldBytes: number): Chain {
    const runs: { start: number; count: number }[] = [];
    let last: { start: number; count: number } | undefined;
    let sector = start;
    for (let index = 0; index < count; index += 1) {
      if (last !== undefined && last.start + last.count === sector) last.count += 1;
      else {
        last = { start: sector, count: 1 };
        runs.push(last);
        if (runs.length * HELD_BYTES_PER_RUN > maxHeldBytes) {
          throw new ArtifactError(
            "artifact.over-limit",
            "OLE: a stream lies in more pieces than may be held",
          );
        }
      }
      sector = this.next[sector] ?? SECTOR.free;
    }
    return { runs, count };
  }

  #refuse(owner: string, because: string): never {
    throw new ArtifactError("artifact.malformed", `OLE ${this.#what} of ${owner}: ${because}`);
  }
}

/**
 * Reads the FAT, and claims the sectors that the FAT and the DIFAT stand in.
 * @param maxHeldBytes - the table's size, at most
 * @throws {@link ArtifactError} `artifact.truncated`, `artifact.malformed`, `artifact.over-limit`
 */
export async function readFat(
  source: ByteSource,
  header: OleHeader,
  maxHeldBytes: number,
): Promise<AllocationTable> {
  const perSector = header.sectorBytes / 4;
  if (header.fatSectors * header.sectorBytes > maxHeldBytes) {
    throw new ArtifactError("artifact.over-limit", "OLE FAT is larger than may be held", {
      facts: { neededBytes: header.fatSectors * header.sectorBytes, allowedBytes: maxHeldBytes },
    });
  }
  const { fat, difat } = await readDifat(source, header);
  const entries = new Uint32Array(fat.length * perSector);
  for (const [index, sector] of fat.entries()) {
    entries.set(await readNumbers(source, header, sector, "OLE FAT"), index * perSector);
  }
  // Entries past the end of the file describe nothing; some writers fill up with ends of chains.
  const beyond = entries
    .subarray(header.sectorCount)
    .findIndex((entry) => entry !== SECTOR.free && entry !== SECTOR.endOfChain);
  if (beyond >= 0) {
    throw new ArtifactError("artifact.truncated", "OLE: the FAT describes sectors past the end of the file", {
      facts: { sector: header.sectorCount + beyond },
    });
  }
  const table = new AllocationTable(entries.subarray(0, header.sectorCount), "FAT");
  for (const sector of difat) claimMarked(table, sector, SECTOR.difat, "the DIFAT");
  for (const sector of fat) claimMarked(table, sector, SECTOR.fat, "the FAT");
  return table;
}

/** [MS-CFB] §2.3: a sector of the FAT or DIFAT says so in its own entry. */
function claimMarked(table: AllocationTable, sector: number, mark: number, owner: string): void {
  table.claim(sector, owner);
  if (table.next[sector] !== mark) {
    throw new ArtifactError(
      "artifact.malformed",
      `OLE FAT does not mark sector ${sector} as part of ${owner}`,
    );
  }
}

/** [MS-CFB] §2.5: each DIFAT sector ends with the number of the next. */
async function readDifat(source: ByteSource, header: OleHeader): Promise<{ fat: number[]; difat: number[] }> {
  const listed = [...header.difat];
  const difat: number[] = [];
  let sector = header.difatStart;
  // Some writers end an absent DIFAT with "free" in place of "end of chain".
  while (sector !== SECTOR.endOfChain && !(sector === SECTOR.free && header.difatSectors === 0)) {
    if (difat.length >= header.difatSectors) refuse("the DIFAT is longer than the header says");
    difat.push(sector);
    const numbers = await readNumbers(source, header, sector, "OLE DIFAT");
    for (const number of numbers.subarray(0, -1)) listed.push(number);
    sector = numbers[numbers.length - 1] ?? SECTOR.free;
  }
  if (difat.length !== header.difatSectors) refuse("the DIFAT is shorter than the header says");
  const fat = listed.slice(0, header.fatSectors);
  if (fat.length < header.fatSectors) refuse("the header claims more FAT sectors than are listed");
  if (listed.slice(header.fatSectors).some((entry) => entry !== SECTOR.free)) {
    refuse("the DIFAT lists more FAT sectors than the header claims");
  }
  return { fat, difat };
}

async function readNumbers(
  source: ByteSource,
  header: OleHeader,
  sector: number,
  what: string,
): Promise<Uint32Array> {
  if (sector >= header.sectorCount) refuse(`${what} sector ${sector} lies outside the file`);
  return toNumbers(await readExactly(source, sectorOffset(header, sector), header.sectorBytes, what));
}

/** Little-endian 32-bit numbers, on a machine of either endianness. */
export function toNumbers(bytes: Buffer): Uint32Array {
  return Uint32Array.from({ length: Math.floor(bytes.length / 4) }, (_, index) =>
    bytes.readUInt32LE(index * 4),
  );
}

function refuse(because: string): never {
  throw new ArtifactError("artifact.malformed", `OLE: ${because}`);
}
