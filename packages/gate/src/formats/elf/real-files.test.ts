/** Programs and libraries of Debian for several processors, and Go's test files, compared with what readelf says. */

import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { mkdtemp, open as openFile, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { FileSource } from "@sallyport/core";
import { debianPackage, debianProgram, hasApt, NO_APT, recordingContext } from "@sallyport/testkit";
import { describe, expect, it } from "vitest";
import { goTestFile } from "../decompressor-programs.fixture.ts";
import { elf } from "./index.ts";
import { identify, open } from "./reading.fixture.ts";

const run = promisify(execFile);
const NEEDS = [
  "libbinutils",
  "binutils-common",
  "libctf0",
  "libctf-nobfd0",
  "libgprofng0",
  "libjansson4",
  "libzstd1",
  "zlib1g",
];

/** What readelf finds: the name of a library, its build id, and the name of its processor. */
async function askReadelf(file: string) {
  const { path, env } = await debianProgram("binutils-x86-64-linux-gnu", {
    file: "usr/bin/x86_64-linux-gnu-readelf",
    needs: NEEDS,
  });
  const { stdout } = await run(path, ["-hdnW", file], { env, maxBuffer: 2 ** 26 });
  return {
    soname: /Library soname: \[(.+)\]/.exec(stdout)?.[1],
    buildId: /Build ID: (\w+)/.exec(stdout)?.[1],
    machine: /Machine:\s+(.+)/.exec(stdout)?.[1],
  };
}

async function expectAlike(file: string, bytes: Buffer, machine: RegExp): Promise<void> {
  expect(await open(bytes)).toEqual({ members: [], findings: [] });
  const said = await askReadelf(file);
  const identity = await identify(bytes);
  expect({ soname: identity?.originalName, buildId: identity?.buildId }).toEqual({
    soname: said.soname,
    buildId: said.buildId,
  });
  expect(said.machine).toMatch(machine);
}

const LIBRARIES: [string, string, string, RegExp][] = [
  ["libc6-arm64-cross", "aarch64-linux-gnu", "arm64", /AArch64/],
  ["libc6-armhf-cross", "arm-linux-gnueabihf", "arm", /ARM/],
  ["libc6-i386-cross", "i686-linux-gnu", "x86", /80386/],
  ["libc6-s390x-cross", "s390x-linux-gnu", "s390x", /S\/390/],
  ["libc6-riscv64-cross", "riscv64-linux-gnu", "riscv64", /RISC-V/],
  ["libc6-ppc64el-cross", "powerpc64le-linux-gnu", "ppc64le", /PowerPC64/],
];

const TEST_FILES: [string, RegExp][] = [
  ["gcc-386-freebsd-exec", /80386/],
  ["gcc-amd64-linux-exec", /X86-64/],
  ["gcc-amd64-openbsd-debug-with-rela.obj", /X86-64/],
  ["compressed-32.obj", /80386/],
  ["go-relocation-test-gcc540-mips.obj", /MIPS/],
  ["go-relocation-test-gcc620-sparc64.obj", /Sparc/],
  ["go-relocation-test-gcc5-ppc.obj", /PowerPC/],
];

describe.skipIf(!hasApt())(`real ELF files (${NO_APT} otherwise)`, { timeout: 300_000 }, () => {
  it.each(LIBRARIES)("agrees with readelf about the C library of %s", async (name, folder, own, machine) => {
    const home = join(await debianPackage(name), "usr", folder, "lib");
    for (const library of ["libc.so.6", "libm.so.6"]) {
      const bytes = await readFile(join(home, library));
      await expectAlike(join(home, library), bytes, machine);
      expect(await identify(bytes)).toMatchObject({ originalName: library, architecture: own });
    }
  });

  it("agrees with readelf about a program of Debian", async () => {
    const file = join(await debianPackage("cpio"), "bin/cpio");
    await expectAlike(file, await readFile(file), /./);
  });

  it.each(TEST_FILES)("agrees with readelf about Go's test file %s", async (name, machine) => {
    const bytes = await goTestFile(`debug/elf/testdata/${name}`);
    const folder = await mkdtemp(join(tmpdir(), "sallyport-elf-"));
    try {
      await writeFile(join(folder, name), bytes);
      await expectAlike(join(folder, name), bytes, machine);
    } finally {
      await rm(folder, { recursive: true });
    }
  });
});

describe("ELF files of this system", () => {
  it("agrees with readelf about the running Node, without findings", async ({ skip }) => {
    if (process.platform !== "linux") skip("this system has other programs");
    const file = await openFile(process.execPath);
    const source = new FileSource(file.fd);
    const { context, findings } = recordingContext();
    for await (const { name } of elf.open?.(source, context) ?? []) expect(name).toBe("overlay");
    expect(findings).toEqual([]);
    const identity = await elf.identify?.(source, context);
    await file.close();
    expect(identity?.architecture).toBe(process.arch);
    if (hasApt()) expect((await askReadelf(process.execPath)).buildId).toBe(identity?.buildId);
  });

  it("reads the name and build id of the system's C library", async ({ skip }) => {
    const library = "/usr/lib/x86_64-linux-gnu/libc.so.6";
    if (!existsSync(library)) skip("this system has no such file");
    const bytes = await readFile(library);
    expect(await open(bytes)).toEqual({ members: [], findings: [] });
    expect(await identify(bytes)).toMatchObject({ originalName: "libc.so.6", architecture: "x64" });
  });
});
