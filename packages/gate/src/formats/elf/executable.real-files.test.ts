/** Libraries of Debian for several processors: what is kept of them, compared with what readelf says. */

import { execFile } from "node:child_process";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { MemorySource } from "@sallyport/core";
import { debianPackage, debianProgram, hasApt, NO_APT, testBudget } from "@sallyport/testkit";
import { describe, expect, it } from "vitest";
import { readElfFacts } from "./executable.ts";

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

async function readelf(file: string, ...options: string[]): Promise<string> {
  const { path, env } = await debianProgram("binutils-x86-64-linux-gnu", {
    file: "usr/bin/x86_64-linux-gnu-readelf",
    needs: NEEDS,
  });
  return (await run(path, [...options, file], { env, maxBuffer: 2 ** 26 })).stdout;
}

const matches = (text: string, pattern: RegExp): string[] =>
  [...text.matchAll(pattern)].map(([, found = ""]) => found);
const sorted = (names: Iterable<string>): string[] => [...new Set(names)].sort();

/** What readelf finds in the dynamic section and the symbols. */
async function ask(file: string) {
  const dynamic = await readelf(file, "-dW");
  const table = await readelf(file, "--dyn-syms", "-W");
  // PowerPC's symbols say where a function begins for callers of its own library.
  const symbols = table.split("\n").map((line) =>
    line
      .replace(/\[<localentry>: \d+\]/, "")
      .trim()
      .split(/\s+/),
  );
  const named = symbols.filter(
    ([, , , type, binding, , , name]) => name !== undefined && type !== "Type" && binding !== "LOCAL",
  );
  const names = (isImported: boolean) =>
    named
      .filter(([, , , , , , section]) => (section === "UND") === isImported)
      .map(([, , , , , , , name = ""]) => name.split("@")[0] ?? "");
  return {
    needed: sorted(matches(dynamic, /\(NEEDED\).*\[(.+)\]/g)),
    initialisers: Number(/\(INIT_ARRAYSZ\)\s+(\d+)/.exec(dynamic)?.[1] ?? 0),
    imports: sorted(names(true)).map((name) => `!${name}`),
    exports: sorted(names(false)),
    code: matches(await readelf(file, "-SW"), /\]\s+(\S+)\s+PROGBITS\s.*\sAX\s/g).sort(),
  };
}

const LIBRARIES: readonly (readonly [string, string, number])[] = [
  ["libc6-arm64-cross", "aarch64-linux-gnu", 8],
  ["libc6-armhf-cross", "arm-linux-gnueabihf", 4],
  ["libc6-i386-cross", "i686-linux-gnu", 4],
  ["libc6-s390x-cross", "s390x-linux-gnu", 8],
  ["libc6-riscv64-cross", "riscv64-linux-gnu", 8],
  ["libc6-ppc64el-cross", "powerpc64le-linux-gnu", 8],
];

describe.skipIf(!hasApt())(
  `what is kept of real ELF files (${NO_APT} otherwise)`,
  { timeout: 300_000 },
  () => {
    it.each(LIBRARIES)("agrees with readelf about libraries of %s", async (name, folder, pointerBytes) => {
      const home = join(await debianPackage(name), "usr", folder, "lib");
      for (const library of ["libc.so.6", "libm.so.6", "libresolv.so.2"]) {
        const file = join(home, library);
        const facts = await readElfFacts(new MemorySource(await readFile(file)), testBudget());
        const said = await ask(file);
        expect(facts.unreadable, library).toEqual([]);
        expect(facts.libraries.names, library).toEqual(said.needed);
        expect(facts.imports.names, library).toEqual(said.imports);
        expect(facts.exports.count, library).toBe(said.exports.length);
        expect(facts.exports.names.every((one) => said.exports.includes(one))).toBe(true);
        expect((facts.initialisers.counts["init-array"] ?? 0) * pointerBytes, library).toBe(
          said.initialisers,
        );
        const code = facts.regions.filter(({ isCode }) => isCode).map((region) => region.name);
        expect(code.sort(), library).toEqual(said.code);
      }
    });
  },
);
