/** Builds pbzx payloads. */

export interface Piece {
  readonly packed: Buffer;
  readonly sizeBytes: number;
  /** In place of the true length. */
  readonly claimedBytes?: number;
}

export function buildPbzx(fullBytes: number, pieces: readonly Piece[]): Buffer {
  const header = Buffer.alloc(12);
  header.write("pbzx");
  header.writeBigUInt64BE(BigInt(fullBytes), 4);
  return Buffer.concat([
    header,
    ...pieces.flatMap(({ packed, sizeBytes, claimedBytes = packed.length }) => {
      const head = Buffer.alloc(16);
      head.writeBigUInt64BE(BigInt(sizeBytes), 0);
      head.writeBigUInt64BE(BigInt(claimedBytes), 8);
      return [head, packed];
    }),
  ]);
}
