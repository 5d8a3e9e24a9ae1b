/**
 * Sparse maps of pax archives: in records of the extended header (versions 0.0 and 0.1), or in front of the member's
 * content (1.0). Source: GNU tar manual, "PAX Format, Versions 0.0 and 0.1", "PAX Format, Version 1.0".
 * @module
 */

import { ArtifactError, hasCode } from "@sallyport/core";
import { isAllZero } from "../front-reader.ts";
import { BLOCK_BYTES } from "./header.ts";
import { requireFewPieces, type Sparse, type SparsePiece } from "./sparse.ts";

type Lie = (because: string) => void;

/** What is said of a map that nobody can read. */
export const DAMAGED = "has a sparse map that is damaged";

const PREFIX = "GNU.sparse.";
/** In version 0.0 these two come once for each piece. */
const REPEATED: readonly string[] = ["offset", "numbytes"];
/** Apart from the name, which is a name like others. */
const SINGLE: ReadonlySet<string> = new Set(["major", "minor", "size", "realsize", "numblocks", "map"]);

/** Gathers the records of one extended header. */
export class SparseRecords {
  readonly #lie: Lie;
  readonly #single = new Map<string, string>();
  readonly #repeated: { readonly name: string; readonly text: string }[] = [];

  constructor(lie: Lie) {
    this.#lie = lie;
  }

  add(key: string, value: Buffer): void {
    if (!key.startsWith(PREFIX)) return;
    const name = key.slice(PREFIX.length);
    const text = value.toString("latin1");
    if (REPEATED.includes(name)) this.#repeated.push({ name, text });
    else if (SINGLE.has(name)) {
      if (this.#single.has(name)) this.#lie(`gives ${key} twice in one extended header`);
      this.#single.set(name, text);
    }
  }

  /**
   * @returns undefined when the member is not sparse
   * @throws {@link ArtifactError} `artifact.unsupported` for other versions
   */
  finish(): Sparse | undefined {
    if (this.#single.size === 0 && this.#repeated.length === 0) return undefined;
    try {
      return this.#read();
    } catch (error) {
      if (!hasCode(error, "artifact.malformed")) throw error;
      this.#lie(DAMAGED);
      return { realBytes: undefined, pieces: [] };
    }
  }

  #read(): Sparse {
    const version = `${this.#single.get("major") ?? 0}.${this.#single.get("minor") ?? 0}`;
    const sizes = ["size", "realsize"].flatMap((name) => this.#single.get(name) ?? []).map(readNumber);
    if (new Set(sizes).size > 1) this.#lie("has two sizes");
    const pieces = this.#pieces();
    if (version !== "1.0" && !version.startsWith("0."))
      throw new ArtifactError(
        "artifact.unsupported",
        "tar: sparse members of this version are not supported",
      );
    if (version === "1.0" && pieces.length > 0) this.#lie("has two sparse maps");
    return { realBytes: sizes[0], pieces: version === "1.0" ? undefined : pieces };
  }

  #pieces(): readonly SparsePiece[] {
    const map = this.#single.get("map");
    if (map !== undefined && this.#repeated.length > 0) this.#lie("has two sparse maps");
    const pieces = pairs(map === undefined || map === "" ? this.#numbers() : map.split(",").map(readNumber));
    const count = this.#single.get("numblocks");
    if (count !== undefined && readNumber(count) !== pieces.length)
      this.#lie("has a sparse map of another length than it says");
    return pieces;
  }

  #numbers(): readonly number[] {
    return this.#repeated.map(({ name, text }, at) => {
      if (name !== REPEATED[at % 2]) throw malformed();
      return readNumber(text);
    });
  }
}

/**
 * Reads the map of version 1.0: numbers, each in a line, filled to a whole block.
 * @param nextBlock - takes a block of the member's content
 * @throws {@link ArtifactError} `artifact.malformed`, `artifact.over-limit`, and what `nextBlock` throws
 */
export async function readMapInFront(
  nextBlock: () => Promise<Buffer>,
  lie: Lie,
): Promise<readonly SparsePiece[]> {
  const numbers: number[] = [];
  let count: number | undefined;
  let digits = "";
  for (;;) {
    const block = await nextBlock();
    let from = 0;
    while (count === undefined || numbers.length < 2 * count) {
      const end = block.indexOf(0x0a, from);
      digits += block.toString("latin1", from, end < 0 ? BLOCK_BYTES : end);
      if (digits.length > BLOCK_BYTES) throw malformed();
      if (end < 0) break;
      const number = readNumber(digits);
      if (count === undefined) count = number;
      else numbers.push(number);
      requireFewPieces(count);
      digits = "";
      from = end + 1;
    }
    if (count === undefined || numbers.length < 2 * count) continue;
    if (!isAllZero(block.subarray(from))) lie("has bytes behind its sparse map");
    return pairs(numbers);
  }
}

function pairs(numbers: readonly number[]): readonly SparsePiece[] {
  if (numbers.length % 2 !== 0) throw malformed();
  const pieces: SparsePiece[] = [];
  for (let at = 0; at < numbers.length; at += 2)
    pieces.push({ offsetBytes: numbers[at] ?? 0, sizeBytes: numbers[at + 1] ?? 0 });
  return pieces;
}

function readNumber(text: string): number {
  const number = /^[0-9]{1,16}$/.test(text) ? Number(text) : Number.NaN;
  if (!Number.isSafeInteger(number)) throw malformed();
  return number;
}

const malformed = (): ArtifactError =>
  new ArtifactError("artifact.malformed", "tar: a sparse map is damaged");
