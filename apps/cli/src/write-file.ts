/** Results that are asked for as files: whole or not at all. @module */

import { randomUUID } from "node:crypto";
import { open, realpath, rename, rm, stat } from "node:fs/promises";
import { dirname } from "node:path";
import { UsageError, WorldError } from "@sallyport/core";

/**
 * Asked before any work: a device, a pipe or a folder would otherwise be replaced, or found out too late.
 * @throws UsageError `usage.file`
 */
export async function requireWritableTarget(path: string): Promise<void> {
  const target = await stat(path).catch(() => undefined);
  if (target !== undefined && !target.isFile())
    throw new UsageError(
      "usage.file",
      `${path}: is ${target.isDirectory() ? "a folder" : "a device or pipe"}, a file to write was expected; name a new file`,
    );
  const folder = await stat(dirname(path)).catch(() => undefined);
  if (folder?.isDirectory() !== true)
    throw new UsageError("usage.file", `${path}: the folder ${dirname(path)} does not exist; make it first`);
}

/**
 * @param kept - what was done nevertheless, for the message
 * @throws WorldError `world.io`; then the file is as it was before
 */
export async function writeWhole(
  path: string,
  text: string,
  kept = "the decision is in the log, but ",
): Promise<void> {
  // A link is followed: what it points to is what the person means.
  const target = await realpath(path).catch(() => path);
  const draft = `${target}.${randomUUID()}.new`;
  try {
    const file = await open(draft, "wx", 0o644);
    try {
      await file.writeFile(text);
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(draft, target);
  } catch (error) {
    await rm(draft, { force: true });
    const reason = error instanceof Error && "code" in error ? String(error.code) : String(error);
    throw new WorldError(
      "world.io",
      `${path}: cannot be written (${WHY.get(reason) ?? reason}); ${kept}this file was not made`,
      { cause: error },
    );
  }
}

const WHY: ReadonlyMap<string, string> = new Map([
  ["ENOSPC", "the disk is full; make space"],
  ["EDQUOT", "the quota is used up; make space"],
  ["EACCES", "no permission; name another folder"],
  ["EPERM", "no permission; name another folder"],
  ["EROFS", "the disk is read-only; name another folder"],
  ["ENAMETOOLONG", "the name is too long"],
]);
