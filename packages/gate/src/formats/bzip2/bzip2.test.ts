import { spawnSync } from "node:child_process";
import { randomBytes } from "node:crypto";
import { expect, it } from "vitest";
import { flips, walkStream } from "../stream-walk.fixture.ts";
import { PrefixCode } from "./huffman.ts";
import { bzip2 } from "./index.ts";

const TEXT = "what a bzip2 file holds, what a bzip2 file holds, twice\n";
/** Made from the text above by `bzip2 -9` 1.0.8; so are the two below. */
const whole = Buffer.from(
  "QlpoOTFBWSZTWbG2W0cAABpZgAAQQAQQAD9kzJAgAFREDEMmTAVVPU0aaDTamlpVVUVSlZdD3C8KPkIlllwshlhsIiQoXckU4UJCxtltHA==",
  "base64",
);
/** 300 zeros. */
const zeros = Buffer.from("QlpoOTFBWSZTWUvxLK0AAADQAMAAACAACCAAISZBmKgOLuSKcKEgl+JZWg==", "base64");
/** Nothing. */
const empty = Buffer.from("QlpoORdyRThQkAAAAAA=", "base64");
/** 6,000,000 zeros. */
const bomb = Buffer.from("QlpoOTFBWSZTWQMX4uIALfTBAMAAAgAACCAAMMwJqmmUgRbVJAi8XckU4UJADF+LiA==", "base64");

it("reads a decent file without a finding, in pieces of any size", async () => {
  for (const pieceBytes of [1, 7, 1 << 20]) {
    const { members, findings, code } = await walkStream(bzip2, whole, { pieceBytes });
    expect({ findings, code }).toEqual({ findings: [], code: "" });
    expect(members).toEqual([{ name: "content", bytes: Buffer.from(TEXT) }]);
  }
});

it("joins streams, as bzip2(1) does", async () => {
  for (const pieceBytes of [1, 1 << 20]) {
    const joined = Buffer.concat([empty, zeros, whole, empty, whole, Buffer.alloc(9)]);
    const { members, findings, code } = await walkStream(bzip2, joined, { pieceBytes });
    expect({ findings, code }).toEqual({ findings: [], code: "" });
    expect(members[0]?.bytes.toString()).toBe("\0".repeat(300) + TEXT + TEXT);
  }
});

it("reports bytes after the data", async () => {
  for (const junk of ["junk", "\0\0\0\0junk", "BZh", "B"]) {
    const { findings } = await walkStream(bzip2, Buffer.concat([whole, Buffer.from(junk)]));
    expect(findings).toMatchObject([
      { check: "structure", outcome: "fail", facts: { lengthBytes: junk.length } },
    ]);
  }
});

it("refuses a file cut short anywhere", async () => {
  for (const bytes of [whole, zeros])
    for (let length = 0; length < bytes.length; length += 1)
      expect((await walkStream(bzip2, bytes.subarray(0, length))).code, `cut at ${length}`).toBe(
        "artifact.truncated",
      );
});

it("answers flipped bytes with findings or our errors, and never with other content in silence", async () => {
  for (const flipped of flips(whole, { count: 500, seed: 1996 })) {
    const { members, findings, code } = await walkStream(bzip2, flipped);
    if (code === "" && findings.length === 0) expect(members[0]?.bytes.toString()).toBe(TEXT);
  }
});

it("refuses codes that two decoders would read differently, and blocks beyond memory", async () => {
  expect(() => new PrefixCode([1, 1, 1])).toThrow("damaged");
  const randomised = Buffer.from(whole);
  randomised.writeUInt8(randomised.readUInt8(14) | 0x80, 14);
  expect((await walkStream(bzip2, randomised)).code).toBe("artifact.unsupported");
  const { code, message } = await walkStream(bzip2, whole, { maxHeldBytes: 1 << 20 });
  expect(code).toBe("artifact.over-limit");
  expect(message).toContain("13600000");
});

it("bounds a block whose tables never end", async () => {
  // Length steps that go up and down for ever: 11 is one down, 10 one up.
  const endless = Buffer.concat([whole.subarray(0, 24), Buffer.alloc(4 << 20, 0b10111011)]);
  const { code } = await walkStream(bzip2, endless);
  expect(["artifact.malformed", "artifact.over-limit"]).toContain(code);
});

it("stops a bomb at the budget", async () => {
  const { members } = await walkStream(bzip2, bomb);
  expect(members[0]?.bytes.equals(Buffer.alloc(6_000_000))).toBe(true);
  const { code, spentBytes } = await walkStream(bzip2, bomb, { limits: { bytes: 1 << 20 } });
  expect(code).toBe("artifact.over-limit");
  expect(spentBytes).toBeLessThan(2 << 20);
});

it("reads what bzip2(1) writes, of one block and of many", async ({ skip }) => {
  const runs = Array.from({ length: 300 }, (_, at) => String.fromCharCode(97 + (at % 7)).repeat(at));
  const input = Buffer.concat([
    Buffer.from(TEXT.repeat(9_000)),
    randomBytes(300_000),
    Buffer.from(runs.join("")),
  ]);
  for (const flag of ["-1", "-9"]) {
    const made = spawnSync("bzip2", ["-c", flag], { input, maxBuffer: 1 << 25 });
    if (made.error) skip("bzip2 is not installed here");
    const { members, findings, code } = await walkStream(bzip2, made.stdout);
    expect({ findings, code }).toEqual({ findings: [], code: "" });
    expect(members[0]?.bytes.equals(input)).toBe(true);
  }
});
