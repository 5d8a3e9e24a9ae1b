/**
 * Which real packages the techniques are tried on. The rule goes on where the list of quiet pairs ended: the next
 * families in the order of downloads, with tarballs of 8 MB at most; for macOS those that ship both processors.
 * @module
 */

import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { type PackageVersions, readPairs } from "../quiet/pair.ts";
import { type Step, selectDebian } from "../quiet/select-debian.ts";
import { type Kind, selectNpm } from "../quiet/select-npm.ts";
import { usedByTests } from "../quiet/used-by-tests.ts";

export const LIST = join(import.meta.dirname, "packages.json");
const maxPackedBytes = 8_000_000;

const KINDS: readonly Kind[] = [
  { group: "pe", count: 3, name: /(?:win32|windows)-(?:x64|64)/, magic: /^4d5a/, maxPackedBytes },
  { group: "mach-o", count: 3, name: /darwin-arm64$/, magic: /^cffaedfe/, maxPackedBytes },
  { group: "elf", count: 3, name: /linux-x64/, magic: /^7f454c46/, maxPackedBytes },
  { group: "asar", count: 3, name: /electron/, maxPackedBytes },
  {
    group: "scripts",
    count: 3,
    name: /^(?!@types\/)(?!.*(?:win32|windows|darwin|linux|electron))/,
    maxPackedBytes: 2_000_000,
  },
];

const STEPS: readonly Step[] = [
  { group: "elf", count: 3, from: "bookworm", to: "bookworm-security", nextUpstream: false },
  { group: "scripts", count: 3, from: "trixie", to: "sid", nextUpstream: true },
];

/** @param table - of npm's names and downloads, as the quiet pairs are chosen from */
export async function selectPackages(table: string): Promise<void> {
  const others = await readPairs();
  const names = await readFile(table, "utf8");
  const used = new Set([...(await usedByTests()), ...others.map(({ name }) => name)]);
  const npm = await selectNpm({ names, used, kinds: KINDS, others });
  const intel = await selectNpm({ names, used, kinds: npm.flatMap(intelKind) });
  const debian = await selectDebian(used, STEPS);
  const packages: readonly PackageVersions[] = [...npm, ...intel, ...debian];
  await writeFile(LIST, `${JSON.stringify({ packages }, undefined, 2)}\n`);
}

/** The other half of a universal file. */
function intelKind({ name }: PackageVersions): readonly Kind[] {
  if (!name.endsWith("-darwin-arm64")) return [];
  const exact = new RegExp(`^${name.replace(/arm64$/, "x64").replaceAll(/[/.]/g, "\\$&")}$`);
  return [{ group: "mach-o", count: 1, name: exact, magic: /^cffaedfe/, maxPackedBytes }];
}

export async function readPackages(): Promise<readonly PackageVersions[]> {
  const { packages } = JSON.parse(await readFile(LIST, "utf8")) as {
    readonly packages: readonly PackageVersions[];
  };
  return packages;
}
