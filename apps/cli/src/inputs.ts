/** From what a person typed to files that can be opened. @module */

import type { Stats } from "node:fs";
import { open, readdir, realpath, stat } from "node:fs/promises";
import { basename, join, relative } from "node:path";
import { hasCode, UsageError, WorldError } from "@sallyport/core";
import type { Origin } from "@sallyport/gate";

export interface Input {
  readonly path: string;
  /** The name it came under; the path below the folder when a folder was given. */
  readonly label: string;
  /** Where it came from, when it was fetched. */
  readonly origin?: Origin;
  /** Hashes that stood on the page through which it was fetched. */
  readonly published?: { readonly name: string; readonly text: string };
}

const MAX_FILES = 10_000;

/**
 * A folder stands for each file in it, at any depth, in the order of their names. Nothing in it is passed over in
 * silence but folders, which are walked; empty files hold nothing, and are told to `onEmpty`.
 * @throws UsageError `usage.file` for what is missing, unreadable, empty, or no file
 */
export async function expandInputs(
  paths: readonly string[],
  onEmpty: (path: string) => void,
): Promise<readonly Input[]> {
  const inputs: Input[] = [];
  for (const path of paths) {
    const stats = await statOf(path);
    if (stats.isDirectory()) inputs.push(...(await filesBelow(path, onEmpty)));
    else inputs.push({ path, label: basename(path) });
    requireFew(inputs);
  }
  for (const { path } of inputs) await requireReadableFile(path);
  return inputs;
}

/** @throws UsageError `usage.file` */
export function requireFew(inputs: readonly unknown[]): void {
  if (inputs.length > MAX_FILES)
    throw new UsageError("usage.file", `more than ${MAX_FILES} files were given; give a smaller folder`);
}

/** For commands that look at one file. @throws UsageError `usage.file` */
export async function singleInput(path: string): Promise<Input> {
  await requireReadableFile(path);
  return { path, label: basename(path) };
}

async function filesBelow(folder: string, onEmpty: (path: string) => void): Promise<readonly Input[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true }).catch((error) => {
    throw unusable(error.path ?? folder, error);
  });
  const root = await realpath(folder);
  const files: string[] = [];
  for (const entry of entries) {
    const path = join(entry.parentPath, entry.name);
    const kind = entry.isDirectory() ? "passed over" : await kindIn(path, root);
    if (kind === "judged") files.push(path);
    if (kind === "empty") onEmpty(path);
    if (files.length > MAX_FILES) break;
  }
  if (files.length === 0)
    throw new UsageError("usage.file", `${folder}: the folder holds no files with content; check the path`);
  return files.sort().map((path) => ({ path, label: relative(folder, path) }));
}

/** A link to a folder that is walked anyway adds nothing; one that leads elsewhere would hide what is there. */
async function kindIn(path: string, root: string): Promise<"judged" | "empty" | "passed over"> {
  const stats = await statOf(path);
  if (stats.isFile()) return stats.size > 0 ? "judged" : "empty";
  const leavesRoot = stats.isDirectory() && relative(root, await realpath(path)).startsWith("..");
  if (stats.isDirectory() && !leavesRoot) return "passed over";
  throw new UsageError(
    "usage.file",
    leavesRoot
      ? `${path}: is a link to a folder elsewhere; give that folder as well, or remove the link`
      : `${path}: is ${kindOf(stats)}, not a file; remove it from the folder, or give the files one by one`,
  );
}

/** @throws UsageError `usage.file` */
export async function requireReadableFile(path: string): Promise<void> {
  const stats = await statOf(path);
  if (!stats.isFile())
    throw new UsageError("usage.file", `${path}: is ${kindOf(stats)}, a file was expected; give a file`);
  if (stats.size === 0)
    throw new UsageError(
      "usage.file",
      `${path}: is empty, a file with content was expected; was it cut short?`,
    );
  const file = await open(path).catch((error) => {
    throw unusable(path, error);
  });
  await file.close();
}

async function statOf(path: string): Promise<Stats> {
  if (path === "") throw new UsageError("usage.file", "an empty path was given; give a file");
  if (/^[a-z][a-z0-9+.-]+:\/\//i.test(path))
    throw new UsageError(
      "usage.file",
      `${path}: only check fetches what an address gives; download it and give the file`,
    );
  return stat(path).catch((error) => {
    throw unusable(path, error);
  });
}

function kindOf(stats: Stats): string {
  if (stats.isDirectory()) return "a folder";
  if (stats.isSocket()) return "a socket";
  return stats.isFIFO() ? "a pipe" : "a device";
}

function unusable(path: string, error: NodeJS.ErrnoException): UsageError {
  const because =
    error.code === "ENOENT"
      ? "does not exist; check the path"
      : error.code === "ENOTDIR"
        ? "does not exist, because a part of the path is a file; check the path"
        : error.code === "EACCES" || error.code === "EPERM"
          ? "cannot be read; check its permissions"
          : `cannot be read (${error.code ?? error.message})`;
  return new UsageError("usage.file", `${path}: ${because}`);
}

/** Whoever reads bytes does not know the file's name; a person needs it. */
export function naming(path: string, error: unknown): unknown {
  if (!hasCode(error, "world.changed")) return error;
  const message = `${path}: changed while it was read; judge it again once nothing writes to it`;
  return new WorldError("world.changed", message, { cause: error });
}
