import { expect, it } from "vitest";
import { flips, walkStream } from "../stream-walk.fixture.ts";
import { bomb, TEXT, whole, zeros } from "./bzip2.fixture.ts";
import { PrefixCode } from "./huffman.ts";
import { bzip2 } from "./index.ts";

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

it("refuses a second stream that is damaged, and reports a checksum that lies", async () => {
  for (let length = 4; length < whole.length; length += 1)
    expect((await walkStream(bzip2, Buffer.concat([zeros, whole.subarray(0, length)]))).code).toBe(
      "artifact.truncated",
    );
  // One of the block, which the file's is made of, and the file's own.
  for (const [at, count] of [
    [10, 2],
    [whole.length - 3, 1],
  ] as const) {
    const lying = Buffer.from(whole);
    lying.writeUInt8(lying.readUInt8(at) ^ 4, at);
    const { findings } = await walkStream(bzip2, lying);
    expect(findings).toHaveLength(count);
    for (const finding of findings) expect(finding).toMatchObject({ check: "structure", outcome: "fail" });
  }
});

it("gives no more of a block than its header allows", async () => {
  // Runs of 259 zeros take five bytes each in the block: 115,831 of them, of which 100,000 are allowed.
  const small = Buffer.from(bomb);
  small.write("1", 3, "latin1");
  expect((await walkStream(bzip2, small)).code).toBe("artifact.malformed");
});
