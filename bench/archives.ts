/** Archives of many and of large files, beside the usual unpacker plus hashing what it unpacked. @module */

import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync } from "node:fs";
import { join } from "node:path";
import { debianPackage } from "@sallyport/testkit";
import { writeSmallFilesZip, writeTarGz } from "./inputs.ts";
import { compare, type Figure, type Stage } from "./stage.ts";

/** Tests the archive, then hashes its members, which were unpacked before: `$1` tests, `$2` is the folder. */
const TEST_AND_HASH = '"$@" >/dev/null && find "$FOLDER" -type f -print0 | xargs -0 sha256sum >/dev/null';

export async function measureArchives({ folder, rounds, sallyport }: Stage): Promise<readonly Figure[]> {
  const sevenZip = await findSevenZip();
  const zip = join(folder, "small-files.zip");
  const unzipped = join(folder, "unzipped");
  writeSmallFilesZip(zip);
  mkdirSync(unzipped);
  execFileSync(sevenZip, ["x", `-o${unzipped}`, zip], { stdio: "ignore" });
  const tarGz = join(folder, "large.tar.gz");
  writeTarGz(tarGz, folder);
  const theirs = (files: string, ...args: string[]) => ({
    program: "sh",
    args: ["-c", TEST_AND_HASH, "sh", ...args],
    env: { ...process.env, FOLDER: files },
  });
  const limits = { rounds, mostTimes: 1.5 };
  return [
    await compare(
      "`inspect` of a zip of 3,000 small files",
      {
        ours: sallyport("inspect", zip),
        theirs: theirs(unzipped, sevenZip, "t", zip),
        name: `${versionOf(sevenZip)} t + sha256sum`,
      },
      limits,
    ),
    await compare(
      "`inspect` of a tar.gz of 100 MB",
      {
        ours: sallyport("inspect", tarGz),
        theirs: theirs(join(folder, "tree"), "tar", "tzf", tarGz),
        name: "tar tzf + sha256sum",
      },
      limits,
    ),
  ];
}

export async function findSevenZip(): Promise<string> {
  const system = ["/usr/bin/7zz", "/usr/bin/7z"].find((path) => existsSync(path));
  if (system !== undefined) return system;
  const home = await debianPackage("7zip");
  return join(home, "usr/bin/7zz");
}

const versionOf = (program: string): string =>
  /7-Zip [^\d]*([\d.]+)/.exec(execFileSync(program, { encoding: "utf8" }))?.[0].replace(" (z)", "") ??
  "7-Zip";
