/** Real packages as releases to work on. @module */

import { execFile } from "node:child_process";
import { mkdir, mkdtemp, readdir, readFile, rm, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, relative } from "node:path";
import { promisify } from "node:util";
import { fetchDebian } from "../quiet/apt.ts";
import { fetchNpm } from "../quiet/fetch-npm.ts";
import type { PackageVersions } from "../quiet/pair.ts";
import { builtReleases } from "./built.ts";
import { joinSlices, signImage } from "./edit/mach-o.ts";
import {
  editFile,
  type File,
  fileBytes,
  filesOf,
  mainFile,
  type Release,
  type ReleaseKind,
} from "./release.ts";
import type { Releases } from "./technique.ts";
import type { World } from "./world.ts";

const run = promisify(execFile);

export interface RealRequest {
  readonly one: PackageVersions;
  /** The whole list: the other half of a universal file is in it. */
  readonly packages: readonly PackageVersions[];
  readonly kind: ReleaseKind;
  readonly world: World;
}

/** When the last release and the one before it were signed. */
const SIGNED: Readonly<Record<number, Date>> = {
  1: new Date("2026-03-01T10:00:00Z"),
  2: new Date("2025-12-01T10:00:00Z"),
};

/** @returns the newer two releases of the package, made up as the kind is shipped */
export async function realReleases({ one, packages, kind, world }: RealRequest): Promise<Releases> {
  const intel = packages.find(({ name }) => name === one.name.replace(/arm64$/, "x64") && name !== one.name);
  const release = async (back: number): Promise<Release> => {
    const own = dressed(await realRelease(one, one.versions.length - back, kind), world, SIGNED[back]);
    if (kind !== "macos" || intel === undefined) return own;
    return universal(own, await realRelease(intel, intel.versions.length - back, kind));
  };
  const releases = { before: await release(2), after: await release(1) };
  return kind === "windows" ? besidePrograms(releases, await builtReleases(kind, world)) : releases;
}

/** The package's library stands where libraries stand: in a folder of a vendor's own signed programs. */
const besidePrograms = (own: Releases, built: Releases): Releases => ({
  before: withPrograms(own.before, built.before),
  after: withPrograms(own.after, built.after),
});

const withPrograms = (release: Release, built: Release): Release => ({
  ...release,
  files: new Map(
    [...built.files].filter(([path]) => filesOf(built, "pe").includes(path)).concat([...release.files]),
  ),
});

/** Each library with both processors, signed, as an app ships it. */
function universal(arm: Release, intel: Release): Release {
  const path = mainFile(arm, "mach-o");
  const other = fileBytes(intel, mainFile(intel, "mach-o"));
  return editFile(arm, path, (bytes) => joinSlices(signImage(other), signImage(bytes)));
}

async function realRelease(one: PackageVersions, place: number, kind: ReleaseKind): Promise<Release> {
  const folder = await mkdtemp(join(tmpdir(), "release-"));
  try {
    const version = one.versions[place]?.version ?? "";
    const tree = join(folder, "tree");
    if (one.registry === "debian") {
      const pinned = one.versions[place];
      if (pinned === undefined) throw new Error(`${one.name} has no such version`);
      await run("dpkg-deb", ["-R", await fetchDebian(one.name, pinned), tree]);
    } else {
      const pinned = one.versions[place];
      if (pinned === undefined) throw new Error(`${one.name} has no such version`);
      await mkdir(tree);
      const tarball = await fetchNpm(one.name, pinned);
      await run("tar", ["-xzf", tarball, "-C", tree, "--strip-components=1"]);
    }
    return { kind, name: one.name, version, files: await readTree(tree) };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function readTree(tree: string): Promise<ReadonlyMap<string, File>> {
  const entries = await readdir(tree, { recursive: true, withFileTypes: true });
  const paths = entries
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .toSorted();
  const files = new Map<string, File>();
  for (const path of paths) {
    const { mode } = await stat(path);
    files.set(relative(tree, path), { bytes: await readFile(path), mode: mode & 0o7777 });
  }
  return files;
}

/** What makes a package's files a release of the kind: signed by the vendor, or below an app's `node_modules`. */
function dressed(release: Release, world: World, signedAt?: Date): Release {
  if (release.kind === "windows" || release.kind === "installer") {
    const signed = new Map(release.files);
    for (const path of filesOf(release, "pe")) {
      const file = signed.get(path);
      if (file !== undefined)
        signed.set(path, { ...file, bytes: world.sign(file.bytes, "vendor", signedAt) });
    }
    return { ...release, files: signed };
  }
  if (release.kind !== "electron") return release;
  const manifest = { name: "example-app", version: release.version, main: "main.js" };
  const start = `"use strict";\nrequire("./node_modules/${release.name}");\n`;
  const files = new Map<string, File>([
    ["package.json", { bytes: Buffer.from(`${JSON.stringify(manifest, undefined, 2)}\n`), mode: 0o644 }],
    ["main.js", { bytes: Buffer.from(start), mode: 0o644 }],
  ]);
  for (const [path, file] of release.files) files.set(`node_modules/${release.name}/${path}`, file);
  return { ...release, files };
}
