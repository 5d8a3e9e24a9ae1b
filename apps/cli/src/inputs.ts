/** From what a person typed to files that can be opened. @module */

import type { Stats } from "node:fs";
import { open, readdir, stat } from "node:fs/promises";
import { basename, join } from "node:path";
import { UsageError } from "@sallyport/core";

export interface Input {
  readonly path: string;
  /** The name it came under; the path below the folder when a folder was given. */
  readonly label: string;
}

const MAX_FILES = 10_000;

/**
 * A folder stands for each file in it, at any depth, in the order of their names.
 * @throws UsageError `usage.file` for what is missing, unreadable, empty, or no file
 */
export async function expandInputs(paths: readonly string[]): Promise<readonly Input[]> {
  const inputs: Input[] = [];
  for (const path of paths) {
    const stats = await statOf(path);
    if (stats.isDirectory()) inputs.push(...(await filesBelow(path)));
    else inputs.push({ path, label: basename(path) });
    if (inputs.length > MAX_FILES)
      throw new UsageError("usage.file", `${path}: more than ${MAX_FILES} files; give a smaller folder`);
  }
  for (const { path } of inputs) await requireReadableFile(path);
  return inputs;
}

async function filesBelow(folder: string): Promise<readonly Input[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true }).catch((error) => {
    throw unusable(folder, error);
  });
  const files = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  if (files.length === 0) throw new UsageError("usage.file", `${folder}: the folder holds no files`);
  return files.sort().map((path) => ({ path, label: path.slice(folder.length).replace(/^[\\/]+/, "") }));
}

/** @throws UsageError `usage.file` */
export async function requireReadableFile(path: string): Promise<void> {
  const stats = await statOf(path);
  if (!stats.isFile())
    throw new UsageError(
      "usage.file",
      `${path}: is ${kindOf(stats)}, not a file; give a file or a folder of files`,
    );
  if (stats.size === 0)
    throw new UsageError(
      "usage.file",
      `${path}: is empty, so there is nothing to judge; was the download cut short?`,
    );
  const file = await open(path).catch((error) => {
    throw unusable(path, error);
  });
  await file.close();
}

async function statOf(path: string): Promise<Stats> {
  if (/^[a-z][a-z0-9+.-]+:\/\//i.test(path))
    throw new UsageError(
      "usage.file",
      `${path}: Sallyport does not fetch yet; download it and give the file`,
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
      : error.code === "EACCES" || error.code === "EPERM"
        ? "cannot be read; check its permissions"
        : `cannot be read (${error.code ?? error.message})`;
  return new UsageError("usage.file", `${path}: ${because}`);
}
