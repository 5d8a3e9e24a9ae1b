/**
 * The parser process's own code in one file, types removed: reading, stripping and resolving its many modules
 * took most of a short run. A process that opens nothing makes the pack; a parser may read it and not write it,
 * so that nothing an artifact does reaches the next run. A V8 compile cache would have to be writable.
 * @module
 */

import { spawn } from "node:child_process";
import { mkdirSync, readFileSync, statSync } from "node:fs";
import { getCompileCacheDir } from "node:module";
import { basename, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

/** Every module as it was when the pack was made. */
export type PackStamp = readonly (readonly [path: string, modifiedMilliseconds: number, sizeBytes: number])[];

export const PACK_FILE = "code.json";
export const STAMP_FILE = "stamp.json";

/**
 * Finds the pack, when it is there and no module has changed since; otherwise has one made for the next time.
 * @returns its folder; undefined when the modules must be read one by one
 */
export function findCodePack(folder: string | undefined): string | undefined {
  // The bundle is one file, without types, already.
  if (folder === undefined || !import.meta.url.endsWith(".ts")) return undefined;
  if (isCurrent(folder)) return folder;
  makePack(folder);
  return undefined;
}

/** A process that keeps no compiled code itself wants no files of this kind. */
export function besideCompileCache(): string | undefined {
  const own = getCompileCacheDir();
  return own === undefined ? undefined : join(dirname(own), `parser-${basename(own)}`);
}

function isCurrent(folder: string): boolean {
  try {
    const stamp = JSON.parse(readFileSync(join(folder, STAMP_FILE), "utf8")) as PackStamp;
    return stamp.every(([path, modified, size]) => {
      const now = statSync(path);
      return now.mtimeMs === modified && now.size === size;
    });
  } catch {
    return false;
  }
}

/** Beside the run, and longer than it if need be: nobody waits for it. */
function makePack(folder: string): void {
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
  } catch {
    // A folder that cannot be written costs time, and nothing else.
    return;
  }
  const program = fileURLToPath(new URL("./record-code.ts", import.meta.url));
  const options = { env: {}, stdio: "ignore", detached: true, windowsHide: true } as const;
  const child = spawn(process.execPath, ["--no-warnings", program, folder], options);
  child.on("error", () => undefined);
  child.unref();
}

/** Node's arguments that make it read the pack first, when there is one. */
export function packArguments(folder: string | undefined): string[] {
  if (folder === undefined) return [];
  const player = new URL("./play-code.mjs", import.meta.url);
  player.searchParams.set("folder", folder);
  return [`--import=${player.href}`];
}
