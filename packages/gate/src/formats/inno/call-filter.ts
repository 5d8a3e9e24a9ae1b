/**
 * Undoes what is done to programs before they are compressed: the targets of CALL and JMP, relative in the program,
 * were made absolute. Source: Inno Setup, Projects/Src/Compression.Base.pas (`TransformCallInstructions`); for
 * versions before 5.3.9, the facts that innoextract 1.9 records in src/stream/exefilter.hpp.
 * @module
 */

import type { Layout } from "./layout.ts";

/** Instructions that cross from one block to the next are left alone. */
const BLOCK_BYTES = 64 * 1024;

export async function* restoreCalls(
  bytes: AsyncIterable<Buffer>,
  kind: Layout["callFilter"],
  blockBytes: number = BLOCK_BYTES,
): AsyncGenerator<Buffer> {
  if (kind === "stream") {
    yield* restoreStream(bytes);
    return;
  }
  let held: Buffer[] = [];
  let heldBytes = 0;
  let offset = 0;
  const restore = (block: Buffer): Buffer => {
    restoreBlock(block, offset, kind === "blocks-signed");
    offset += block.length;
    return block;
  };
  for await (const piece of bytes) {
    for (let rest = piece; rest.length > 0; ) {
      const taken = rest.subarray(0, blockBytes - heldBytes);
      held.push(taken);
      heldBytes += taken.length;
      rest = rest.subarray(taken.length);
      if (heldBytes < blockBytes) continue;
      yield restore(Buffer.concat(held));
      held = [];
      heldBytes = 0;
    }
  }
  if (heldBytes > 0) yield restore(Buffer.concat(held));
}

function restoreBlock(block: Buffer, offset: number, isSigned: boolean): void {
  for (let at = 0; at + 5 <= block.length; at += 1) {
    if (!isCall(block[at] as number)) continue;
    const high = block[at + 4];
    if (high === 0 || high === 0xff) {
      const target = block.readUIntLE(at + 1, 3);
      const relative = (target - (offset + at + 5)) & 0xff_ffff;
      block.writeUIntLE(relative, at + 1, 3);
      if (isSigned && (relative & 0x80_0000) !== 0) block[at + 4] = high ^ 0xff;
    }
    at += 4;
  }
}

/** Before 5.2 the four bytes of every target were counted back, whatever they said. */
async function* restoreStream(bytes: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  let offset = 5;
  let left = 0;
  let address = 0;
  for await (const piece of bytes) {
    const restored = Buffer.from(piece);
    for (let at = 0; at < restored.length; at += 1, offset += 1) {
      const byte = restored[at] as number;
      if (left === 0) {
        if (!isCall(byte)) continue;
        address = -offset >>> 0;
        left = 4;
        continue;
      }
      address = (address + byte) >>> 0;
      restored[at] = address & 0xff;
      address >>>= 8;
      left -= 1;
    }
    yield restored;
  }
}

const isCall = (byte: number): boolean => byte === 0xe8 || byte === 0xe9;
