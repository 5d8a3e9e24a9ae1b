import { describe, expect, it } from "vitest";
import { recogniseUnopened } from "./unopened-container.ts";

const glimpseOf = (bytes: Buffer) => ({ head: bytes, tail: bytes, sizeBytes: bytes.length });

describe("containers that cannot be opened yet", () => {
  it.each([
    ["7z", Buffer.from("377abcaf271c0004", "hex")],
    ["rar", Buffer.from("526172211a0701", "hex")],
    ["rpm", Buffer.from("edabeedb0300", "hex")],
    ["deb", Buffer.from("!<arch>\ndebian-binary   ")],
    ["dmg", Buffer.concat([Buffer.alloc(2000), Buffer.from("koly"), Buffer.alloc(508)])],
    ["lzma", Buffer.from("5d00008000ffffffffffffffff00", "hex")],
    [
      "asar",
      Buffer.concat([Buffer.from("04000000100000000c0000000b000000", "hex"), Buffer.from('{"files":{}}')]),
    ],
    ["nsis", Buffer.concat([Buffer.alloc(4), Buffer.from("efbeadde", "hex"), Buffer.from("NullsoftInst")])],
  ])("are known by their marks: %s", (id, bytes) => {
    expect(recogniseUnopened(glimpseOf(bytes))?.id).toBe(id);
  });

  it("are not seen in plain data, short files, or marks in another place", () => {
    for (const text of ["", "k", "koly", "plain text", "see 7z\xbc\xaf\x27\x1c", "xar", "\xff".repeat(64)])
      expect(recogniseUnopened(glimpseOf(Buffer.from(text, "latin1")))).toBeUndefined();
  });
});
