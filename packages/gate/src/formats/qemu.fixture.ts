/** qemu-img, which makes virtual disks of every kind, for the tests beside such formats. @module */

import { readFile, writeFile } from "node:fs/promises";
import { expect } from "vitest";
import { runTool, type Tool, withTree } from "../long-tail/real-image.fixture.ts";
import { walkContainer } from "./container-walk.fixture.ts";
import type { Format } from "./format.ts";

const qemuImg: Tool = {
  package: "qemu-utils",
  program: "qemu-img",
  needs: [
    "libaio1",
    "libffi8",
    "libglib2.0-0",
    "libgmp10",
    "libgnutls30",
    "libhogweed6",
    "libidn2-0",
    "libnettle8",
    "libnuma1",
    "libp11-kit0",
    "libpcre2-8-0",
    "libtasn1-6",
    "libunistring2",
    "liburing2",
    "libzstd1",
    "zlib1g",
  ],
};

const SECTOR_BYTES = 512;
const MEBIBYTE = 1024 * 1024;

/**
 * Converts a disk with data at both ends and a hole between them, opens it, and expects the disk.
 * @param options - of qemu-img: `subformat=fixed`
 */
export async function expectConvertedDisk(format: Format, kind: string, options: string): Promise<void> {
  await withTree(async ({ files, path }) => {
    const data = files.get("big.bin") ?? Buffer.alloc(0);
    const disk = Buffer.alloc(4 * MEBIBYTE);
    data.copy(disk, SECTOR_BYTES);
    data.copy(disk, 3 * MEBIBYTE);
    await writeFile(path("raw"), disk);
    const words = ["convert", "-f", "raw", "-O", kind, ...(options === "" ? [] : ["-o", options])];
    await runTool(qemuImg, [...words, path("raw"), path("disk")]);
    const bytes = await readFile(path("disk"));
    const { members, findings, code } = await walkContainer(format, bytes);
    expect({ findings, code, names: members.map(({ name }) => name) }).toEqual({
      findings: [],
      code: "",
      names: ["disk"],
    });
    // Some kinds count in cylinders, and are a little larger.
    const [found = Buffer.alloc(0)] = members.map((member) => member.bytes);
    expect(found.subarray(0, disk.length).equals(disk)).toBe(true);
    expect(found.subarray(disk.length).every((byte) => byte === 0)).toBe(true);
  });
}
