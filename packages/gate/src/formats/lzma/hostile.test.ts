import { expect, it } from "vitest";
import { SAMPLE_TEXT } from "../sample-text.fixture.ts";
import { flips, walkStream } from "../stream-walk.fixture.ts";
import { lzma } from "./index.ts";
import { sample } from "./sample.fixture.ts";

const whole = sample();

it("reads a decent file without a finding, in pieces of any size", async () => {
  for (const pieceBytes of [1, 7, 1 << 20]) {
    const { members, findings, code } = await walkStream(lzma, whole, { pieceBytes });
    expect({ findings, code }).toEqual({ findings: [], code: "" });
    expect(members).toEqual([{ name: "content", bytes: SAMPLE_TEXT }]);
  }
});

it("answers flipped bytes with findings or our errors only; the format has no checksum", async () => {
  for (const flipped of flips(whole, { count: 300, seed: 13 }))
    await walkStream(lzma, flipped, { limits: { bytes: 1 << 24 } });
});

it("refuses a file that is cut short anywhere", async () => {
  for (let length = 4; length < whole.length; length += 1)
    expect((await walkStream(lzma, whole.subarray(0, length))).code, `cut at ${length}`).toMatch(
      /^artifact\.(?:truncated|malformed)$/,
    );
});

it("reports bytes behind the data", async () => {
  for (const more of [Buffer.from("junk"), Buffer.alloc(9)]) {
    const { findings } = await walkStream(lzma, Buffer.concat([whole, more]));
    expect(findings).toMatchObject([
      { check: "structure", outcome: "fail", facts: { lengthBytes: more.length } },
    ]);
  }
});

it("stops at the budget", async () => {
  expect((await walkStream(lzma, whole, { limits: { bytes: 100 } })).code).toBe("artifact.over-limit");
});

/** The same data with the size in its header. */
function sized(sizeBytes: number): Buffer {
  const bytes = Buffer.from(whole);
  bytes.writeBigUInt64LE(BigInt(sizeBytes), 5);
  return bytes;
}

it("takes a size that is known, with the end mark behind it, and no other", async () => {
  const { members, findings, code } = await walkStream(lzma, sized(SAMPLE_TEXT.length));
  expect({ findings, code }).toEqual({ findings: [], code: "" });
  expect(members[0]?.bytes.equals(SAMPLE_TEXT)).toBe(true);
  for (const wrong of [1, SAMPLE_TEXT.length - 1, SAMPLE_TEXT.length + 1])
    expect((await walkStream(lzma, sized(wrong))).code, String(wrong)).not.toBe("");
});

it("takes no dictionary that is larger than allowed", async () => {
  expect((await walkStream(lzma, whole, { maxHeldBytes: 1 << 20 })).code).toBe("artifact.over-limit");
});

it("takes neither fonts nor pictures nor zeros for its own, which begin alike", () => {
  const recognises = (hex: string) => {
    const head = Buffer.concat([Buffer.from(hex, "hex"), Buffer.alloc(40)]);
    return lzma.recognise({ head, tail: head, sizeBytes: head.length });
  };
  for (const hex of ["0001000000100100", "0000010001002020", "00000000", "0000020000000000", "5d000000"])
    expect(recognises(hex), hex).toBe(false);
  expect(recognises("5d00008000ffffffffffffffff00")).toBe(true);
});
