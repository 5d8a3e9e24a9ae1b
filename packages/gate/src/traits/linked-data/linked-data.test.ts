import { describe, expect, it } from "vitest";
import { buildElfImage, type ElfImage } from "../../formats/elf/image.fixture.ts";
import { executable } from "../executable/index.ts";
import { compareMembers, portraitOf } from "../trait.fixture.ts";
import type { Risk } from "../trait.ts";
import { linkedData } from "./index.ts";

const ID = "0123456789abcdef";
const IMAGE: ElfImage = { buildId: ID, initialisers: 2, needed: ["libc.so.6"] };

async function compare(before: Buffer, after: Buffer): Promise<[string, Risk][]> {
  const [old, now] = [before, after].map((bytes) =>
    portraitOf([executable], { path: "lib", format: "elf", bytes }),
  );
  return compareMembers(linkedData, await old, await now).map(({ rule, risk }) => [rule, risk]);
}

/** The image with the address in its first relocation moved on, as far as code goes. */
function redirected(image: ElfImage): Buffer {
  const bytes = buildElfImage(image);
  // R_X86_64_RELATIVE.
  const type = Buffer.from("0800000000000000", "hex");
  const at = bytes.indexOf(type, bytes.indexOf("libc.so.6")) + 8;
  bytes.writeBigUInt64LE(bytes.readBigUInt64LE(at) + 16n, at);
  return bytes;
}

describe("data under the same link id", () => {
  it("refuses a constructor that leads elsewhere", async () => {
    expect(await compare(buildElfImage(IMAGE), redirected(IMAGE))).toEqual([
      ["initialiser-redirected", "critical"],
      ["relocations-changed-after-linking", "high"],
    ]);
  });

  it("holds it when nothing says that the file was linked anew", async () => {
    const { buildId: _, ...image } = IMAGE;
    expect(await compare(buildElfImage(image), redirected(image))).toEqual([
      ["initialiser-redirected", "high"],
    ]);
  });

  it("stays quiet about a new link, whatever it leads to", async () => {
    const code = Buffer.alloc(64, 0xc3);
    expect(await compare(buildElfImage(IMAGE), redirected({ ...IMAGE, code, buildId: "ff" }))).toEqual([]);
    expect(await compare(buildElfImage(IMAGE), redirected({ ...IMAGE, buildId: "ff" }))).toEqual([]);
  });

  it("stays quiet about other names of libraries, search paths and comments, which tools rewrite", async () => {
    const after = { ...IMAGE, needed: ["libz.so.6"], comment: "another" };
    expect(await compare(buildElfImage(IMAGE), buildElfImage(after))).toEqual([]);
  });
});
