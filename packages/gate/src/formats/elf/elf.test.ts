import { contentOf } from "@sallyport/testkit";
import { describe, expect, it } from "vitest";
import { WIDTHS } from "../word.fixture.ts";
import { BUILD_ID, buildElf } from "./elf.fixture.ts";
import { changed, identify, open, shoff, whole } from "./reading.fixture.ts";

describe("ELF", () => {
  it.each(WIDTHS)("reads what a file says of itself: %o", async (width) => {
    for (const extendedCounts of [false, true]) {
      const bytes = buildElf({ ...width, extendedCounts });
      expect(await identify(bytes)).toEqual({
        product: "demo",
        version: "1.2-3",
        originalName: "libdemo.so.3",
        architecture: width.wide ? "x64" : "x86",
        buildId: BUILD_ID.toString("hex"),
      });
      expect(await open(bytes)).toEqual({ members: [], findings: [] });
    }
  });

  it.each(WIDTHS)("hands out what stands behind the file: %o", async (width) => {
    const overlay = Buffer.from("hsqs and the rest of a file system");
    const { members, findings } = await open(buildElf({ ...width, overlay }));
    expect(findings).toEqual([]);
    expect(members.map(({ name }) => name)).toEqual(["overlay"]);
    const [member] = members;
    expect(member?.range?.offsetInParentBytes).toBe(buildElf(width).length);
    if (member !== undefined) expect(await contentOf(member)).toEqual(overlay);
  });

  it("takes a few zeros behind the file for filling, and a single other byte not", async () => {
    expect(
      (await open(buildElf({ wide: true, littleEndian: true, overlay: Buffer.alloc(8) }))).members,
    ).toEqual([]);
    expect((await open(Buffer.concat([whole, Buffer.from("x")]))).members).toHaveLength(1);
    expect((await open(Buffer.concat([whole, Buffer.alloc(64)]))).members).toHaveLength(1);
  });

  it("lets a section be the headers, or the table of sections, as Guile's linker makes them", async () => {
    const headers = changed((copy: Buffer) => {
      copy.writeUInt32LE(0, shoff + 64 + 24);
      copy.writeUInt32LE(64, shoff + 64 + 32);
    });
    expect((await open(headers)).findings).toEqual([]);
    const table = changed((copy: Buffer) => {
      copy.writeUInt32LE(shoff, shoff + 64 + 24);
      copy.writeUInt32LE(copy.readUInt16LE(60) * 64, shoff + 64 + 32);
    });
    expect((await open(table)).findings).toEqual([]);
  });
});
