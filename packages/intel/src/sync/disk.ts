/** Disks that are full, or say no. @module */

import { WorldError } from "@sallyport/core";

/**
 * @param path - what a person has to look at
 * @returns a WorldError `world.io` for an error of the system; any other as it is
 */
export function diskError(path: string, error: unknown): unknown {
  if (!(error instanceof Error) || !("syscall" in error) || !("code" in error)) return error;
  const advice = WHY.get(String(error.code)) ?? String(error.code);
  return new WorldError("world.io", `${path}: cannot be read or written (${advice}); nothing was changed`, {
    cause: error,
  });
}

const WHY: ReadonlyMap<string, string> = new Map([
  ["ENOSPC", "the disk is full: make space"],
  ["EDQUOT", "the quota is used up: make space"],
  ["EACCES", "no permission"],
  ["EPERM", "no permission"],
  ["EROFS", "the disk is read-only"],
  ["EIO", "the disk has a fault"],
  ["ENOENT", "it is gone"],
  ["EEXIST", "it exists already"],
]);

/** Runs work whose errors of the system are about `path`. @throws WorldError `world.io` */
export async function onDisk<Result>(path: string, work: () => Promise<Result>): Promise<Result> {
  try {
    return await work();
  } catch (error) {
    throw diskError(path, error);
  }
}
