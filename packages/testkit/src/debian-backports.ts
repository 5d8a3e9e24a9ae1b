/**
 * Newer programs than a Debian release has, from the backports that its own archive keeps beside it. With apt state of
 * our own, like the packages of the release itself; the archive is the one this machine uses already.
 * @module
 */

import { execFile } from "node:child_process";
import { randomUUID } from "node:crypto";
import { existsSync } from "node:fs";
import { mkdir, readdir, rename, rm, writeFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import { promisify } from "node:util";
import { type DebianProgram, hasApt, NO_APT, osslsigncode } from "./debian-package.ts";

const run = promisify(execFile);
const CACHE = resolve(import.meta.dirname, "../../../.cache/debian");

/**
 * osslsigncode of at least a version: 2.6 knows packages of apps, 2.8 scripts.
 * @returns the program, or why there is none
 */
export async function osslsigncodeSince(minor: number): Promise<DebianProgram | string> {
  if (!hasApt()) return NO_APT;
  const released = await osslsigncode();
  if (minorOf(released) >= minor) return released;
  const home = await backport("osslsigncode").catch(() => undefined);
  if (home === undefined) return `${released.version} is too old, and no backport can be had`;
  const path = join(home, "usr/bin/osslsigncode");
  const { stdout } = await run(path, ["--version"], { env: released.env });
  const newer = { ...released, path, version: stdout.split("\n")[0] ?? "" };
  return minorOf(newer) >= minor ? newer : `${newer.version} is too old`;
}

const minorOf = ({ version }: DebianProgram): number => Number(/\d+\.(\d+)/.exec(version)?.[1] ?? 0);

async function backport(name: string): Promise<string> {
  const home = join(CACHE, `${name}-backport`);
  if (existsSync(home)) return home;
  const staging = join(CACHE, `${name}-backport.${randomUUID()}`);
  await mkdir(join(staging, "root"), { recursive: true });
  try {
    const options = await aptOptions(staging);
    await run("apt-get", [...options, "update"]);
    await run("apt-get", [...options, "download", name], { cwd: staging });
    const archives = (await readdir(staging)).filter((entry) => entry.endsWith(".deb"));
    for (const file of archives) await run("dpkg-deb", ["-x", join(staging, file), join(staging, "root")]);
    await rename(join(staging, "root"), home).catch(() => undefined);
    return home;
  } finally {
    await rm(staging, { recursive: true, force: true });
  }
}

/** Where Debian keeps the keys of its archives. */
const KEYRING = "/usr/share/keyrings/debian-archive-keyring.gpg";

/** Only the backports of the release whose main archive this machine uses. */
async function aptOptions(staging: string): Promise<readonly string[]> {
  const format = "$(REPO_URI)\t$(CODENAME)\t$(ORIGIN)\t$(COMPONENT)";
  const { stdout } = await run("apt-get", ["indextargets", "--format", format, "Created-By: Packages"]);
  const [uri, codename] =
    stdout
      .split("\n")
      .map((line) => line.split("\t"))
      .find(
        ([, name, origin, part]) => origin === "Debian" && part === "main" && /^[a-z]+$/.test(name ?? ""),
      ) ?? [];
  if (uri === undefined || codename === undefined) throw new Error("this machine uses no archive of Debian");
  const trusted = existsSync(KEYRING) ? `[signed-by=${KEYRING}] ` : "";
  const list = join(staging, "backports.list");
  await writeFile(list, `deb ${trusted}${uri} ${codename}-backports main\n`);
  await mkdir(join(staging, "lists/partial"), { recursive: true });
  await mkdir(join(staging, "cache/archives/partial"), { recursive: true });
  await mkdir(join(staging, "parts"));
  await writeFile(join(staging, "status"), "");
  return [
    `-oDir::State=${staging}`,
    `-oDir::State::lists=${join(staging, "lists")}`,
    `-oDir::State::status=${join(staging, "status")}`,
    `-oDir::Cache=${join(staging, "cache")}`,
    `-oDir::Etc::sourcelist=${list}`,
    `-oDir::Etc::sourceparts=${join(staging, "parts")}`,
    "-oAPT::Sandbox::User=",
    "-qq",
  ];
}
