import { contentOf } from "@sallyport/testkit";
import { describe, expect, it } from "vitest";
import { ALIGNMENT_BYTES, ARM64, buildFat, buildMachO } from "./mach-o.fixture.ts";
import { apple, changed, identify, intel, LITTLE, open, recognise } from "./reading.fixture.ts";

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
