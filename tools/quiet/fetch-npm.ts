/** Packages of npm's registry, fetched by npm, pinned by integrity, kept under `.cache`. @module */

import { execFile } from "node:child_process";
import { createHash, randomUUID } from "node:crypto";
import { existsSync } from "node:fs";
import { mkdir, readdir, readFile, rename, rm } from "node:fs/promises";
import { join, resolve } from "node:path";
import { promisify } from "node:util";
import type { NpmVersion } from "./pair.ts";

const run = promisify(execFile);
const CACHE = resolve(import.meta.dirname, "../../.cache/quiet");

/**
 * @returns the path of the tarball
 * @throws Error when the registry no longer has it, or has other bytes
 */
export async function fetchNpm(name: string, { version, integrity }: NpmVersion): Promise<string> {
  const file = join(CACHE, `${name.replaceAll("/", "+")}-${version}.tgz`);
  if (!existsSync(file)) {
    const staging = `${file}.${randomUUID()}`;
    await mkdir(staging, { recursive: true });
    try {
      const args = ["pack", `${name}@${version}`, "--pack-destination", staging, "--silent"];
      await run("npm", args, { cwd: staging });
      const [tarball = ""] = await readdir(staging);
      await rename(join(staging, tarball), file);
    } finally {
      await rm(staging, { recursive: true, force: true });
    }
  }
  const found = `sha512-${createHash("sha512")
    .update(await readFile(file))
    .digest("base64")}`;
  if (found !== integrity) throw new Error(`${name} ${version}: integrity is ${found}, not ${integrity}`);
  return file;
}
