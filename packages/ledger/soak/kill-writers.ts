/**
 * Several processes append to one log and are killed with SIGKILL at random moments, again and again. Afterwards
 * every receipt that was handed out must verify, stand at its place, and the log must extend every state it had.
 *
 *     node packages/ledger/soak/kill-writers.ts --seconds 60 --writers 3
 * @module
 */

import { spawn } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { parseArgs } from "node:util";
import { silentLog, systemClock } from "@sallyport/core";
import {
  type LocalLedger,
  openCheckpoint,
  openLedger,
  verifyConsistency,
  verifyReceipt,
} from "../src/index.ts";

export interface KillFigures {
  readonly rounds: number;
  readonly kills: number;
  /** Receipts that the writers had in hand when they were killed. */
  readonly acknowledged: number;
  readonly entries: number;
  readonly slowestOpenMilliseconds: number;
}

const WRITER = new URL("./writer.ts", import.meta.url).pathname;
const SHORTEST_LIFE_MILLISECONDS = 40;
const LIFE_SPREAD_MILLISECONDS = 600;
const MOST_FRUITLESS_ROUNDS = 20;

/** @throws Error naming the first promise that did not hold */
export async function killWriters(options: { milliseconds: number; writers: number }): Promise<KillFigures> {
  const folder = mkdtempSync(join(tmpdir(), "sallyport-kill-"));
  const figures = { rounds: 0, kills: 0, acknowledged: 0, entries: 0, slowestOpenMilliseconds: 0 };
  const handedOut = new Map<string, string>();
  try {
    const end = performance.now() + options.milliseconds;
    while (performance.now() < end || (handedOut.size === 0 && figures.rounds < MOST_FRUITLESS_ROUNDS)) {
      const before = states(folder);
      // On a busy machine nobody gets to writing at first: then they live longer.
      const spread = LIFE_SPREAD_MILLISECONDS * (handedOut.size === 0 ? figures.rounds + 1 : 1);
      const names = Array.from({ length: options.writers }, (_, index) => `${figures.rounds}-${index}`);
      const lines = (await Promise.all(names.map((name) => runAndKill(folder, name, spread)))).flat();
      for (const line of lines) keepReceipt(handedOut, line);
      figures.rounds += 1;
      figures.kills += names.length;
      await check(folder, { handedOut, before, figures });
    }
    return { ...figures, acknowledged: handedOut.size };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** @returns the complete lines that it printed before it was killed */
async function runAndKill(folder: string, name: string, spreadMilliseconds: number): Promise<string[]> {
  const child = spawn(process.execPath, [WRITER, folder, name], { stdio: ["ignore", "pipe", "inherit"] });
  let output = "";
  child.stdout.setEncoding("utf8").on("data", (text: string) => {
    output += text;
  });
  const closed = new Promise<void>((resolve) => child.on("close", () => resolve()));
  await wait(SHORTEST_LIFE_MILLISECONDS + Math.random() * spreadMilliseconds);
  child.kill("SIGKILL");
  await closed;
  return output.split("\n").slice(0, -1);
}

function keepReceipt(handedOut: Map<string, string>, line: string): void {
  const { index, salt }: { index: string; salt: string } = JSON.parse(line);
  if (handedOut.has(index)) throw new Error(`index ${index} was handed out twice`);
  handedOut.set(index, salt);
}

const states = (folder: string): string | undefined => {
  try {
    return readFileSync(join(folder, "checkpoint"), "utf8");
  } catch {
    return undefined;
  }
};

async function check(
  folder: string,
  expected: {
    handedOut: ReadonlyMap<string, string>;
    before: string | undefined;
    figures: { entries: number; slowestOpenMilliseconds: number };
  },
): Promise<void> {
  const started = performance.now();
  const ledger = await openLedger({ folder, clock: systemClock, log: silentLog });
  try {
    const { figures } = expected;
    figures.slowestOpenMilliseconds = Math.max(figures.slowestOpenMilliseconds, performance.now() - started);
    figures.entries = ledger.audit().size;
    if (expected.before !== undefined) checkExtends(ledger, expected.before);
    for (const [index, salt] of expected.handedOut) {
      const entry = ledger.entry(Number(index));
      if (entry?.receipt.log.salt !== salt) throw new Error(`the receipt of index ${index} was lost`);
      verifyReceipt(entry.receipt, { publicKeys: [ledger.publicKey] });
    }
  } finally {
    ledger.close();
  }
}

function checkExtends(ledger: LocalLedger, before: string): void {
  const old = openCheckpoint(before, ledger.publicKey);
  const now = openCheckpoint(ledger.checkpoint(), ledger.publicKey);
  if (typeof old === "string" || typeof now === "string") throw new Error("a checkpoint does not verify");
  if (old.size === 0n) return;
  const { proof } = ledger.consistency(Number(old.size));
  const claim = { oldSize: old.size, oldRoot: old.root, size: now.size, root: now.root, proof };
  if (!verifyConsistency(claim)) throw new Error("the log does not extend what it was");
}

if (import.meta.main) {
  const { values } = parseArgs({
    options: { seconds: { type: "string", default: "60" }, writers: { type: "string", default: "3" } },
  });
  const figures = await killWriters({
    milliseconds: Number(values.seconds) * 1000,
    writers: Number(values.writers),
  });
  process.stdout.write(`${JSON.stringify(figures)}\n`);
}
