/**
 * What keeps a process in that handles hostile bytes: Node's permission model for files, a network namespace of its own where the
 * platform has one, an empty environment. Measured on Node 24.21: `--permission` leaves the network open.
 * @module
 */

import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";
import type { CagedRun } from "./caged-process.ts";

export interface Isolation {
  /** Program and arguments in front of node. */
  readonly prefix: readonly string[];
  /** False where nothing on this platform, or no right of this user, cuts the network. */
  readonly networkCut: boolean;
}

let known: Isolation | undefined;

/** Finds out once what this machine allows; costs a few milliseconds. */
export function findIsolation(): Isolation {
  known ??= probe();
  return known;
}

function probe(): Isolation {
  const none: Isolation = { prefix: [], networkCut: false };
  if (process.platform !== "linux") return none;
  const unshare = ["/usr/bin/unshare", "/bin/unshare"].find((path) => existsSync(path));
  const proof = ["/usr/bin/true", "/bin/true"].find((path) => existsSync(path));
  if (unshare === undefined || proof === undefined) return none;
  for (const flags of [["-n"], ["-r", "-n"]]) {
    const { status } = spawnSync(unshare, [...flags, proof], { env: {}, stdio: "ignore", timeout: 2000 });
    if (status === 0) return { prefix: [unshare, ...flags, "--"], networkCut: true };
  }
  return none;
}

/** Node's arguments for a process that reads its own code and writes its scratch folder, and nothing else. */
export function nodeArguments(run: CagedRun): string[] {
  const { entry, scratchFolder, maxMemoryBytes, readableFolders = [], nodeArguments: further = [] } = run;
  const heapMebibytes = Math.max(64, Math.floor(maxMemoryBytes / 2 / 1024 ** 2));
  return [
    "--permission",
    // A thread of its own has the same permissions.
    "--allow-worker",
    ...[...codeFolders(entry), ...readableFolders, scratchFolder].map(
      (folder) => `--allow-fs-read=${folder}`,
    ),
    `--allow-fs-write=${scratchFolder}`,
    `--max-old-space-size=${heapMebibytes}`,
    "--disallow-code-generation-from-strings",
    "--no-warnings",
    ...further,
  ];
}

/** In the bundle all code lies beside the entry; in the sources it comes from the packages as well. */
function codeFolders(entry: URL): string[] {
  if (!entry.pathname.endsWith(".ts")) return [fileURLToPath(new URL(".", entry))];
  return ["packages", "node_modules"].map((name) =>
    fileURLToPath(new URL(`../../../${name}`, import.meta.url)),
  );
}
