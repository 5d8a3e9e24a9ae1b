/** Packages of several suites of Debian at once, with apt state of our own; apt checks the archive's signature. @module */

import { execFile } from "node:child_process";
import { createHash, randomUUID } from "node:crypto";
import { existsSync } from "node:fs";
import { mkdir, readdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import { promisify } from "node:util";
import type { DebianVersion } from "./pair.ts";

const run = promisify(execFile);
const CACHE = resolve(import.meta.dirname, "../../.cache/quiet");
const KEYRING = "/usr/share/keyrings/debian-archive-keyring.gpg";
const MAX_OUTPUT_BYTES = 512 * 1024 * 1024;

/** Suites that are compared. */
export const SUITES = ["bookworm", "bookworm-security", "trixie", "trixie-security", "sid"] as const;
export type Suite = (typeof SUITES)[number];

let prepared: Promise<readonly string[]> | undefined;

/**
 * @returns the path of the .deb file
 * @throws Error when no suite has this version any more, or it has other bytes
 */
export async function fetchDebian(name: string, { version, sha256 }: DebianVersion): Promise<string> {
  const file = join(CACHE, `${name}_${version.replaceAll(/[:/]/g, "%")}.deb`);
  if (!existsSync(file)) {
    prepared ??= prepareApt();
    const options = await prepared;
    const staging = `${file}.${randomUUID()}`;
    await mkdir(staging, { recursive: true });
    try {
      await run("apt-get", [...options, "download", `${name}=${version}`], { cwd: staging });
      const [archive = ""] = await readdir(staging);
      await rename(join(staging, archive), file);
    } finally {
      await rm(staging, { recursive: true, force: true });
    }
  }
  const found = createHash("sha256")
    .update(await readFile(file))
    .digest("hex");
  if (found !== sha256) throw new Error(`${name} ${version}: SHA-256 is ${found}, not ${sha256}`);
  return file;
}

/** @returns the paragraphs of a suite's list of packages, each as its fields */
export async function packagesOf(suite: Suite): Promise<readonly ReadonlyMap<string, string>[]> {
  prepared ??= prepareApt();
  const options = await prepared;
  const format = "$(CODENAME)\t$(FILENAME)";
  const { stdout } = await run("apt-get", [
    ...options,
    "indextargets",
    "--format",
    format,
    "Created-By: Packages",
  ]);
  const found = stdout.split("\n").find((line) => line.startsWith(`${suite}\t`));
  const file = found?.split("\t")[1];
  if (file === undefined) throw new Error(`${suite} has no list of packages here`);
  const list = await run("/usr/lib/apt/apt-helper", ["cat-file", file], { maxBuffer: MAX_OUTPUT_BYTES });
  return list.stdout.split("\n\n").filter(Boolean).map(fieldsOf);
}

function fieldsOf(paragraph: string): ReadonlyMap<string, string> {
  const lines = paragraph.split("\n").filter((line) => !line.startsWith(" "));
  return new Map(
    lines.map((line) => {
      const colon = line.indexOf(":");
      return [line.slice(0, colon), line.slice(colon + 1).trim()];
    }),
  );
}

/** The archives are those this machine uses already; only the suites are ours. */
async function prepareApt(): Promise<readonly string[]> {
  const state = join(CACHE, "apt");
  for (const folder of ["lists/partial", "cache/archives/partial", "parts"])
    await mkdir(join(state, folder), { recursive: true });
  await writeFile(join(state, "status"), "");
  const signed = existsSync(KEYRING) ? `[signed-by=${KEYRING}] ` : "";
  const uris = await archives();
  const sources = SUITES.map(
    (suite) => `deb ${signed}${suite.endsWith("-security") ? uris.security : uris.main} ${suite} main`,
  );
  await writeFile(join(state, "sources.list"), `${sources.join("\n")}\n`);
  const options = [
    `-oDir::State=${state}`,
    `-oDir::State::lists=${join(state, "lists")}`,
    `-oDir::State::status=${join(state, "status")}`,
    `-oDir::Cache=${join(state, "cache")}`,
    `-oDir::Etc::sourcelist=${join(state, "sources.list")}`,
    `-oDir::Etc::sourceparts=${join(state, "parts")}`,
    "-oAPT::Architecture=amd64",
    "-oAPT::Architectures::=amd64",
    "-oAPT::Sandbox::User=",
    "-oAcquire::IndexTargets::deb::Contents-deb::DefaultEnabled=false",
    "-oAcquire::IndexTargets::deb::Contents-all::DefaultEnabled=false",
    "-oAcquire::Languages=none",
    "-qq",
  ];
  await run("apt-get", [...options, "update"]);
  return options;
}

async function archives(): Promise<{ readonly main: string; readonly security: string }> {
  const format = "$(REPO_URI)\t$(CODENAME)\t$(ORIGIN)";
  const { stdout } = await run("apt-get", ["indextargets", "--format", format, "Created-By: Packages"]);
  const lines = stdout.split("\n").map((line) => line.split("\t"));
  const own = lines.filter(([, , origin]) => origin === "Debian");
  const main = own.find(([, name]) => /^[a-z]+$/.test(name ?? ""))?.[0];
  const security = own.find(([, name]) => name?.endsWith("-security"))?.[0];
  if (main === undefined || security === undefined) throw new Error("this machine uses no archive of Debian");
  return { main, security };
}
