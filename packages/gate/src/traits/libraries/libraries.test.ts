import { describe, expect, it } from "vitest";
import { buildElfImage, type ElfImage } from "../../formats/elf/image.fixture.ts";
import { buildMachImage, type MachImage } from "../../formats/mach-o/image.fixture.ts";
import { executable } from "../executable/index.ts";
import { compareMembers, portraitOf } from "../trait.fixture.ts";
import type { Difference, Risk } from "../trait.ts";
import { libraries } from "./index.ts";
import { stemOf } from "./names.ts";

async function compare(format: string, before: Buffer, after: Buffer): Promise<Difference[]> {
  const [old, now] = [before, after].map((bytes) => portraitOf([executable], { path: "lib", format, bytes }));
  return compareMembers(libraries, await old, await now);
}

const elf = (before: ElfImage, after: ElfImage) =>
  compare(
    "elf",
    buildElfImage({ needed: ["libc.so.6"], ...before }),
    buildElfImage({ needed: ["libc.so.6"], ...after }),
  );
const mach = (before: MachImage, after: MachImage) =>
  compare("mach-o", buildMachImage(before), buildMachImage(after));
const told = (differences: readonly Difference[]): [string, Risk][] =>
  differences.map(({ rule, risk }) => [rule, risk]);
const ID = "0123456789abcdef";
const OTHER_CODE = Buffer.alloc(96, 0xc3);

describe("a library added to what was finished", () => {
  it("refuses one more under the same build id", async () => {
    expect(told(await elf({ buildId: ID }, { buildId: ID, needed: ["libc.so.6", "libhook.so"] }))).toEqual([
      ["library-added-after-linking", "critical"],
    ]);
  });

  it("refuses one more in a Mach-O file with the same UUID", async () => {
    const uuid = ID + ID;
    const differences = await mach(
      { uuid },
      { uuid, libraries: ["/usr/lib/libSystem.B.dylib", "@executable_path/libhook.dylib"] },
    );
    expect(told(differences)).toEqual([["library-added-after-linking", "critical"]]);
    expect(differences[0]?.because).toContain("@executable_path/libhook.dylib");
  });

  it("holds one more beside code that nothing says was linked anew", async () => {
    expect(told(await elf({}, { needed: ["libc.so.6", "libhook.so"] }))).toEqual([
      ["library-added-after-linking", "high"],
    ]);
  });

  it("stays quiet about a new library of a new link", async () => {
    const after = { buildId: "ff", code: OTHER_CODE, needed: ["libc.so.6", "libbrotlidec.so.1"] };
    expect(told(await elf({ buildId: ID }, after))).toEqual([["libraries-added", "info"]]);
  });

  it("stays quiet about the same library of another version, hash or place, as repairs of wheels leave it", async () => {
    const [before, after] = ["libgfortran-91cc3cb1.so.3.0.0", "libgfortran-2f1a9e07.so.5.0.0"];
    expect(told(await elf({ buildId: ID, needed: [before] }, { buildId: ID, needed: [after] }))).toEqual([
      ["libraries-added", "info"],
    ]);
    expect(
      told(
        await mach({ libraries: ["/usr/local/lib/libz.1.dylib"] }, { libraries: ["@rpath/libz.1.dylib"] }),
      ),
    ).toEqual([["libraries-added", "info"]]);
  });
});

describe("where libraries are looked for", () => {
  it.each(["/tmp/x", "", ".", "lib", "/dev/shm", "/private/tmp/a"])(
    "tells of %j, where others can write",
    async (path) => {
      expect(told(await elf({}, { searchPath: `$ORIGIN:${path}`, code: OTHER_CODE }))).toContainEqual([
        "search-path-opened",
        "medium",
      ]);
    },
  );

  it.each([
    ["$ORIGIN/../lib", "info"],
    ["/usr/lib/example", "info"],
    ["/home/builder/out", "low"],
  ])("stays quiet about %s", async (searchPath, risk) => {
    expect(told(await elf({}, { searchPath, code: OTHER_CODE }))).toEqual([["search-path-added", risk]]);
  });

  it("stays quiet when a forgotten folder changes its name", async () => {
    expect(
      told(await elf({ searchPath: "/home/a/out-1" }, { searchPath: "/home/a/out-2", code: OTHER_CODE })),
    ).toEqual([["search-path-added", "info"]]);
  });

  it("holds a library that is loaded from a place where others can write", async () => {
    expect(
      told(await elf({}, { needed: ["libc.so.6", "/tmp/libx.so"], code: OTHER_CODE, buildId: "aa" })),
    ).toContainEqual(["library-in-open-place", "high"]);
  });
});

describe("what is hidden", () => {
  const link = { code: OTHER_CODE, buildId: "aa" };

  it("holds a search path in a hidden folder", async () => {
    for (const path of ["$ORIGIN/.cache", "$ORIGIN/../.x/lib", "/usr/lib/.x", "/tmp/.x"])
      expect(told(await elf({}, { ...link, searchPath: path }))).toContainEqual([
        "search-path-hidden",
        "high",
      ]);
  });

  it("holds a library from a hidden folder, or with a hidden name", async () => {
    for (const name of ["@loader_path/.c/l.dylib", "@executable_path/.l.dylib"])
      expect(
        told(
          await mach(
            { uuid: ID + ID },
            { uuid: "ab".repeat(16), code: OTHER_CODE, libraries: ["/usr/lib/libSystem.B.dylib", name] },
          ),
        ),
      ).toContainEqual(["library-in-hidden-place", "high"]);
  });

  it("stays quiet about folders that tools make, that were there, or that a build machine left behind", async () => {
    for (const path of ["$ORIGIN/.libs", "$ORIGIN/../node_modules/.pnpm/a/lib", "/home/a/.conan/lib", "."])
      expect(told(await elf({}, { ...link, searchPath: path }))).not.toContainEqual([
        "search-path-hidden",
        "high",
      ]);
    expect(
      told(await elf({ searchPath: "$ORIGIN/.a" }, { ...link, searchPath: "$ORIGIN/.a:$ORIGIN/.b" })),
    ).toEqual([["search-path-added", "info"]]);
  });
});

describe("what loads a program", () => {
  it("holds a program with a loader of its own", async () => {
    const before = { type: 2, loader: "/lib64/ld-linux-x86-64.so.2" };
    expect(told(await elf(before, { ...before, loader: "/usr/lib/../../tmp/ld.so" }))).toEqual([
      ["loader-changed", "high"],
    ]);
    expect(told(await elf(before, { ...before, loader: "/opt/example/ld.so" }))).toEqual([
      ["loader-changed", "high"],
    ]);
  });

  it("stays quiet when it was built for another library of C", async () => {
    const before = { type: 2, loader: "/lib64/ld-linux-x86-64.so.2" };
    expect(await elf(before, { ...before, loader: "/lib/ld-musl-x86_64.so.1" })).toEqual([]);
  });
});

it.each([
  ["libz.so.1.2.13", "libz"],
  ["libz-6d7ffe3d.so.1", "libz"],
  ["/usr/lib/libz.1.dylib", "libz"],
  ["msvcp140", "msvcp"],
  ["libstdc++.so.6", "libstdc++"],
  ["7z.dll", "7z"],
  ["libfoo.so", "libfoo"],
])("calls %s %s", (library, stem) => expect(stemOf(library)).toBe(stem));
