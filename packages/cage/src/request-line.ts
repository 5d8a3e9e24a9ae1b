/** How a caged process hears what it is to do, and how long it lives. @module */

import { readSync } from "node:fs";

const PIECE_BYTES = 64 * 1024;

/**
 * Waits for the one line that the parent writes.
 * @param descriptor - standard input, left out
 * @returns the line, without its end
 */
export function readRequest(descriptor = 0): string {
  const pieces: Buffer[] = [];
  for (;;) {
    const piece = Buffer.alloc(PIECE_BYTES);
    const count = readSync(descriptor, piece);
    if (count === 0) throw new Error("the request is cut short");
    pieces.push(piece.subarray(0, count));
    if (piece[count - 1] === 0x0a) return Buffer.concat(pieces).toString("utf8").trimEnd();
  }
}

/**
 * The parent holds our standard input open for as long as it lives. Listened to by the event loop: a reading
 * thread would keep the process from ending.
 */
export function exitWithParent(): void {
  process.stdin.on("end", () => process.exit(3)).on("error", () => process.exit(3));
  process.stdin.resume();
}
