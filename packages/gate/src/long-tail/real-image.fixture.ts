/** Images that Debian's own tools make of a small tree of files, for the real-file tests of formats 7-Zip opens. @module */

import { execFile } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { promisify } from "node:util";
import { debianPackage, debianProgram } from "@sallyport/testkit";
import { expect } from "vitest";
import { readByBsdtar } from "../formats/bsdtar.fixture.ts";
import { type ContainerWalk, walkContainer } from "../formats/container-walk.fixture.ts";
import type { Format } from "../formats/format.ts";

const run = promisify(execFile);

/** Bytes that no packer makes smaller. */
const noise = (sizeBytes: number): Buffer =>
  Buffer.concat(
    Array.from({ length: Math.ceil(sizeBytes / 32) }, (_, index) =>
      createHash("sha256").update(`${index}`).digest(),
    ),
  ).subarray(0, sizeBytes);

/** Names that every system of files can hold. */
const FILES: ReadonlyMap<string, Buffer> = new Map([
  ["a.txt", Buffer.from("hello\n")],
  ["big.bin", noise(300_001)],
  ["docs/text.txt", Buffer.from("a harmless line of text\n".repeat(20_000))],
  ["docs/deep/deeper/last.dat", noise(4096)],
]);

export interface Place {
  /** Holds the files below. */
  readonly tree: string;
  readonly files: ReadonlyMap<string, Buffer>;
  /** @returns the path of a file that does not exist yet */
  readonly path: (name: string) => string;
}

/** @param use - may leave behind what it likes */
export async function withTree(use: (place: Place) => Promise<void>): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), "sallyport-image-"));
  const tree = join(folder, "tree");
  try {
    for (const [name, bytes] of FILES) {
      await mkdir(dirname(join(tree, name)), { recursive: true });
      await writeFile(join(tree, name), bytes);
    }
    await use({ tree, files: FILES, path: (name) => join(folder, name) });
  } finally {
    await rm(folder, { recursive: true });
  }
}

export interface Tool {
  readonly package: string;
  readonly program: string;
  /** Packages of the libraries it needs. */
  readonly needs?: readonly string[];
  /** A folder of libraries below the usual one. */
  readonly libraryFolder?: string;
}

/** Runs a program of Debian out of its unpacked package. */
export async function runTool(
  tool: Tool,
  words: readonly string[],
  options: { cwd?: string } = {},
): Promise<void> {
  const { needs = [] } = tool;
  const home = await debianPackage(tool.package, needs);
  const folders = ["usr/bin", "usr/sbin", "bin", "sbin"];
  const file = folders
    .map((folder) => `${folder}/${tool.program}`)
    .find((path) => existsSync(join(home, path)));
  if (file === undefined) throw new Error(`${tool.package} has no ${tool.program}`);
  const { path, env } = await debianProgram(tool.package, { file, needs });
  const usual = (env.LD_LIBRARY_PATH ?? "").split(":");
  const libraries =
    tool.libraryFolder === undefined ? usual : usual.map((folder) => `${folder}/${tool.libraryFolder}`);
  const search = [...new Set([...usual, ...libraries])].join(":");
  await run(path, [...words], {
    ...options,
    env: { ...env, LD_LIBRARY_PATH: search, HOME: options.cwd ?? tmpdir() },
  });
}

/** What bsdtar finds, without the folders, which it shows with all that is below them. */
export async function filesByBsdtar(archive: Buffer): Promise<{ name: string; bytes: Buffer }[]> {
  const found = await readByBsdtar(archive);
  const folders = new Set(found.flatMap(({ name }) => foldersOf(name)));
  return found.filter(({ name, bytes }) => !folders.has(name) && bytes.length > 0);
}

const foldersOf = (name: string): string[] =>
  name.split("/").map((_, index, parts) => parts.slice(0, index).join("/") || ".");

/** An empty disk. */
export const emptyDisk = (path: string, sizeBytes: number): Promise<void> =>
  writeFile(path, Buffer.alloc(sizeBytes));

/**
 * Opens the image and expects the tree's files in it, and no others, without any finding.
 * @param expected.isOwn - true for what the file system keeps for itself
 */
export async function expectTree(
  format: Format,
  image: string,
  { files, isOwn = () => false }: Pick<Place, "files"> & { readonly isOwn?: (name: string) => boolean },
): Promise<ContainerWalk> {
  const bytes = await readFile(image);
  expect(
    format.recognise({
      head: bytes.subarray(0, 36_864),
      tail: bytes.subarray(-65_557),
      sizeBytes: bytes.length,
    }),
  ).toBe(true);
  const walk = await walkContainer(format, bytes);
  expect({ code: walk.code, message: walk.message, findings: walk.findings }).toEqual({
    code: "",
    message: "",
    findings: [],
  });
  const others = walk.members.filter(({ name }) => !isOwn(name));
  const found = new Map(others.map(({ name, bytes }) => [name, bytes]));
  expect([...found.keys()].sort()).toEqual([...files.keys()].sort());
  for (const [name, expected] of files) expect(found.get(name)?.equals(expected), name).toBe(true);
  return walk;
}
