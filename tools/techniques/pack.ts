/** Packs a release as its kind is shipped. @module */

import { execFile } from "node:child_process";
import { randomUUID } from "node:crypto";
import { chmod, mkdir, rm, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { buffer } from "node:stream/consumers";
import { promisify } from "node:util";
import { gzipSync } from "node:zlib";
import { createPackage } from "@electron/asar";
import { writeMsi, writeZip } from "@sallyport/gate/replica";
import { pack as packTar } from "tar-stream";
import type { Release, ReleaseKind } from "./release.ts";

const run = promisify(execFile);

const EXTENSIONS: Readonly<Record<ReleaseKind, string>> = {
  windows: "zip",
  installer: "msi",
  macos: "zip",
  linux: "tar.gz",
  javascript: "tgz",
  electron: "asar",
  debian: "deb",
  python: "deb",
};

/** @returns the path of the packed release in the folder */
export async function packRelease(release: Release, folder: string): Promise<string> {
  const file = join(folder, `${randomUUID()}.${EXTENSIONS[release.kind]}`);
  switch (release.kind) {
    case "windows":
    case "macos":
      await writeFile(file, writeZip([...release.files].map(([name, { bytes }]) => ({ name, bytes }))));
      break;
    case "installer":
      await writeFile(file, installerOf(release));
      break;
    case "linux":
    case "javascript":
      await writeFile(file, await tarball(release));
      break;
    case "electron":
      await fromFolder(release, folder, (tree) => createPackage(tree, file));
      break;
    case "debian":
    case "python":
      await fromFolder(release, folder, (tree) =>
        run("dpkg-deb", ["--root-owner-group", "-Zgzip", "-z1", "--build", tree, file]),
      );
  }
  return file;
}

function installerOf(release: Release): Buffer {
  const files = [...release.files].map(([path, { bytes }]) => ({
    name: path.split("/").at(-1) ?? path,
    content: bytes,
  }));
  return writeMsi({
    product: release.name,
    company: "Example Software Ltd",
    version: release.version,
    folder: "Example",
    files,
    ...release.installer,
  });
}

async function tarball(release: Release): Promise<Buffer> {
  const tar = packTar();
  for (const [path, { bytes, mode, modifiedAt = new Date("2026-03-01T10:00:00Z") }] of release.files)
    tar.entry({ name: `package/${path}`, mode, mtime: modifiedAt, size: bytes.length }, bytes);
  tar.finalize();
  return gzipSync(await buffer(tar), { level: 1 });
}

async function fromFolder(
  release: Release,
  folder: string,
  work: (tree: string) => Promise<unknown>,
): Promise<void> {
  const tree = join(folder, randomUUID());
  for (const [path, { bytes, mode }] of release.files) {
    const place = join(tree, path);
    await mkdir(dirname(place), { recursive: true });
    await writeFile(place, bytes);
    await chmod(place, mode);
  }
  await work(tree);
  await rm(tree, { recursive: true, force: true });
}
