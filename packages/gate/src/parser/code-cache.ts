/**
 * Compiled code for the parser process, which would spend most of a short run on compiling itself.
 * V8 believes what stands in its cache, so no process that has seen an artifact may write to the one that is kept:
 * it is made by a run that opens nothing, and every parser gets a copy in its scratch folder, gone with it.
 * @module
 */

import { spawn } from "node:child_process";
import { constants, cpSync, mkdirSync, renameSync, rmSync, statSync } from "node:fs";
import { flushCompileCache, getCompileCacheDir } from "node:module";
import { basename, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { parserEntry } from "./isolation.ts";

/** Changed code only makes its own entry useless; after this long they are all made again. */
const LASTS_MILLISECONDS = 24 * 60 * 60_000;

/**
 * Copies the kept cache into the scratch folder; makes one for the next time when there is none, or an old one.
 * @returns the copy; undefined the first time, and in a process that has no compile cache itself
 */
export function lendCodeCache(
  scratchFolder: string,
  kept: string | undefined = findKept(),
): string | undefined {
  if (kept === undefined) return undefined;
  try {
    const madeAt = statSync(kept, { throwIfNoEntry: false })?.mtimeMs;
    if (madeAt === undefined || Date.now() - madeAt > LASTS_MILLISECONDS) startWarmUp(kept);
    if (madeAt === undefined) return undefined;
    const copy = join(scratchFolder, "code");
    cpSync(kept, copy, { recursive: true, mode: constants.COPYFILE_FICLONE });
    return copy;
  } catch {
    // Slower, and nothing else: another process may just be replacing it.
    return undefined;
  }
}

/** Beside our own cache; a process that has none does not want one. */
function findKept(): string | undefined {
  const own = getCompileCacheDir();
  return own === undefined ? undefined : join(dirname(own), `parser-${basename(own)}`);
}

/** Beside the run, and longer than it if need be: nobody waits for it. */
function startWarmUp(kept: string): void {
  mkdirSync(join(kept, ".."), { recursive: true, mode: 0o700 });
  const fresh = `${kept}.${process.pid}`;
  mkdirSync(fresh, { mode: 0o700 });
  const child = spawn(process.execPath, ["--no-warnings", fileURLToPath(parserEntry), WARM_UP, fresh, kept], {
    env: { NODE_COMPILE_CACHE: fresh },
    stdio: "ignore",
    detached: true,
    windowsHide: true,
  });
  child.on("error", () => undefined);
  child.unref();
}

/** First argument of the parser program when it shall only compile itself. */
export const WARM_UP = "warm-up";

/** In the run that opens nothing: everything is loaded by now, so it is written and put in its place. */
export function finishWarmUp(fresh: string, kept: string): void {
  flushCompileCache();
  rmSync(kept, { recursive: true, force: true });
  renameSync(fresh, kept);
}
