import { expect, it } from "vitest";
import { SAMPLE_TEXT } from "../sample-text.fixture.ts";
import { flips, walkStream } from "../stream-walk.fixture.ts";
import { compress } from "./index.ts";
import { sample } from "./sample.fixture.ts";

const whole = sample();

it("reads a decent file without a finding, in pieces of any size", async () => {
  for (const pieceBytes of [1, 7, 1 << 20]) {
    const { members, findings, code } = await walkStream(compress, whole, { pieceBytes });
    expect({ findings, code }).toEqual({ findings: [], code: "" });
    expect(members).toEqual([{ name: "content", bytes: SAMPLE_TEXT }]);
  }
});

it("answers flipped bytes with findings or our errors only; the format has no checksum", async () => {
  for (const flipped of flips(whole, { count: 300, seed: 15 }))
    await walkStream(compress, flipped, { limits: { bytes: 1 << 24 } });
});

it("stops at the budget", async () => {
  expect((await walkStream(compress, whole, { limits: { bytes: 100 } })).code).toBe("artifact.over-limit");
});

it("refuses a header with reserved flags or impossible codes", async () => {
  for (const flags of [0xb0, 0xd0, 0x88, 0x91, 0x80]) {
    const wrong = Buffer.from(whole);
    wrong.writeUInt8(flags, 2);
    expect((await walkStream(compress, wrong)).code).toBe("artifact.malformed");
    expect(compress.recognise({ head: wrong, tail: wrong, sizeBytes: wrong.length })).toBe(false);
  }
});

it("refuses codes that stand for nothing yet", async () => {
  for (const hex of ["1f9d90ffff", "1f9d90000402", "1f9d9061fe03"])
    expect((await walkStream(compress, Buffer.from(hex, "hex"))).code, hex).toBe("artifact.malformed");
});

it("ends with whole codes wherever it is cut, and refuses bits that are left over", async () => {
  for (let length = 4; length < whole.length; length += 1) {
    const { members, code } = await walkStream(compress, whole.subarray(0, length));
    if (code === "")
      expect(
        SAMPLE_TEXT.subarray(0, members[0]?.bytes.length).equals(members[0]?.bytes ?? Buffer.alloc(0)),
      ).toBe(true);
    else expect(code).toBe("artifact.malformed");
  }
});

it("bounds what one group of codes may become", async () => {
  // Each code stands for the string before it and one byte more.
  const codes = [0x61, ...Array.from({ length: 60_000 }, (_, at) => 257 + at)];
  const { members, code, spentBytes } = await walkStream(compress, pack(codes), {
    limits: { bytes: 1 << 22 },
  });
  expect({ code, count: members.length }).toEqual({ code: "artifact.over-limit", count: 0 });
  expect(spentBytes).toBeLessThan(3 << 22);
});

/** Codes of growing length, in groups of eight. */
function pack(codes: readonly number[]): Buffer {
  const out: number[] = [0x1f, 0x9d, 0x90];
  let bits = 9;
  let group: number[] = [];
  let free = 257;
  const flush = () => {
    const bytes = Buffer.alloc(bits);
    for (const [at, code] of group.entries())
      for (let bit = 0; bit < bits; bit += 1) {
        const place = at * bits + bit;
        if ((code >> bit) & 1) bytes[place >> 3] = (bytes[place >> 3] ?? 0) | (1 << (place & 7));
      }
    out.push(...bytes);
    group = [];
  };
  for (const [at, code] of codes.entries()) {
    group.push(code);
    if (at > 0 && free < 65_536) free += 1;
    const grows = free > 2 ** bits - 1 && bits < 16;
    if (grows || group.length === 8) flush();
    if (grows) bits += 1;
  }
  if (group.length > 0) flush();
  return Buffer.from(out);
}
