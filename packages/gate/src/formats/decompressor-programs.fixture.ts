/** Compares what we read of a compressed file with what went in, for programs of Debian that write such files. @module */

import { spawn } from "node:child_process";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { buffer } from "node:stream/consumers";
import { debianPackage, debianProgram } from "@sallyport/testkit";
import { expect } from "vitest";
import type { Format } from "./format.ts";
import { walkStream } from "./stream-walk.fixture.ts";

export interface Packer {
  /** Of Debian. */
  readonly package: string;
  /** Below the package's root. */
  readonly file: string;
  readonly needs?: readonly string[];
  readonly arguments: readonly string[];
}

/** A licence text, a program, and much of one byte: what is packed. */
export async function realContents(): Promise<readonly Buffer[]> {
  const texts = await debianPackage("base-files");
  const programs = await debianPackage("cpio");
  return [
    await readFile(join(texts, "usr/share/common-licenses/GPL-3")),
    await readFile(join(programs, "bin/cpio")),
    Buffer.alloc(3_000_000, "a"),
    Buffer.from("x"),
  ];
}

/** Packs by the program, opens by the format, and expects the same bytes without a finding. */
export async function expectRoundTrip(format: Format, packer: Packer, content: Buffer): Promise<void> {
  const packed = await runPacker(packer, content);
  expect(
    format.recognise({
      head: packed.subarray(0, 4096),
      tail: packed.subarray(-64),
      sizeBytes: packed.length,
    }),
  ).toBe(true);
  const { members, findings, code } = await walkStream(format, packed);
  expect({ findings, code }).toEqual({ findings: [], code: "" });
  expect(members[0]?.bytes.equals(content)).toBe(true);
}

/** What comes out of the program. */
export async function runPacker(packer: Packer, input: Buffer): Promise<Buffer> {
  const { path, env } = await debianProgram(packer.package, { file: packer.file, needs: packer.needs ?? [] });
  const child = spawn(path, packer.arguments, { env, stdio: ["pipe", "pipe", "inherit"] });
  child.stdin.end(input);
  return await buffer(child.stdout);
}

/** Expects the bytes that a program of Debian unpacks a file to, without a finding. */
export async function expectUnpackedAlike(format: Format, unpacker: Packer, packed: Buffer): Promise<void> {
  const expected = await runPacker(unpacker, packed);
  expect(expected.length).toBeGreaterThan(0);
  const { members, findings, code } = await walkStream(format, packed);
  expect({ findings, code }).toEqual({ findings: [], code: "" });
  expect(members[0]?.bytes.equals(expected)).toBe(true);
}

/** Go's own tests read these files; other programs made them. */
export const goTestFile = async (path: string): Promise<Buffer> =>
  readFile(join(await debianPackage("golang-1.19-src"), "usr/share/go-1.19/src", path));
