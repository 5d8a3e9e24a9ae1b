/**
 * Debian packages, fetched and unpacked with apt state of our own: no root, nothing installed.
 * apt checks the archive's signature as usual.
 * @module
 */

import { execFile } from "node:child_process";
import { createHash, randomUUID } from "node:crypto";
import { existsSync } from "node:fs";
import { mkdir, readdir, rename, rm, stat, writeFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import { setTimeout } from "node:timers/promises";
import { promisify } from "node:util";

const run = promisify(execFile);
const CACHE = resolve(import.meta.dirname, "../../../.cache/debian");
/** The lists are that good. */
const FRESH_MILLISECONDS = 30 * 60_000;
const ABANDONED_MILLISECONDS = 3 * 60_000;
let updated: Promise<readonly string[]> | undefined;

/** Why a test that needs a Debian package was skipped. */
export const NO_APT = "this platform has no apt-get";

export const hasApt = (): boolean => existsSync("/usr/bin/apt-get");

/**
 * Fetches a package and leaves it as it is.
 * @returns the path of the .deb file
 */
export async function debianArchive(name: string): Promise<string> {
  const home = join(CACHE, "archives", name);
  if (!existsSync(home)) {
    updated ??= privateApt();
    const options = await updated;
    const staging = `${home}.${randomUUID()}`;
    await mkdir(staging, { recursive: true });
    await run("apt-get", [...options, "download", name], { cwd: staging });
    await rename(staging, home).catch(() => rm(staging, { recursive: true, force: true }));
  }
  const [file = ""] = await readdir(home);
  return join(home, file);
}

/**
 * Unpacks a package, with those that its programs need to run, under `.cache`.
 * @returns the folder that stands for `/`
 */
export async function debianPackage(name: string, needs: readonly string[] = []): Promise<string> {
  const home = join(CACHE, folderName(name, needs));
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

/** File systems take 255 bytes for one name. */
function folderName(name: string, needs: readonly string[]): string {
  const whole = [name, ...needs].join("+");
  const digest = createHash("sha256").update(whole).digest("hex");
  return whole.length <= 160 ? whole : `${name}+${digest.slice(0, 16)}`;
}

export interface DebianProgram {
  readonly path: string;
  readonly env: NodeJS.ProcessEnv;
  /** What the program says of itself, first line. */
  readonly version: string;
}

/**
 * A program run from its unpacked package, with the libraries of the packages it needs.
 * @param file - below the package's root: `usr/bin/minisign`
 */
export async function debianProgram(
  name: string,
  { file, needs = [] }: { readonly file: string; readonly needs?: readonly string[] },
): Promise<Omit<DebianProgram, "version">> {
  const home = await debianPackage(name, needs);
  const libraries = ["usr/lib", "lib"].flatMap((folder) => [
    join(home, folder, "x86_64-linux-gnu"),
    join(home, folder, "aarch64-linux-gnu"),
  ]);
  return { path: join(home, file), env: { ...process.env, LD_LIBRARY_PATH: libraries.join(":") } };
}

/** osslsigncode, the independent signer and verifier. */
export async function osslsigncode(): Promise<DebianProgram> {
  const program = await debianProgram("osslsigncode", {
    file: "usr/bin/osslsigncode",
    needs: ["libcurl4", "libssl3", "zlib1g"],
  });
  const { stdout } = await run(program.path, ["--version"], { env: program.env });
  return { ...program, version: stdout.split("\n")[0] ?? "" };
}

/** Where apt keeps the signed releases and the indexes of the archives this machine uses. */
export async function debianLists(): Promise<string> {
  updated ??= privateApt();
  await updated;
  return join(CACHE, "state/lists");
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
  // apt does not wait for its lock, and every test file is a process of its own.
  await alone(join(CACHE, "updating"), async () => {
    const marker = join(state, "updated");
    const age = await stat(marker).then(
      ({ mtimeMs }) => Date.now() - mtimeMs,
      () => Number.POSITIVE_INFINITY,
    );
    if (age < FRESH_MILLISECONDS) return;
    await run("apt-get", [...options, "update"]);
    await writeFile(marker, "");
  });
  return options;
}

/** Runs the work while no other process does. @param lock - a folder that stands for the turn */
async function alone(lock: string, work: () => Promise<void>): Promise<void> {
  for (;;) {
    const taken = await mkdir(lock).then(
      () => false,
      (error: NodeJS.ErrnoException) => {
        if (error.code !== "EEXIST") throw error;
        return true;
      },
    );
    if (!taken) break;
    const since = await stat(lock).then(
      ({ mtimeMs }) => Date.now() - mtimeMs,
      () => 0,
    );
    // Whoever took it was killed.
    if (since > ABANDONED_MILLISECONDS) await rm(lock, { recursive: true, force: true });
    else await setTimeout(100);
  }
  try {
    await work();
  } finally {
    await rm(lock, { recursive: true, force: true });
  }
}
