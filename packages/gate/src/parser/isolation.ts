/**
 * What keeps the parser process in: Node's permission model for files, a network namespace of its own where the
 * platform has one, an empty environment. Measured on Node 24.21: `--permission` leaves the network open.
 * @module
 */

import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { sevenZipArguments, sevenZipFolder } from "../long-tail/program.ts";
import { yaraXFolder } from "../rules/yara-x.ts";

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
export function nodeArguments(scratchFolder: string, maxMemoryBytes: number): string[] {
  const heapMebibytes = Math.max(64, Math.floor(maxMemoryBytes / 2 / 1024 ** 2));
  return [
    "--permission",
    // For the study thread, which has the same permissions.
    "--allow-worker",
    ...codeFolders().map((folder) => `--allow-fs-read=${folder}`),
    `--allow-fs-read=${scratchFolder}`,
    `--allow-fs-write=${scratchFolder}`,
    `--max-old-space-size=${heapMebibytes}`,
    "--disallow-code-generation-from-strings",
    "--no-warnings",
    ...sevenZipArguments(),
  ];
}

const isSource = import.meta.url.endsWith(".ts");

/** In the bundle, everything but 7-Zip and YARA-X lies beside the entry; in the sources, code comes from the packages as well. */
function codeFolders(): string[] {
  if (!isSource) return [fileURLToPath(new URL(".", import.meta.url)), sevenZipFolder(), yaraXFolder()];
  return ["packages", "node_modules"].map((name) =>
    fileURLToPath(new URL(`../../../../${name}`, import.meta.url)),
  );
}

/** The program of the parser process. */
export const parserEntry: URL = new URL(isSource ? "./main.ts" : "./parser.js", import.meta.url);
