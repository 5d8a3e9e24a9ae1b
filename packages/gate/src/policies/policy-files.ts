/** Reads policy files: the default set that ships with the gate, and folders an organisation adds. @module */

import { constants } from "node:fs";
import { type FileHandle, open, readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { type PolicySource, UsageError } from "@sallyport/core";

const DEFAULT_FOLDER = new URL("./default/", import.meta.url);
const MAX_FILES = 1_000;
const MAX_FILE_BYTES = 1024 * 1024;
const isPolicyFile = (name: string): boolean => name.endsWith(".cedar");

/** The default set, in the order of file names. */
export async function defaultPolicies(): Promise<PolicySource[]> {
  const names = (await readdir(DEFAULT_FOLDER)).filter(isPolicyFile).sort();
  return Promise.all(
    names.map(async (name) => ({
      name: `default/${name}`,
      text: await readFile(new URL(name, DEFAULT_FOLDER), "utf8"),
      origin: "default" as const,
    })),
  );
}

/**
 * Reads the `.cedar` files of one folder, not of folders below it.
 * @throws UsageError `usage.policy` when it is no folder, holds no policy, or a file cannot be read
 */
export async function readPolicyFolder(path: string): Promise<PolicySource[]> {
  const names = (await entriesOf(path)).filter(isPolicyFile).sort();
  if (names.length === 0)
    throw new UsageError("usage.policy", `${path}: holds no .cedar files; name a folder that does`);
  if (names.length > MAX_FILES)
    throw new UsageError("usage.policy", `${path}: holds more than ${MAX_FILES} .cedar files`);
  const sources: PolicySource[] = [];
  for (const name of names) sources.push(await readSource(join(path, name)));
  return sources;
}

async function entriesOf(path: string): Promise<string[]> {
  try {
    return await readdir(path);
  } catch (cause) {
    throw new UsageError(
      "usage.policy",
      `${path}: is not a folder that can be read; name a folder of .cedar files`,
      { cause },
    );
  }
}

async function readSource(path: string): Promise<PolicySource> {
  let file: FileHandle | undefined;
  try {
    // Without waiting: a named pipe would wait for a writer that never comes.
    file = await open(path, constants.O_RDONLY | constants.O_NONBLOCK);
    const { size } = await requireFile(file, path);
    if (size > MAX_FILE_BYTES)
      throw new UsageError("usage.policy", `${path}: is larger than ${MAX_FILE_BYTES} bytes`);
    return { name: path, text: await file.readFile("utf8"), origin: "added" };
  } catch (cause) {
    if (cause instanceof UsageError) throw cause;
    throw new UsageError("usage.policy", `${path}: cannot be read`, { cause });
  } finally {
    await file?.close();
  }
}

async function requireFile(file: FileHandle, path: string): Promise<{ size: number }> {
  const stat = await file.stat();
  if (!stat.isFile()) throw new UsageError("usage.policy", `${path}: is not a regular file`);
  return stat;
}
