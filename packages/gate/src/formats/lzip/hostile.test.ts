import { expect, it } from "vitest";
import { SAMPLE_TEXT } from "../sample-text.fixture.ts";
import { flips, walkStream } from "../stream-walk.fixture.ts";
import { lzip } from "./index.ts";
import { sample } from "./sample.fixture.ts";

const whole = sample();

it("reads a decent file without a finding, in pieces of any size", async () => {
  for (const pieceBytes of [1, 7, 1 << 20]) {
    const { members, findings, code } = await walkStream(lzip, whole, { pieceBytes });
    expect({ findings, code }).toEqual({ findings: [], code: "" });
    expect(members).toEqual([{ name: "content", bytes: SAMPLE_TEXT }]);
  }
});

it("answers flipped bytes with findings or our errors, and never with other content in silence", async () => {
  for (const flipped of flips(whole, { count: 300, seed: 14 })) {
    const { members, findings, code } = await walkStream(lzip, flipped, { limits: { bytes: 1 << 24 } });
    if (code === "" && findings.length === 0) expect(members[0]?.bytes.equals(SAMPLE_TEXT)).toBe(true);
  }
});

it("refuses a file that is cut short anywhere", async () => {
  for (let length = 4; length < whole.length; length += 1)
    expect((await walkStream(lzip, whole.subarray(0, length))).code, `cut at ${length}`).toMatch(
      /^artifact\.(?:truncated|malformed)$/,
    );
});

it("reports bytes behind the data", async () => {
  for (const more of [Buffer.from("junk"), Buffer.alloc(9)]) {
    const { findings } = await walkStream(lzip, Buffer.concat([whole, more]));
    expect(findings).toMatchObject([
      { check: "structure", outcome: "fail", facts: { lengthBytes: more.length } },
    ]);
  }
});

it("stops at the budget", async () => {
  expect((await walkStream(lzip, whole, { limits: { bytes: 100 } })).code).toBe("artifact.over-limit");
});

it("joins members, as lzip(1) does", async () => {
  const { members, findings, code } = await walkStream(lzip, Buffer.concat([whole, whole]));
  expect({ findings, code }).toEqual({ findings: [], code: "" });
  expect(members[0]?.bytes.equals(Buffer.concat([SAMPLE_TEXT, SAMPLE_TEXT]))).toBe(true);
});

it("reports a trailer that lies about checksum or sizes", async () => {
  for (const fromEnd of [20, 16, 8]) {
    const lying = Buffer.from(whole);
    lying.writeUInt8(lying.readUInt8(lying.length - fromEnd) ^ 1, lying.length - fromEnd);
    const { findings } = await walkStream(lzip, lying);
    expect(findings).toMatchObject([{ check: "structure", outcome: "fail" }]);
  }
});

it("refuses other versions and impossible dictionaries", async () => {
  for (const [at, value] of [
    [4, 0],
    [5, 11],
    [5, 30],
  ] as const) {
    const wrong = Buffer.from(whole);
    wrong.writeUInt8(value, at);
    expect((await walkStream(lzip, wrong)).code).toBe("artifact.malformed");
  }
});

it("takes no dictionary that is larger than allowed", async () => {
  const greedy = Buffer.from(whole);
  greedy.writeUInt8(29, 5);
  expect((await walkStream(lzip, greedy, { maxHeldBytes: 1 << 20 })).code).toBe("artifact.over-limit");
});
