/** Opens the file a person names, and says plainly why it cannot. Devices, pipes and folders are not read. @module */

import { closeSync, constants, fstatSync, openSync, statSync } from "node:fs";
import { UsageError, WorldError } from "@sallyport/core";

export interface ArtifactFile {
  readonly descriptor: number;
  /** @throws WorldError `world.changed` when it was written to since it was opened */
  checkUnchanged(): void;
  close(): void;
}

/** @throws UsageError `usage.file` naming the path and what was expected */
export function openArtifactFile(path: string): ArtifactFile {
  const descriptor = guard(path, () => {
    // Looked at before it is opened: opening a pipe would wait for its writer.
    requireFile(path, statSync(path));
    return openSync(path, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0));
  });
  try {
    const before = fstatSync(descriptor, { bigint: true });
    requireFile(path, before);
    return {
      descriptor,
      checkUnchanged: () => {
        const after = fstatSync(descriptor, { bigint: true });
        // Whoever writes can set the time of writing back, but not that of the change of times.
        if (
          after.size !== before.size ||
          after.mtimeNs !== before.mtimeNs ||
          after.ctimeNs !== before.ctimeNs
        )
          throw new WorldError("world.changed", `${path} changed while it was read: judge it again`);
      },
      close: () => closeSync(descriptor),
    };
  } catch (error) {
    closeSync(descriptor);
    throw error;
  }
}

function requireFile(
  path: string,
  status: { isFile(): boolean; isDirectory(): boolean; readonly size: number | bigint },
): void {
  if (status.isDirectory()) throw new UsageError("usage.file", `${path} is a folder, a file was expected`);
  if (!status.isFile())
    throw new UsageError("usage.file", `${path} is a device or pipe, a file was expected`);
  if (BigInt(status.size) === 0n) throw new UsageError("usage.file", `${path} is empty: nothing to judge`);
}

const WHY: ReadonlyMap<unknown, string> = new Map([
  ["ENOENT", "does not exist"],
  ["ENOTDIR", "does not exist"],
  ["EACCES", "may not be read by this user"],
  ["EPERM", "may not be read by this user"],
  ["ELOOP", "is a link that leads in circles"],
  ["ENAMETOOLONG", "is too long a name"],
]);

function guard<Result>(path: string, work: () => Result): Result {
  try {
    return work();
  } catch (error) {
    const why = error instanceof Error && "code" in error ? WHY.get(error.code) : undefined;
    if (why === undefined) throw error;
    throw new UsageError("usage.file", `${path} ${why}`, { cause: error });
  }
}
