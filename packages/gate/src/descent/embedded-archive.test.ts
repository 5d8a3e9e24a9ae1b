import { crc32 } from "node:zlib";
import { MemorySource } from "@sallyport/core";
import { describe, expect, it } from "vitest";
import { findEmbeddedArchive } from "./embedded-archive.ts";
import { walk } from "./walk.fixture.ts";

/** One file of six bytes, made by 7-Zip 16.02. */
const sevenZip = Buffer.from(
  "N3q8ryccAAQoKXvyCgAAAAAAAABSAAAAAAAAAIPdr3kBAAVoZWxsbwoAAQQGAAEJCgAHCwEAASEhAQAMBgAICgEgMDo2AAAFARkMAAAAAAAAAAAAAAAAEQ0AYQAuAHQAeAB0AAAAFAoBABQHwrLrfN0BFQYBACCApIEAAA==",
  "base64",
);
const picture = Buffer.concat([Buffer.from("ffd8ffe000104a464946", "hex"), Buffer.alloc(70_000, 0x55)]);

const rar4 = (flip = 0): Buffer => {
  const header = Buffer.from("00007300000d00000000000000", "hex");
  header.writeUInt16LE((crc32(header.subarray(2)) ^ flip) & 0xffff, 0);
  return Buffer.concat([Buffer.from("526172211a0700", "hex"), header]);
};
const rar5 = (flip = 0): Buffer => {
  const header = Buffer.from("030100", "hex");
  const rest = Buffer.concat([Buffer.from([header.length]), header]);
  const sum = Buffer.alloc(4);
  sum.writeUInt32LE((crc32(rest) ^ flip) >>> 0);
  return Buffer.concat([Buffer.from("526172211a070100", "hex"), sum, rest, Buffer.alloc(20)]);
};

const find = (...parts: Buffer[]) => findEmbeddedArchive(new MemorySource(Buffer.concat(parts)));

describe("archives behind other bytes", () => {
  it("are opened as what 7-Zip would see", async () => {
    const { members, bad } = await walk(Buffer.concat([picture, sevenZip, Buffer.from("and more")]));
    expect(bad).toEqual([]);
    expect([...members.values()].map(({ path, format }) => `${path} ${format}`).sort()).toEqual([
      " data",
      "[archive at 70010] 7z",
      "[archive at 70010]/a.txt data",
    ]);
  });

  it.each([rar4, rar5])("are found by a header with its checksum: RAR", async (build) => {
    expect(await find(picture, build())).toMatchObject({ offsetBytes: picture.length });
    expect(await find(picture, build(1), build())).toMatchObject({
      offsetBytes: picture.length + build().length,
    });
    expect(await find(picture, build(1))).toBeUndefined();
  });

  it("are none where only their marks stand, however many", async () => {
    const marks = ["377abcaf271c00", "526172211a0700", "526172211a070100"].map((mark) =>
      Buffer.from(mark, "hex"),
    );
    expect(await find(picture, ...marks, Buffer.alloc(40))).toBeUndefined();
    expect(await find(picture, ...Array.from({ length: 5000 }, () => Buffer.concat(marks)))).toBeUndefined();
    expect(await find(Buffer.from("x"))).toBeUndefined();
  });

  it("are none when their end is not in the file", async () => {
    expect(await find(picture, sevenZip.subarray(0, -1))).toBeUndefined();
  });
});
