/** Which packages of npm the list takes, by the rule of README.md. @module */

import { execFile } from "node:child_process";
import { mkdtemp, readdir, readFile, rm, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { fetchNpm } from "./fetch-npm.ts";
import type { Group, NpmVersion, PackageVersions } from "./pair.ts";

const run = promisify(execFile);
const MAX_PACKED_BYTES = 32_000_000;
const MIN_SCRIPT_BYTES = 10_000;

/** What traits and rules are developed on. */
const DEVELOPED_ON =
  /^(?:@?esbuild\b|@swc\/core\b|@?rollup\b|node-(?:bin-)?(?:win|linux|darwin)|better-sqlite3|electron(?:-nightly)?$|lodash)/;
/** Where a project's name ends and the system begins. */
const SYSTEMS =
  /^(.*?)(?:win32|windows|darwin|linux)[-_](?:x64|64|ia32|arm64|arm|universal|x86|musl|gnu|riscv64|ppc64|s390x|loong64)/;

export interface Kind {
  readonly group: Group;
  readonly count: number;
  readonly name: RegExp;
  /** Of a tarball; default 32 MB. */
  readonly maxPackedBytes?: number;
  /** First bytes of a file it must hold, hexadecimal. */
  readonly magic?: RegExp;
}

const KINDS: readonly Kind[] = [
  { group: "pe", count: 26, name: /(?:win32|windows)-(?:x64|64|ia32)/, magic: /^4d5a/ },
  {
    group: "mach-o",
    count: 14,
    name: /darwin-(?:arm64|x64|64|universal)/,
    magic: /^(?:cffaedfe|cefaedfe|cafebabe0000000[1-9])/,
  },
  { group: "elf", count: 6, name: /linux-(?:x64|64|arm64)/, magic: /^7f454c46/ },
  { group: "asar", count: 10, name: /electron/ },
  { group: "scripts", count: 12, name: /^(?!@types\/)(?!.*(?:win32|windows|darwin|linux|electron))/ },
];

export interface Selection {
  /** Lines of name, version and downloads a month, separated by tabs. */
  readonly names: string;
  /** Packages that the project's tests fetch. */
  readonly used: ReadonlySet<string>;
  readonly kinds?: readonly Kind[];
  /** Packages that another list holds; their families are left out. */
  readonly others?: readonly PackageVersions[];
}

export async function selectNpm({ names, used, kinds = KINDS, others = [] }: Selection) {
  const ordered = names
    .split("\n")
    .slice(1)
    .map((line) => line.split("\t"))
    .map(([name = "", , downloads = "0"]) => ({ name, downloads: Number(downloads) }))
    .filter(({ name }) => name !== "" && !used.has(name) && !DEVELOPED_ON.test(name))
    .toSorted((a, b) => b.downloads - a.downloads || (a.name < b.name ? -1 : 1));
  const taken = new Set(others.map(({ name, group }) => familyOf(name, group)));
  const selected: PackageVersions[] = [];
  for (const kind of kinds) {
    let count = 0;
    for (const { name } of ordered) {
      if (count === kind.count) break;
      const family = familyOf(name, kind.group);
      if (!kind.name.test(name) || name.startsWith("@types/") || taken.has(family)) continue;
      const versions = await versionsOf(name, kind);
      if (versions === undefined) continue;
      taken.add(family);
      selected.push({ group: kind.group, registry: "npm", name, versions });
      count += 1;
      console.log(`${kind.group} ${count}: ${name} ${versions.map(({ version }) => version).join(", ")}`);
    }
  }
  return selected;
}

/** A project is taken once; of the group asar each scope is. */
function familyOf(name: string, group: Group): string {
  if (group === "asar" && name.startsWith("@")) return `${name.split("/")[0]}/`;
  return SYSTEMS.exec(name)?.[1] ?? name;
}

/** @returns up to three releases from old to new, or undefined when the rule skips the package */
async function versionsOf(name: string, kind: Kind): Promise<readonly NpmVersion[] | undefined> {
  const stated = await view(name, ["versions", "dist-tags.latest"]);
  const latest = String(stated?.["dist-tags.latest"]);
  const all = Array.isArray(stated?.versions) ? stated.versions.map(String) : [];
  if (!isRelease(latest)) return skip(name, "latest is a pre-release");
  const releases = all.filter((version) => isRelease(version) && byVersion(version, latest) <= 0);
  const newest = releases.toSorted(byVersion).slice(-3);
  if (newest.length < 2) return skip(name, "has no two releases");
  const versions: NpmVersion[] = [];
  for (const version of newest.toReversed()) {
    const dist = await view(`${name}@${version}`, ["dist.integrity", "dist.tarball"]);
    const integrity = String(dist?.["dist.integrity"]);
    if (!integrity.startsWith("sha512-")) return skip(name, `${version} has no SHA-512`);
    const pinned = { version, integrity };
    const tarball = await fetchNpm(name, pinned);
    const { size } = await stat(tarball);
    if (size > (kind.maxPackedBytes ?? MAX_PACKED_BYTES)) return skip(name, `${version} has ${size} bytes`);
    if (kind.group === "scripts" && size < MIN_SCRIPT_BYTES) return skip(name, `has ${size} bytes`);
    if (kind.magic !== undefined && !(await holds(tarball, kind.magic)))
      return skip(name, `${version} holds no such file`);
    versions.unshift(pinned);
  }
  return versions;
}

function skip(name: string, why: string): undefined {
  console.log(`  skipped ${name}: ${why}`);
  return undefined;
}

async function view(what: string, fields: readonly string[]): Promise<Record<string, unknown> | undefined> {
  const { stdout } = await run("npm", ["view", what, ...fields, "--json", "--prefer-offline"], {
    maxBuffer: 64 * 1024 * 1024,
    cwd: tmpdir(),
  }).catch(() => ({ stdout: "" }));
  return stdout === "" ? undefined : (JSON.parse(stdout) as Record<string, unknown>);
}

const isRelease = (version: string): boolean => /^\d+\.\d+\.\d+$/.test(version);

function byVersion(left: string, right: string): number {
  const numbers = right.split(".").map(Number);
  for (const [index, number] of left.split(".").map(Number).entries())
    if (number !== numbers[index]) return number - (numbers[index] ?? 0);
  return 0;
}

async function holds(tarball: string, magic: RegExp): Promise<boolean> {
  const folder = await mkdtemp(join(tmpdir(), "select-"));
  try {
    await run("tar", ["-xzf", tarball, "-C", folder]);
    for (const entry of await readdir(folder, { recursive: true, withFileTypes: true })) {
      if (!entry.isFile()) continue;
      const bytes = await readFile(join(entry.parentPath, entry.name));
      if (magic.test(bytes.subarray(0, 8).toString("hex"))) return true;
    }
    return false;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
