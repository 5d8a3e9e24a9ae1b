/**
 * The private folder of one run. It is removed at the end; what a killed run left is removed by the next one.
 * A folder belongs to the process whose number is in its name, on the machine (and in the container) whose mark
 * is in front of it, so that two at once, or two containers on one home, leave each other alone.
 * @module
 */

import { createHash } from "node:crypto";
import { mkdirSync, mkdtempSync, readdirSync, readlinkSync, rmSync, statSync } from "node:fs";
import { hostname } from "node:os";
import { join } from "node:path";
import { WorldError } from "@sallyport/core";

const NAME = /^parser-([0-9a-f]{8})-([0-9]{1,10})-[A-Za-z0-9]{6}$/;
/** Another machine's folder cannot be asked for its owner; nobody reads a file for this long. */
const FOREIGN_MILLISECONDS = 24 * 60 * 60_000;

/** Folders this process has made and not yet removed. */
const mine = new Set<string>();

export interface Scratch {
  /** Mode 0700. */
  readonly folder: string;
  remove(): void;
}

/**
 * Makes a scratch folder, after removing what dead runs left behind.
 * @throws WorldError `world.home` when it cannot be made
 */
export function createScratch(scratchRoot: string): Scratch {
  try {
    mkdirSync(scratchRoot, { recursive: true, mode: 0o700 });
    sweep(scratchRoot);
    const folder = mkdtempSync(join(scratchRoot, `parser-${machineMark()}-${process.pid}-`));
    mine.add(folder);
    return { folder, remove: () => remove(folder) };
  } catch (cause) {
    throw new WorldError("world.home", `cannot make a scratch folder in ${scratchRoot}`, { cause });
  }
}

function remove(folder: string): void {
  mine.delete(folder);
  rmSync(folder, { recursive: true, force: true });
}

function sweep(scratchRoot: string): void {
  for (const name of readdirSync(scratchRoot)) {
    const folder = join(scratchRoot, name);
    const [, mark, pid] = NAME.exec(name) ?? [];
    if (mark === undefined || pid === undefined || mine.has(folder)) continue;
    const left = mark === machineMark() ? !isAlive(Number(pid)) : isOld(folder);
    if (left) rmSync(folder, { recursive: true, force: true });
  }
}

/** Our own number on a folder we did not make: the number was given out again. */
function isAlive(pid: number): boolean {
  if (pid === process.pid || pid <= 0) return false;
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return !(error instanceof Error && "code" in error && error.code === "ESRCH");
  }
}

function isOld(folder: string): boolean {
  const changed = statSync(folder, { throwIfNoEntry: false })?.mtimeMs;
  return changed !== undefined && Date.now() - changed > FOREIGN_MILLISECONDS;
}

let mark: string | undefined;

/** Process numbers mean something on one machine, and on Linux in one process namespace, only. */
function machineMark(): string {
  mark ??= createHash("sha256").update(`${hostname()} ${processNamespace()}`).digest("hex").slice(0, 8);
  return mark;
}

function processNamespace(): string {
  try {
    return readlinkSync("/proc/self/ns/pid");
  } catch {
    return "";
  }
}
