/** A stream's bytes where its sectors stand, read in ranges. Source: [MS-CFB] §2.3, §2.4. @module */

import { ArtifactError, asBuffer, type ByteSource, CHUNK_BYTES, readExactly } from "@sallyport/core";
import type { Chain } from "./allocation.ts";

/** Where a chain's sectors stand in the source below it. */
export interface Layout {
  readonly source: ByteSource;
  readonly sectorBytes: number;
  /** Bytes before sector 0: the header's sector, or nothing in the mini stream. */
  readonly firstSectorOffset: number;
}

/** A chain of sectors, seen as a source. */
export class ChainSource implements ByteSource {
  readonly sizeBytes: number;
  readonly #layout: Layout;
  readonly #runs: readonly { readonly at: number; readonly offset: number; readonly bytes: number }[];

  /** @param sizeBytes - of the stream; the chain must be long enough */
  constructor(layout: Layout, chain: Chain, sizeBytes: number) {
    if (sizeBytes > chain.count * layout.sectorBytes) {
      throw new ArtifactError("artifact.malformed", "OLE: a stream is larger than its chain of sectors");
    }
    this.#layout = layout;
    this.sizeBytes = sizeBytes;
    let at = 0;
    this.#runs = chain.runs.map(({ start, count }) => {
      const run = {
        at,
        offset: layout.firstSectorOffset + start * layout.sectorBytes,
        bytes: count * layout.sectorBytes,
      };
      at += run.bytes;
      return run;
    });
  }

  /** Offset in the source below of the first byte; undefined when there is none. */
  get firstOffset(): number | undefined {
    return this.#runs[0]?.offset;
  }

  /** Where a byte stands in the source below. */
  offsetOf(at: number): number {
    const run = this.#runs[this.#find(at)];
    return run === undefined ? 0 : run.offset + at - run.at;
  }

  /** What the last sector holds behind the stream's end; fewer bytes when the file ends before the sector does. */
  async slack(): Promise<Uint8Array> {
    const last = this.#runs.at(-1);
    if (last === undefined) return Buffer.alloc(0);
    const start = last.offset + this.sizeBytes - last.at;
    const end = Math.min(last.offset + last.bytes, this.#layout.source.sizeBytes);
    return start < end ? this.#layout.source.read(start, end - start) : Buffer.alloc(0);
  }

  async read(offset: number, length: number): Promise<Uint8Array> {
    const end = Math.min(offset + length, this.sizeBytes);
    const pieces: Uint8Array[] = [];
    for (let at = offset, index = this.#find(offset); at < end; index += 1) {
      const run = this.#runs[index];
      if (run === undefined) break;
      const inRun = at - run.at;
      const count = Math.min(run.bytes - inRun, end - at);
      pieces.push(await readExactly(this.#layout.source, run.offset + inRun, count, "OLE stream"));
      at += count;
    }
    return pieces.length === 1 && pieces[0] !== undefined ? pieces[0] : Buffer.concat(pieces);
  }

  async *stream(offset = 0, length = this.sizeBytes - offset): AsyncIterable<Uint8Array> {
    const end = Math.min(offset + length, this.sizeBytes);
    for (let at = offset; at < end; at += CHUNK_BYTES) {
      yield asBuffer(await this.read(at, Math.min(CHUNK_BYTES, end - at)));
    }
  }

  /** Index of the run that holds an offset, by bisection. */
  #find(offset: number): number {
    let low = 0;
    let high = this.#runs.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >>> 1;
      if ((this.#runs[middle]?.at ?? 0) <= offset) low = middle;
      else high = middle - 1;
    }
    return low;
  }
}
