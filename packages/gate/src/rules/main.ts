/**
 * The process that compiles and tries brought rules before anything is opened. It gets them as one line of JSON on
 * standard input, and says one line for each: its name when it begins, and what is wrong when something is.
 * @module
 */

import { readSync, writeSync } from "node:fs";
import type { RulePack } from "./rule-pack.ts";
import type { TrialMessage } from "./trial-message.ts";
import { tryPack } from "./try-packs.ts";

const [INPUT, OUTPUT] = [0, 1];
const PIECE_BYTES = 64 * 1024;

// Loaded by another program, it is only looked at.
if (import.meta.main) await run();

async function run(): Promise<void> {
  const packs = JSON.parse(readLine()) as readonly RulePack[];
  process.stdin.on("end", () => process.exit(3)).on("error", () => process.exit(3));
  process.stdin.resume();
  for (const [index, pack] of packs.entries()) {
    say({ type: "at", index });
    const because = await tryPack(pack);
    if (because !== undefined) say({ type: "refused", because });
  }
  say({ type: "end" });
  process.exit(0);
}

function readLine(): string {
  const pieces: Buffer[] = [];
  for (;;) {
    const piece = Buffer.alloc(PIECE_BYTES);
    const count = readSync(INPUT, piece);
    if (count === 0) throw new Error("the request is cut short");
    pieces.push(piece.subarray(0, count));
    if (piece[count - 1] === 0x0a) return Buffer.concat(pieces).toString("utf8");
  }
}

function say(message: TrialMessage): void {
  const bytes = Buffer.from(`${JSON.stringify(message)}\n`);
  for (let done = 0; done < bytes.length; ) done += writeSync(OUTPUT, bytes, done);
}
