/**
 * Kills `check` with SIGKILL at random moments. After each kill the next start must judge as ever, leave no scratch
 * folder and no process behind, and find a whole log that still holds every receipt that was handed out.
 * @module
 */

import { spawn, spawnSync } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { parseArgs } from "node:util";
import { silentLog, systemClock } from "@sallyport/core";
import { buildThreeCxCase } from "@sallyport/gate/replica";
import { openLedger, verifyReceipt } from "@sallyport/ledger";

const CLI = resolve(import.meta.dirname, "../../apps/cli/src/main.ts");
const LONGEST_LIFE_MILLISECONDS = 600;
const HOLD = 10;

const { values } = parseArgs({ options: { seconds: { type: "string", default: "60" } } });
const folder = mkdtempSync(join(tmpdir(), "sallyport-kills-"));
const home = join(folder, "home");
const env = { ...process.env, SALLYPORT_HOME: home };
const artifact = join(folder, "setup.msi");
const figures = { kills: 0, diedBefore: 0, entries: 0, receipts: 0, leftByKills: 0 };
try {
  writeFileSync(artifact, (await buildThreeCxCase()).clean.msi);
  const end = performance.now() + Number(values.seconds) * 1000;
  for (let round = 0; performance.now() < end; round += 1) {
    await killOne();
    figures.leftByKills += scratchFolders().length;
    await judgeAgain(join(folder, `receipt-${round}.json`));
    await checkLog();
    if (round % 10 === 9) console.log(`${figures.kills} kills, ${figures.entries} entries`);
  }
  console.log(JSON.stringify(figures));
} finally {
  rmSync(folder, { recursive: true, force: true });
}

/** Only the one process: its parser must notice for itself. */
async function killOne(): Promise<void> {
  const child = spawn(process.execPath, [CLI, "check", artifact], { env, stdio: "ignore" });
  const closed = new Promise<void>((done) => child.on("close", () => done()));
  await wait(Math.random() * LONGEST_LIFE_MILLISECONDS);
  if (child.exitCode === null) figures.kills += 1;
  else figures.diedBefore += 1;
  child.kill("SIGKILL");
  await closed;
}

async function judgeAgain(receipt: string): Promise<void> {
  const check = spawnSync(process.execPath, [CLI, "check", "--receipt", receipt, artifact], {
    env,
    encoding: "utf8",
  });
  if (check.status !== HOLD)
    throw new Error(`after a kill, check ended with ${check.status}: ${check.stdout}${check.stderr}`);
  const left = scratchFolders();
  if (left.length > 0) throw new Error(`the start after a kill left ${left.join(", ")}`);
  const orphans = await findOrphans();
  if (orphans.length > 0) throw new Error(`parsers outlive what started them: ${orphans.join(", ")}`);
}

function scratchFolders(): string[] {
  try {
    return readdirSync(join(home, "scratch"));
  } catch {
    return [];
  }
}

/** Processes that were given a folder of this home, a moment after their parent was killed. */
async function findOrphans(): Promise<string[]> {
  if (process.platform !== "linux") return [];
  let found: string[] = [];
  for (let tries = 0; tries < 20; tries += 1) {
    found = readdirSync("/proc").filter((name) => /^\d+$/.test(name) && commandLine(name).includes(home));
    if (found.length === 0) return [];
    await wait(100);
  }
  return found;
}

function commandLine(pid: string): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, "latin1");
  } catch {
    return "";
  }
}

/** Every receipt so far, again: what is lost may be an old one. */
async function checkLog(): Promise<void> {
  const ledger = await openLedger({ folder: join(home, "ledger"), clock: systemClock, log: silentLog });
  try {
    figures.entries = ledger.audit().size;
    const receipts = readdirSync(folder).filter((name) => name.startsWith("receipt-"));
    figures.receipts = receipts.length;
    for (const name of receipts)
      verifyReceipt(JSON.parse(readFileSync(join(folder, name), "utf8")), { publicKeys: [ledger.publicKey] });
  } finally {
    ledger.close();
  }
}
