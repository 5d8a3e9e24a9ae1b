import { Budget, DEFAULT_LIMITS } from "@sallyport/core";
import { contentOf } from "@sallyport/testkit";
import { describe, expect, it } from "vitest";
import { ALIGNMENT_BYTES, ARM64, buildFat, buildMachO } from "./mach-o.fixture.ts";
import { apple, changed, identify, intel, LITTLE, lie, open, recognise, whole } from "./reading.fixture.ts";

describe("universal files", () => {
  it.each([false, true])("hand out each slice with its place, 64-bit table: %s", async (wide) => {
    const bytes = buildFat([intel, apple], { wide, overlay: Buffer.from("behind all slices") });
    const { members, findings } = await open(bytes);
    expect(findings).toEqual([]);
    expect(members.map(({ name }) => name)).toEqual(["x86_64", "arm64", "overlay"]);
    expect(members.map(({ range }) => range?.offsetInParentBytes)).toEqual([
      ALIGNMENT_BYTES,
      ALIGNMENT_BYTES * 2,
      ALIGNMENT_BYTES * 2 + apple.bytes.length,
    ]);
    for (const [index, expected] of [intel, apple].entries()) {
      const member = members[index];
      if (member !== undefined) expect(await contentOf(member)).toEqual(expected.bytes);
    }
  });

  it("say what all their slices say alike", async () => {
    expect(await identify(buildFat([intel, apple]))).toEqual({
      version: "1.2.3",
      originalName: "@rpath/libdemo.dylib",
      architecture: "x64+arm64",
    });
    const newer = { cpu: ARM64, bytes: buildMachO({ ...LITTLE, cpu: ARM64, libraryVersion: 0x0002_0000 }) };
    expect(await identify(buildFat([intel, newer]))).not.toHaveProperty("version");
  });

  it.each([
    [
      "bytes behind the table",
      buildFat([intel, apple], { gap: Buffer.from("hidden") }),
      "between the slices",
    ],
    [
      "bytes between slices",
      changed((copy) => copy.write("hide", ALIGNMENT_BYTES + whole.length), buildFat([intel, apple])),
      "between the slices",
    ],
    [
      "slices that share bytes",
      buildFat([intel, { ...apple, at: ALIGNMENT_BYTES + 64 }]),
      "share the same bytes",
    ],
    ["a slice inside the table", buildFat([intel, { ...apple, at: 16 }]), "inside the table"],
    ["a slice for another processor", buildFat([intel, { cpu: ARM64, bytes: whole }]), "another processor"],
    ["two slices for one processor", buildFat([intel, intel]), "for the same processor"],
    [
      "a slice that is no program",
      buildFat([intel, { cpu: ARM64, bytes: Buffer.alloc(64, 0x41) }]),
      "neither a program",
    ],
    [
      "a universal file inside another",
      buildFat([intel, { cpu: ARM64, bytes: buildFat([apple]) }]),
      "neither a program",
    ],
  ])("report %s", async (_, bytes, because) => {
    expect((await open(bytes)).findings).toContainEqual(lie(because));
  });

  it.each([
    ["past the end", buildFat([intel, { ...apple, at: 0x7fff_0000 }])],
    ["beyond 2^53", buildFat([intel, { ...apple, at: 2 ** 60 }], { wide: true })],
  ])("are cut short with a slice %s", async (_, bytes) => {
    expect((await open(bytes)).findings).toContainEqual(
      expect.objectContaining({
        check: "opened",
        outcome: "unknown",
        because: expect.stringContaining("past the end"),
      }),
    );
  });

  it("may hold static libraries", async () => {
    const archive = { cpu: ARM64, bytes: Buffer.from("!<arch>\nand objects") };
    expect((await open(buildFat([intel, archive]))).findings).toEqual([]);
  });

  it("name twin slices apart", async () => {
    expect((await open(buildFat([intel, intel]))).members.map(({ name }) => name)).toEqual([
      "x86_64",
      "x86_64-2",
    ]);
  });

  it.each([0, 205, 0x7fff_ffff])("are refused when they count %i slices", async (count) => {
    const bytes = changed((copy) => copy.writeUInt32BE(count, 4), buildFat([intel]));
    expect(recognise(bytes)).toBe(true);
    await expect(open(bytes)).rejects.toMatchObject({ code: "artifact.malformed" });
  });

  it("stop looking for hidden bytes when the time is up", async () => {
    let now = 0;
    const budget = new Budget({ ...DEFAULT_LIMITS, milliseconds: 5 }, () => now);
    now = 6;
    await expect(open(buildFat([intel, apple]), budget)).rejects.toMatchObject({
      code: "artifact.over-limit",
    });
  });

  it("are told from Java classes, which begin alike", () => {
    // Version 52, 29 constants, the first of them a Methodref.
    const javaClass = Buffer.concat([
      Buffer.from("cafebabe00000034001d0a0006000f09", "hex"),
      Buffer.alloc(2000, 7),
    ]);
    expect(recognise(javaClass)).toBe(false);
    expect(recognise(changed((copy) => copy.writeUInt16BE(0xffff, 4), javaClass))).toBe(false);
    // The kernel would find the slice behind 51 rows that mean nothing to it.
    const slice = Buffer.from("0100000700000003000008000000001000000000", "hex");
    expect(recognise(changed((copy) => slice.copy(copy, 8 + 51 * 20), javaClass))).toBe(false);
    const both = changed(
      (copy) => slice.copy(copy, 8 + 51 * 20),
      Buffer.concat([javaClass, Buffer.alloc(100)]),
    );
    expect(recognise(both)).toBe(true);
  });
});
