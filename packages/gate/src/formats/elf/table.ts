/** Header tables: rows of one size, read a bounded piece at a time. Source: System V gABI, chapter 4 "ELF Header". @module */

import { ArtifactError, type ByteSource, readExactly } from "@sallyport/core";

export interface ElfTable {
  readonly offsetBytes: number;
  readonly rowBytes: number;
  readonly count: number;
}

/** Several times what the largest object files of C++ compilers have. */
const MAX_ROWS = 262_144;
const PIECE_ROWS = 4096;

/**
 * @throws {@link ArtifactError} `artifact.truncated` when the table reaches past the end of the file,
 * `artifact.over-limit` when it has more rows than may be held
 */
export async function readRows<Row>(
  source: ByteSource,
  table: ElfTable | undefined,
  what: string,
  read: (row: Buffer) => Row,
): Promise<Row[]> {
  if (table === undefined) return [];
  const { offsetBytes, rowBytes, count } = table;
  // Before the limit: a count that the file cannot hold is a lie about the file, whatever its size.
  if (offsetBytes + count * rowBytes > source.sizeBytes)
    throw new ArtifactError("artifact.truncated", `${what} are cut short`, { facts: { offsetBytes, count } });
  if (count > MAX_ROWS) throw new ArtifactError("artifact.over-limit", `${what}: more than may be held`);
  const rows: Row[] = [];
  for (let first = 0; first < count; first += PIECE_ROWS) {
    const pieceBytes = Math.min(PIECE_ROWS, count - first) * rowBytes;
    const piece = await readExactly(source, offsetBytes + first * rowBytes, pieceBytes, what);
    for (let at = 0; at < pieceBytes; at += rowBytes) rows.push(read(piece.subarray(at, at + rowBytes)));
  }
  return rows;
}
