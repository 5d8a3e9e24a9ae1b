import { expect, it } from "vitest";
import { SAMPLE_TEXT } from "../sample-text.fixture.ts";
import { flips, walkStream } from "../stream-walk.fixture.ts";
import { lz4 } from "./index.ts";
import { sample } from "./sample.fixture.ts";
import { XxHash32 } from "./xxhash.ts";

const whole = sample();

it("reads a decent file without a finding, in pieces of any size", async () => {
  for (const pieceBytes of [1, 7, 1 << 20]) {
    const { members, findings, code } = await walkStream(lz4, whole, { pieceBytes });
    expect({ findings, code }).toEqual({ findings: [], code: "" });
    expect(members).toEqual([{ name: "content", bytes: SAMPLE_TEXT }]);
  }
});

it("answers flipped bytes with findings or our errors, and never with other content in silence", async () => {
  for (const flipped of flips(whole, { count: 300, seed: 16 })) {
    const { members, findings, code } = await walkStream(lz4, flipped, { limits: { bytes: 1 << 24 } });
    if (code === "" && findings.length === 0) expect(members[0]?.bytes.equals(SAMPLE_TEXT)).toBe(true);
  }
});

it("refuses a file that is cut short anywhere", async () => {
  for (let length = 4; length < whole.length; length += 1)
    expect((await walkStream(lz4, whole.subarray(0, length))).code, `cut at ${length}`).toMatch(
      /^artifact\.(?:truncated|malformed)$/,
    );
});

it("reports bytes behind the data", async () => {
  for (const more of [Buffer.from("junk"), Buffer.alloc(9)]) {
    const { findings } = await walkStream(lz4, Buffer.concat([whole, more]));
    expect(findings).toMatchObject([
      { check: "structure", outcome: "fail", facts: { lengthBytes: more.length } },
    ]);
  }
});

it("stops at the budget", async () => {
  expect((await walkStream(lz4, whole, { limits: { bytes: 100 } })).code).toBe("artifact.over-limit");
});

const skippable = (length: number): Buffer => {
  const head = Buffer.alloc(8);
  head.writeUInt32LE(0x184d2a5e, 0);
  head.writeUInt32LE(length, 4);
  return Buffer.concat([head, Buffer.alloc(length, "x")]);
};

it("joins frames and passes over skippable ones, and reports large ones", async () => {
  const joined = await walkStream(lz4, Buffer.concat([whole, skippable(12), whole]));
  expect({ findings: joined.findings, code: joined.code }).toEqual({ findings: [], code: "" });
  expect(joined.members[0]?.bytes.equals(Buffer.concat([SAMPLE_TEXT, SAMPLE_TEXT]))).toBe(true);
  const large = await walkStream(lz4, Buffer.concat([whole, skippable(100_000)]));
  expect(large.findings).toMatchObject([{ check: "structure", outcome: "fail" }]);
});

/** By `lz4 -l` 1.9.4. */
const legacy = Buffer.from(
  "AiFMGDUAAAD/CWEgaGFybWxlc3MgbGluZSBvZiB0ZXh0ChgA////////////////////////olB0ZXh0Cg==",
  "base64",
);
it("reads the legacy frames of kernels", async () => {
  expect(lz4.recognise({ head: legacy, tail: legacy, sizeBytes: legacy.length })).toBe(true);
  for (const bytes of [legacy, Buffer.concat([legacy, legacy])]) {
    const { members, findings, code } = await walkStream(lz4, bytes);
    expect({ findings, code }).toEqual({ findings: [], code: "" });
    expect(members[0]?.bytes.subarray(0, SAMPLE_TEXT.length).equals(SAMPLE_TEXT)).toBe(true);
  }
});

it("refuses headers with reserved bits, another version, a false checksum, or a dictionary", async () => {
  const header = (flags: number, block: number, checksum?: number) => {
    const fixed = Buffer.from([flags, block, ...((flags & 1) === 0 ? [] : [1, 0, 0, 0])]);
    const sum = checksum ?? (new XxHash32().update(fixed).digest() >>> 8) & 0xff;
    return walkStream(lz4, Buffer.concat([whole.subarray(0, 4), fixed, Buffer.from([sum, 0, 0, 0, 0])]));
  };
  expect((await header(0x60, 0x40)).code).toBe("");
  for (const [flags, block] of [
    [0x20, 0x40],
    [0xa0, 0x40],
    [0x62, 0x40],
    [0x60, 0x30],
    [0x60, 0xc0],
    [0x60, 0x41],
  ] as const)
    expect((await header(flags, block)).code).toBe("artifact.malformed");
  expect((await header(0x60, 0x40, 0)).code).toBe("artifact.malformed");
  expect((await header(0x61, 0x40)).code).toBe("artifact.unsupported");
});

const block = (hex: string): Promise<Awaited<ReturnType<typeof walkStream>>> => {
  const data = Buffer.from(hex, "hex");
  const head = Buffer.from("04224d186040820000000000", "hex").subarray(0, 7);
  const size = Buffer.alloc(4);
  size.writeUInt32LE(data.length, 0);
  return walkStream(lz4, Buffer.concat([head, size, data, Buffer.alloc(4)]));
};
it.each([
  ["a match before the start", "1061020000"],
  ["a match of no distance", "1061000000"],
  ["more literals than there are", "f0ff61"],
  ["a length that does not end", "f0ffff"],
  ["no literals at the end", "00010000"],
  ["half an offset", "106101"],
])("refuses a block with %s", async (_, hex) => {
  expect((await block(hex)).code).toBe("artifact.malformed");
});

it("takes no more out of a block than its frame allows", async () => {
  const bomb = `1f610100${"ff".repeat(300)}00`;
  expect((await block(bomb)).code).toBe("artifact.malformed");
  expect((await walkStream(lz4, whole, { maxHeldBytes: 1000 })).code).toBe("artifact.over-limit");
});

it("knows the checksum's published values", () => {
  // xxHash's own test values for seed 0.
  expect(new XxHash32().digest()).toBe(0x02cc5d05);
  expect(new XxHash32().update(Buffer.from("abc")).digest()).toBe(0x32d153ff);
  const text = Buffer.from("Nobody inspects the spammish repetition");
  expect(new XxHash32().update(text).digest()).toBe(0xe2293b2f);
  const pieces = new XxHash32();
  for (const byte of text) pieces.update(Buffer.from([byte]));
  expect(pieces.digest()).toBe(0xe2293b2f);
});
