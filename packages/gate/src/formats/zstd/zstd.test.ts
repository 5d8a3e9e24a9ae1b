import { spawnSync } from "node:child_process";
import { constants, zstdCompressSync } from "node:zlib";
import { expect, it } from "vitest";
import { flips, walkStream } from "../stream-walk.fixture.ts";
import { zstd } from "./index.ts";

const text = Buffer.from("what a Zstandard file holds ".repeat(500));
const whole = zstdCompressSync(text, { params: { [constants.ZSTD_c_checksumFlag]: 1 } });

function skippable(length: number): Buffer {
  const head = Buffer.alloc(8);
  head.writeUInt32LE(0x184d2a57, 0);
  head.writeUInt32LE(length, 4);
  return Buffer.concat([head, Buffer.alloc(length, "x")]);
}

it("reads a decent file without a finding, in pieces of any size", async () => {
  for (const pieceBytes of [1, 7, 1000, 1 << 20]) {
    const { members, findings, code } = await walkStream(zstd, whole, { pieceBytes });
    expect({ findings, code }).toEqual({ findings: [], code: "" });
    expect(members).toEqual([{ name: "content", bytes: text }]);
  }
});

it("joins frames and passes over skippable ones, as zstd(1) does", async () => {
  const joined = Buffer.concat([skippable(12), whole, zstdCompressSync(""), skippable(0), whole]);
  const { members, findings, code } = await walkStream(zstd, joined);
  expect({ findings, code }).toEqual({ findings: [], code: "" });
  expect(members[0]?.bytes.equals(Buffer.concat([text, text]))).toBe(true);
});

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

it("reads what zstd(1) writes", async ({ skip }) => {
  for (const flag of ["-1", "-19", "--no-check"]) {
    const made = spawnSync("zstd", ["-c", flag], { input: text });
    if (made.error) skip("zstd is not installed here");
    const { members, findings, code } = await walkStream(zstd, made.stdout);
    expect({ findings, code }).toEqual({ findings: [], code: "" });
    expect(members[0]?.bytes.equals(text)).toBe(true);
  }
});
