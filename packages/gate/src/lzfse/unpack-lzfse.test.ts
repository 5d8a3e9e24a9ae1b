import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { debianProgram, hasApt, NO_APT } from "@sallyport/testkit";
import { describe, expect, it } from "vitest";
import { buildDmg } from "../formats/dmg/dmg.fixture.ts";
import { RUN } from "../formats/dmg/partitions.ts";
import { END, lzvnBlock, packEntropy, stored } from "./lzfse.fixture.ts";
import { unpackLzfse } from "./unpack-lzfse.ts";

const hex = (text: string) => Buffer.from(text.replaceAll(/\s/g, ""), "hex");
const literal = (text: string) => Buffer.concat([Buffer.from([0xe0 + text.length]), Buffer.from(text)]);

/** What 7-Zip, whose decoder is Apple's, reads of the same bytes as the only run of a disk image. It complains of the end. */
async function readBySevenZip(packed: Buffer, content: Buffer): Promise<Buffer> {
  const program = await debianProgram("7zip", { file: "usr/bin/7zz", needs: ["libstdc++6", "libgcc-s1"] });
  const image = buildDmg({ partitions: [{ runs: [{ kind: RUN.lzfse, content, packed }] }] });
  const folder = mkdtempSync(join(tmpdir(), "sallyport-lzfse-"));
  try {
    writeFileSync(join(folder, "image.dmg"), image);
    const options = { cwd: folder, env: program.env, maxBuffer: 1024 ** 3 };
    return spawnSync(program.path, ["x", "-so", "-tdmg", "image.dmg"], options).stdout;
  } finally {
    rmSync(folder, { recursive: true });
  }
}

const text = Buffer.alloc(512 * 400, "some words that are said again and again, ");
for (let at = 0; at < text.length; at += 97)
  text.writeUInt32LE((at * 2654435761) % 2 ** 32, Math.min(at, text.length - 4));

describe("LZFSE", () => {
  it("unpacks what macOS packs", () => {
    // Of `compression_encode_buffer` in macOS 26.4; libfsapfs, tests/fsapfs_test_compression.c.
    const packed = hex(
      `6276786e8403000044000000e010546865207175 69636b2062726f776e20666f78206a756d7073206f76657220
       74001fea6c617a7920646f672e20382df0fff0fff0fff00ee22e200600000000000000 62767824`,
    );
    const sentence = "The quick brown fox jumps over the lazy dog. ";
    expect(unpackLzfse(packed, 900).toString()).toBe(sentence.repeat(20));
  });

  it.skipIf(!hasApt()).each<[string, Buffer, Buffer]>([
    ["entropy blocks", packEntropy(text), text],
    ["one short entropy block", packEntropy(Buffer.alloc(512, "ab")), Buffer.alloc(512, "ab")],
    [
      "LZVN",
      Buffer.concat([
        lzvnBlock(
          Buffer.concat([
            literal("abcdefgh"),
            hex("88 08 58 59"), // 2 literals follow, 4 of small distance 8
            hex("a4 20 00"), // medium: 19 from 8 back
            hex("07 0800"), // large: 3 from 8 back
            hex("46 5a"), // one literal, 3 from the distance before
            hex("f5 f0ff"), // 5 more, 271 more
            hex("e0 b0"),
            Buffer.alloc(192, "0123456789"),
            hex("0e 16"), // nothing
            literal("x"),
          ]),
          509,
        ),
        stored(Buffer.from("end")),
        END,
      ]),
      Buffer.alloc(0),
    ],
  ])(
    `unpacks %s as 7-Zip does (${NO_APT} otherwise)`,
    async (_, packed, content) => {
      const own = unpackLzfse(packed, content.length || 512);
      if (content.length > 0) expect(own.equals(content)).toBe(true);
      expect((await readBySevenZip(packed, own)).equals(own)).toBe(true);
    },
    300_000,
  );

  it("joins stored blocks", () => {
    const packed = Buffer.concat([stored(text.subarray(0, 500)), stored(text.subarray(500, 512)), END]);
    expect(unpackLzfse(packed, 512).equals(text.subarray(0, 512))).toBe(true);
  });

  it("takes zeros behind its end for filling, and nothing else", () => {
    const packed = Buffer.concat([stored(Buffer.from("a")), END, Buffer.alloc(9)]);
    expect(unpackLzfse(packed, 1).toString()).toBe("a");
    packed.writeUInt8(1, packed.length - 1);
    expect(() => unpackLzfse(packed, 1)).toThrowError(/behind its end/);
  });

  it.each<[string, Buffer, number]>([
    ["nothing", Buffer.alloc(0), 1],
    ["no end", stored(Buffer.from("abcdefgh")), 8],
    ["more than it should", Buffer.concat([stored(Buffer.from("ab")), END]), 1],
    ["less than it should", Buffer.concat([stored(Buffer.from("ab")), END]), 3],
    ["an unknown block", Buffer.from("bvx?            "), 1],
    ["a block with plain tables", Buffer.concat([Buffer.from("bvx1\u0001\0\0\0"), Buffer.alloc(800)]), 1],
    ["LZVN that looks back before its beginning", Buffer.concat([lzvnBlock(hex("0008"), 3), END]), 3],
    ["LZVN without its end", Buffer.concat([lzvnBlock(hex("e1 61 06"), 1), END]), 1],
    ["an opcode that is not defined", Buffer.concat([lzvnBlock(hex("70 00"), 1), END]), 1],
  ])("refuses %s", (_, packed, sizeBytes) => {
    expect(() => unpackLzfse(packed, sizeBytes)).toThrowError(
      expect.objectContaining({
        code: expect.stringMatching(/^artifact\.(?:malformed|truncated|unsupported)$/),
      }),
    );
  });

  it("ends in our errors with any byte changed, and where it is cut", () => {
    const content = text.subarray(0, 4096);
    const packed = packEntropy(content);
    for (let at = 0; at < packed.length; at += 1) {
      const copy = Buffer.from(packed);
      copy.writeUInt8(copy.readUInt8(at) ^ 0x55, at);
      for (const bytes of [copy, packed.subarray(0, at)])
        try {
          expect(unpackLzfse(bytes, content.length)).toHaveLength(content.length);
        } catch (error) {
          expect(error).toMatchObject({ code: expect.stringMatching(/^artifact\./) });
        }
    }
  });
});
