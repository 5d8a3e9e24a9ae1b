/** Reads the rules that a person names: a file, or the rule files of a folder. @module */

import { constants } from "node:fs";
import { open, readdir, stat } from "node:fs/promises";
import { join } from "node:path";
import { UsageError } from "@sallyport/core";
import type { RulePack } from "./rule-pack.ts";

const MOST_FILES = 1000;
const MOST_BYTES = 16 * 1024 * 1024;
const isRuleFile = (name: string): boolean => /\.yara?$/i.test(name);

/**
 * Reads files as they are named, and of folders the `.yar` and `.yara` files, not of folders below them.
 * @throws UsageError `usage.rules` when there is nothing to read, or more than may be brought
 */
export async function readRulePacks(paths: readonly string[]): Promise<RulePack[]> {
  const files: string[] = [];
  for (const path of paths) files.push(...(await filesAt(path)));
  if (files.length > MOST_FILES)
    throw new UsageError("usage.rules", `--rules: more than ${MOST_FILES} files; put rules together`);
  const packs: RulePack[] = [];
  let left = MOST_BYTES;
  for (const file of new Set(files)) {
    const source = await readSource(file, left);
    left -= source.length;
    packs.push({ name: file, source: source.toString("utf8") });
  }
  return packs;
}

async function filesAt(path: string): Promise<string[]> {
  const stats = await stat(path).catch((cause) => {
    throw new UsageError("usage.rules", `--rules ${path}: cannot be read; name a file or a folder`, {
      cause,
    });
  });
  if (!stats.isDirectory()) return [path];
  const names = (await readdir(path)).filter(isRuleFile).sort();
  if (names.length === 0)
    throw new UsageError(
      "usage.rules",
      `--rules ${path}: holds no .yar or .yara files; name a folder that does`,
    );
  return names.map((name) => join(path, name));
}

async function readSource(path: string, mostBytes: number): Promise<Buffer> {
  // Without waiting: a named pipe would wait for a writer that never comes.
  const file = await open(path, constants.O_RDONLY | constants.O_NONBLOCK).catch((cause) => {
    throw new UsageError("usage.rules", `--rules ${path}: cannot be read`, { cause });
  });
  try {
    const stats = await file.stat();
    if (!stats.isFile()) throw new UsageError("usage.rules", `--rules ${path}: is not a regular file`);
    if (stats.size > mostBytes)
      throw new UsageError("usage.rules", `--rules: more than ${MOST_BYTES / 1024 ** 2} MiB of rules`);
    const bytes = Buffer.alloc(stats.size);
    const { bytesRead } = await file.read(bytes, 0, bytes.length, 0);
    return bytes.subarray(0, bytesRead);
  } finally {
    await file.close();
  }
}
