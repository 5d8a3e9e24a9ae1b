import { MemorySource } from "@sallyport/core";
import { testBudget } from "@sallyport/testkit";
import { describe, expect, it } from "vitest";
import { readBindings, readChainedBindings } from "./bindings.ts";
import { readMachFacts } from "./executable.ts";
import { readExports } from "./export-trie.ts";
import { buildMachImage, type MachImage } from "./image.fixture.ts";
import { ARM64, buildFat, X86_64 } from "./mach-o.fixture.ts";

const factsOf = (image: MachImage) => readMachFacts(new MemorySource(buildMachImage(image)), testBudget());

describe("what is kept of a Mach-O image", () => {
  it("names libraries, search paths, and which library an import is from", async () => {
    expect(
      await factsOf({
        libraries: ["/usr/lib/libSystem.B.dylib"],
        weakLibraries: ["@rpath/Extra.framework/Extra"],
        searchPaths: ["@loader_path/../lib"],
        imports: [
          ["_open$NOCANCEL", 1],
          ["_extra", 2],
        ],
        exports: ["_demo", "_more"],
      }),
    ).toMatchObject({
      kind: "mach-o",
      role: "library",
      architecture: "arm64",
      libraries: { names: ["/usr/lib/libSystem.B.dylib", "@rpath/Extra.framework/Extra"] },
      searchPaths: { names: ["@loader_path/../lib"] },
      imports: { names: ["extra!extra", "libsystem.b.dylib!open"] },
      exports: { names: ["demo", "more"] },
      buildMarks: { linker: ["ld 1021.1"], platform: ["macos 11.0"] },
      unreadable: [],
    });
  });

  it.each([
    [false, "mod-init-func"],
    [true, "init-offsets"],
  ])("finds constructors and what they lead to (offsets: %s)", async (hasOffsets, kind) => {
    const facts = await factsOf({ initialisers: 2, hasOffsets });
    expect(facts?.initialisers.counts).toEqual({ [kind]: 2 });
    expect(facts?.regions[facts.initialisers.entries[1]?.region ?? -1]?.name).toBe("__TEXT,__text");
  });

  it("tells where a program begins, and which link it is", async () => {
    const facts = await factsOf({ fileType: 2, cpu: X86_64, uuid: "00112233445566778899aabbccddeeff" });
    expect(facts).toMatchObject({ role: "program", linkId: "00112233445566778899aabbccddeeff" });
    expect(facts?.regions[facts.entry?.region ?? -1]).toMatchObject({ name: "__TEXT,__text", access: "r-x" });
  });

  it("keeps nothing of a universal file, whose slices are members", async () => {
    const fat = buildFat([{ cpu: ARM64, bytes: buildMachImage({}) }]);
    expect(await readMachFacts(new MemorySource(fat), testBudget())).toBeUndefined();
  });

  it("sees code hidden between the load commands and the first section", async () => {
    const bytes = buildMachImage({});
    const before = await readMachFacts(new MemorySource(bytes), testBudget());
    bytes.write("hidden code", 0x3000);
    const after = await readMachFacts(new MemorySource(bytes), testBudget());
    const added = after?.regions.filter(({ name }) => before?.regions.every((one) => one.name !== name));
    expect(added).toMatchObject([{ access: "r-x", isCode: true }]);
  });
});

describe("how the loader finds symbols", () => {
  it("reads the opcodes that bind them", () => {
    const opcodes = Buffer.concat([
      Buffer.from([0x11, 0x40]),
      Buffer.from("_open\0"),
      Buffer.from([0x51, 0x72, 0x10, 0x90, 0x20, 0x81, 0x01, 0x41]),
      Buffer.from("_late\0"),
      Buffer.from([0xc0, 0x02, 0x08, 0x3e, 0x40]),
      Buffer.from("_flat\0"),
      Buffer.from([0x90, 0x00]),
    ]);
    expect(readBindings(opcodes, testBudget())).toEqual([
      { name: "_open", library: 1, isWeak: false },
      { name: "_late", library: 129, isWeak: true },
      { name: "_flat", library: -2, isWeak: false },
    ]);
  });

  it("reads the imports of chained fixups", () => {
    const bytes = Buffer.alloc(28 + 8 + 13);
    bytes.writeUInt32LE(28, 8);
    bytes.writeUInt32LE(36, 12);
    bytes.writeUInt32LE(2, 16);
    bytes.writeUInt32LE(1, 20);
    bytes.writeUInt32LE((1 << 9) | 2, 28);
    bytes.writeUInt32LE(((7 << 9) | 0x100 | 0xfe) >>> 0, 32);
    bytes.write("\0_open\0_gone\0", 36);
    expect(readChainedBindings(bytes)).toEqual([
      { name: "_open", library: 2, isWeak: false },
      { name: "_gone", library: -2, isWeak: true },
    ]);
  });

  it("reads exports that share beginnings, that others answer, and that are chosen", () => {
    const trie = Buffer.concat([
      Buffer.from([0, 1]),
      Buffer.from("_a\0"),
      Buffer.from([6]),
      Buffer.from([2, 0, 1, 2]),
      Buffer.from("b\0"),
      Buffer.from([16]),
      Buffer.from("c\0"),
      Buffer.from([24]),
      Buffer.from([6, 0x08, 3]),
      Buffer.from("_x\0"),
      Buffer.from([0, 0]),
      Buffer.from([3, 0x10, 1, 9, 0]),
    ]);
    expect(readExports(trie, testBudget())).toEqual([
      { name: "_a" },
      { name: "_ac", resolver: 9 },
      { name: "_ab", forward: { library: 3, name: "_x" } },
    ]);
  });
});
