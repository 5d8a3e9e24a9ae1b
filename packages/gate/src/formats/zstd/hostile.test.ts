import { constants, zstdCompressSync } from "node:zlib";
import { expect, it } from "vitest";
import { flips, walkStream } from "../stream-walk.fixture.ts";
import { zstd } from "./index.ts";
import { skippable, text, whole } from "./zstd.fixture.ts";

it("reports bytes after the data and large skippable frames", async () => {
  for (const more of [Buffer.from("junk"), Buffer.alloc(9), skippable(100_000)]) {
    const { findings } = await walkStream(zstd, Buffer.concat([whole, more]));
    expect(findings).toMatchObject([{ check: "structure", outcome: "fail" }]);
  }
});

it("refuses a file cut short anywhere but between frames, or reports the piece of a mark", async () => {
  const joined = Buffer.concat([skippable(3), whole]);
  for (let length = 4; length < joined.length; length += 1) {
    const { code, findings } = await walkStream(zstd, joined.subarray(0, length));
    if (length > 11 && length < 15) expect(findings, `cut at ${length}`).toHaveLength(1);
    else if (length !== 11) expect(code, `cut at ${length}`).toBe("artifact.truncated");
  }
});

it("answers flipped bytes with findings or our errors, and never with other content in silence", async () => {
  for (const flipped of flips(whole, { count: 300, seed: 8878 })) {
    const { members, findings, code } = await walkStream(zstd, flipped);
    if (code === "" && findings.length === 0) expect(members[0]?.bytes.equals(text)).toBe(true);
  }
});

it("refuses a window larger than allowed before it is taken, and says how large", async () => {
  const wide = zstdCompressSync(Buffer.alloc(40 << 20), {
    params: { [constants.ZSTD_c_windowLog]: 25, [constants.ZSTD_c_contentSizeFlag]: 0 },
  });
  const { code, message, spentBytes } = await walkStream(zstd, wide, { maxHeldBytes: 1 << 20 });
  expect({ code, spentBytes }).toEqual({ code: "artifact.over-limit", spentBytes: 0 });
  expect(message).toContain(String(1 << 25));
});

it("does not believe a frame that gives a size beyond all memory", async () => {
  const frame = Buffer.from("28b52ffde0ffffffffffff1f00010000", "hex");
  expect((await walkStream(zstd, frame)).code).toBe("artifact.over-limit");
  frame.fill(0xff, 5, 13);
  expect((await walkStream(zstd, frame)).code).toBe("artifact.malformed");
});

it("says that dictionaries are not supported", async () => {
  const frame = Buffer.from("28b52ffd010058010000", "hex");
  frame[5] = 0x58;
  frame[6] = 7;
  expect((await walkStream(zstd, frame)).code).toBe("artifact.unsupported");
});

it("stops a bomb at the budget", async () => {
  const bomb = zstdCompressSync(Buffer.alloc(64 << 20));
  const { code, spentBytes } = await walkStream(zstd, bomb, { limits: { bytes: 1 << 20 } });
  expect(code).toBe("artifact.over-limit");
  expect(spentBytes).toBeLessThan(3 << 20);
});

it("reports a size that the frame's content does not have", async () => {
  // §3.1.1.1.4: two bytes hold the size less 256, and one segment may be larger than its window.
  const lying = zstdCompressSync(Buffer.alloc(300, "x"));
  expect(lying.readUInt8(4)).toBe(0x60);
  lying.writeUInt16LE(lying.readUInt16LE(5) + 1, 5);
  const { findings, code } = await walkStream(zstd, lying);
  expect(code !== "" || findings.length > 0).toBe(true);
});

it("refuses a checksum that lies, reserved bits and reserved kinds of blocks", async () => {
  const lying = Buffer.from(whole);
  lying.writeUInt8(lying.readUInt8(whole.length - 1) ^ 1, whole.length - 1);
  expect((await walkStream(zstd, lying)).code).toBe("artifact.malformed");
  const reserved = Buffer.from(whole);
  reserved.writeUInt8(reserved.readUInt8(4) | 8, 4);
  expect((await walkStream(zstd, reserved)).code).toBe("artifact.malformed");
  expect((await walkStream(zstd, Buffer.from("28b52ffd2001070000", "hex"))).code).toBe("artifact.malformed");
});
