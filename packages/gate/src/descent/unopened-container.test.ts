import { describe, expect, it } from "vitest";
import { HEAD_BYTES, TAIL_BYTES } from "../formats/format.ts";
import { findUnopened } from "./unopened-container.ts";

const find = (bytes: Buffer) =>
  findUnopened({
    head: bytes.subarray(0, HEAD_BYTES),
    tail: bytes.subarray(Math.max(0, bytes.length - TAIL_BYTES)),
    sizeBytes: bytes.length,
  });

describe("containers that cannot be opened yet", () => {
  it.each(["ISc(\0\0", "InstallShield\0\x07\0", "ISSetupStream\0\x01"])(
    "are known by their marks: InstallShield, %j",
    (text) => {
      expect(find(Buffer.from(text, "latin1"))?.id).toBe("installshield");
    },
  );

  it.each([
    ["exfat", "\xeb\x76\x90EXFAT   \0"],
    ["luks", "LUKS\xba\xbe\0\x02"],
    ["erofs", `${"\0".repeat(1024)}\xe2\xe1\xf5\xe0`],
    ["ace", "\0\0\x31\0\0\0\0**ACE**\x14"],
  ])("are known by their marks: %s", (id, text) => {
    expect(find(Buffer.from(text, "latin1"))?.id).toBe(id);
  });

  it("are known at their end as well", () => {
    const data = Buffer.concat([
      Buffer.alloc(500, 1),
      Buffer.from("MEI\x0c\x0b\x0a\x0b\x0e", "latin1"),
      Buffer.alloc(80),
    ]);
    expect(find(data)?.id).toBe("pyinstaller");
    expect(find(Buffer.concat([data, Buffer.alloc(1)]))).toBeUndefined();
  });

  it("are not seen in plain data, short files, or marks in another place", () => {
    for (const text of [
      "",
      "k",
      "koly",
      "plain text",
      "see ISc(",
      "InstallShield is a product",
      "xar",
      "\xff".repeat(64),
    ])
      expect(find(Buffer.from(text, "latin1"))).toBeUndefined();
  });
});
