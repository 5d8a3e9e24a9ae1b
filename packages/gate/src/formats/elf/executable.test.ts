import { MemorySource } from "@sallyport/core";
import { testBudget } from "@sallyport/testkit";
import { describe, expect, it } from "vitest";
import { readElfFacts } from "./executable.ts";
import { buildElfImage, type ElfImage } from "./image.fixture.ts";

const factsOf = (image: ElfImage) => readElfFacts(new MemorySource(buildElfImage(image)), testBudget());

describe("what is kept of an ELF image", () => {
  it("names libraries, search paths, imports and exports", async () => {
    expect(
      await factsOf({
        needed: ["libc.so.6", "libz.so.1"],
        searchPath: "$ORIGIN/../lib",
        imports: ["open", "connect"],
        weakImports: ["__gmon_start__"],
        exports: ["demo_start"],
      }),
    ).toMatchObject({
      kind: "elf",
      role: "library",
      architecture: "x64",
      libraries: { names: ["libc.so.6", "libz.so.1"] },
      searchPaths: { names: ["$ORIGIN/../lib"] },
      imports: { names: ["!__gmon_start__", "!connect", "!open"] },
      lateImports: { names: ["!__gmon_start__"] },
      exports: { names: ["demo_start"] },
      unreadable: [],
    });
  });

  it("finds constructors whose addresses stand in relocations alone", async () => {
    const { initialisers, regions } = await factsOf({ initialisers: 2 });
    expect(initialisers.counts).toEqual({ "init-array": 2 });
    expect(regions[initialisers.entries[0]?.region ?? -1]?.name).toBe(".text");
  });

  it("counts functions that a resolver chooses", async () => {
    expect((await factsOf({ resolved: ["crc64"] })).initialisers.counts).toEqual({ ifunc: 1 });
  });

  it("tells where a program begins, what loads it, and what made it", async () => {
    const facts = await factsOf({
      type: 2,
      loader: "/lib64/ld.so",
      comment: "GCC: (Example) 12.2",
      buildId: "ab12",
    });
    expect(facts).toMatchObject({
      role: "program",
      linkId: "ab12",
      buildMarks: { compiler: ["GCC: (Example) 12.2"], platform: ["loader /lib64/ld.so"] },
    });
    expect(facts.regions[facts.entry?.region ?? -1]).toMatchObject({
      name: ".text",
      access: "r-x",
      isCode: true,
    });
  });

  it("reads the same of a file whose section headers were taken away", async () => {
    const image = { needed: ["libc.so.6"], imports: ["open"], initialisers: 1 };
    const [whole, stripped] = [await factsOf(image), await factsOf({ ...image, isStripped: true })];
    expect(stripped).toMatchObject({ libraries: whole.libraries, imports: whole.imports });
    expect(stripped.initialisers.counts).toEqual(whole.initialisers.counts);
    expect(stripped.regions.map(({ access, isCode }) => [access, isCode])).toEqual([
      ["r--", false],
      ["r-x", true],
      ["rw-", false],
    ]);
  });

  it("sees a loaded segment that no section names", async () => {
    const { regions } = await factsOf({ hidden: Buffer.alloc(200, 0xcc) });
    expect(regions.find(({ access }) => access === "rwx")).toMatchObject({ fileBytes: 200, isCode: true });
  });

  it("sees what stands in the filling behind code", async () => {
    const bytes = buildElfImage({ initialisers: 1 });
    const before = await readElfFacts(new MemorySource(bytes), testBudget());
    const code = before.regions.find(({ name }) => name === ".text");
    expect(code).not.toHaveProperty("padding");
    bytes.write("not filling", (code?.offsetBytes ?? 0) + (code?.fileBytes ?? 0) + 100);
    const after = await readElfFacts(new MemorySource(bytes), testBudget());
    expect(after.regions.find(({ name }) => name === ".text")).toMatchObject({ padding: { usedBytes: 11 } });
  });

  it("measures what stands behind everything", async () => {
    expect((await factsOf({ overlay: Buffer.from("PK\x03\x04 more") })).overlay).toMatchObject({
      sizeBytes: 9,
      looksLike: "zip",
    });
  });
});
