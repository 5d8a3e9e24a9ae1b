/**
 * Where the parts of an installer lie. The table in its stub says so; without the stub, the header is looked for by
 * its name and the data is taken to begin where the file does.
 * @module
 */

import { ArtifactError, asBuffer, type ByteSource } from "@sallyport/core";
import type { OpenContext } from "../format.ts";
import { type OffsetTable, readOffsetTable } from "./offset-table.ts";

export const HEADER_NAME = Buffer.from("Inno Setup Setup Data (", "latin1");
const PIECE_BYTES = 1024 * 1024;

export interface Place {
  readonly program: ByteSource;
  /** Where the file that is opened begins and ends in the program. */
  readonly start: number;
  readonly end: number;
  readonly headerOffset: number;
  /** Undefined when the files lie elsewhere. */
  readonly dataOffset: number | undefined;
  /** Undefined when nothing says where it is. */
  readonly engine: OffsetTable["engine"] | undefined;
}

export async function placeParts(source: ByteSource, context: OpenContext): Promise<Place> {
  const { carrier, offsetInParentBytes: start } = context;
  const table = carrier === undefined ? undefined : await readOffsetTable(carrier);
  if (carrier === undefined || table === undefined) {
    const headerOffset = await findHeader(source, context);
    return {
      program: source,
      start: 0,
      end: source.sizeBytes,
      headerOffset,
      dataOffset: headerOffset === 0 ? undefined : 0,
      engine: undefined,
    };
  }
  return {
    program: carrier,
    start,
    end: start + source.sizeBytes,
    headerOffset: table.headerOffset,
    dataOffset: table.dataOffset === 0 ? undefined : table.dataOffset,
    engine: table.engine,
  };
}

async function findHeader(source: ByteSource, { budget }: OpenContext): Promise<number> {
  for (let at = 0; at < source.sizeBytes; at += PIECE_BYTES) {
    budget.checkTime();
    // Pieces overlap, so that no name hides at a seam.
    const wanted = Math.min(source.sizeBytes - at, PIECE_BYTES + HEADER_NAME.length - 1);
    const found = asBuffer(await source.read(at, wanted)).indexOf(HEADER_NAME);
    if (found >= 0) return at + found;
  }
  throw new ArtifactError(
    "artifact.unsupported",
    "Inno Setup: a disk of a set, which the first file describes",
  );
}
