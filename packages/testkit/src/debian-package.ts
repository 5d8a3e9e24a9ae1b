/**
 * Debian packages, fetched and unpacked with apt state of our own: no root, nothing installed.
 * apt checks the archive's signature as usual.
 * @module
 */

import { execFile } from "node:child_process";
import { randomUUID } from "node:crypto";
import { existsSync } from "node:fs";
import { mkdir, readdir, rename, rm, writeFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import { promisify } from "node:util";

const run = promisify(execFile);
const CACHE = resolve(import.meta.dirname, "../../../.cache/debian");
let updated: Promise<readonly string[]> | undefined;

/** Why a test that needs a Debian package was skipped. */
export const NO_APT = "this platform has no apt-get";

export const hasApt = (): boolean => existsSync("/usr/bin/apt-get");

/**
 * Unpacks a package, with those that its programs need to run, under `.cache`.
 * @returns the folder that stands for `/`
 */
export async function debianPackage(name: string, needs: readonly string[] = []): Promise<string> {
  const home = join(CACHE, [name, ...needs].join("+"));
  if (existsSync(home)) return home;
  updated ??= privateApt();
  const options = await updated;
  const staging = join(CACHE, `${name}.${randomUUID()}`);
  await mkdir(join(staging, "root"), { recursive: true });
  await run("apt-get", [...options, "download", name, ...needs], { cwd: staging });
  for (const file of (await readdir(staging)).filter((entry) => entry.endsWith(".deb")))
    await run("dpkg-deb", ["-x", join(staging, file), join(staging, "root")]);
  await rename(join(staging, "root"), home).catch(() => undefined);
  await rm(staging, { recursive: true, force: true });
  return home;
}

export interface DebianProgram {
  readonly path: string;
  readonly env: NodeJS.ProcessEnv;
  /** What the program says of itself, first line. */
  readonly version: string;
}

/** osslsigncode, the independent signer and verifier, run from its unpacked package. */
export async function osslsigncode(): Promise<DebianProgram> {
  const home = await debianPackage("osslsigncode", ["libcurl4", "libssl3", "zlib1g"]);
  const libraries = ["usr/lib", "lib"].flatMap((folder) => [
    join(home, folder, "x86_64-linux-gnu"),
    join(home, folder, "aarch64-linux-gnu"),
  ]);
  const path = join(home, "usr/bin/osslsigncode");
  const env = { ...process.env, LD_LIBRARY_PATH: libraries.join(":") };
  const { stdout } = await run(path, ["--version"], { env });
  return { path, env, version: stdout.split("\n")[0] ?? "" };
}

/** Lists of our own, so that neither root nor the machine's state is needed. */
async function privateApt(): Promise<readonly string[]> {
  const state = join(CACHE, "state");
  await mkdir(join(state, "lists/partial"), { recursive: true });
  await mkdir(join(state, "cache/archives/partial"), { recursive: true });
  // An empty status: a version that was installed by hand must not be the one that is looked for.
  const status = join(state, "status");
  await writeFile(status, "");
  const options = [
    `-oDir::State=${state}`,
    `-oDir::State::lists=${join(state, "lists")}`,
    `-oDir::State::status=${status}`,
    `-oDir::Cache=${join(state, "cache")}`,
    "-oAPT::Sandbox::User=",
    "-qq",
  ];
  await run("apt-get", [...options, "update"]);
  return options;
}
