import { describe, expect, it } from "vitest";
import { SAMPLE_TEXT } from "../sample-text.fixture.ts";
import { walkStream } from "../stream-walk.fixture.ts";
import { sample as xzOfText } from "../xz/sample.fixture.ts";
import { pbzx } from "./index.ts";
import { buildPbzx, type Piece } from "./pbzx.fixture.ts";
import { sample } from "./sample.fixture.ts";

const SIZE = Buffer.byteLength(SAMPLE_TEXT);
const whole: Piece = { packed: xzOfText(), sizeBytes: SIZE };
const plain = (text: string): Piece => ({ packed: Buffer.from(text), sizeBytes: text.length });

describe("pbzx payloads", () => {
  it("unpack piece by piece", async () => {
    const { members, findings, code } = await walkStream(pbzx, sample());
    expect({ findings, code }).toEqual({ findings: [], code: "" });
    expect(members[0]?.bytes.toString()).toBe(`${SAMPLE_TEXT}the rest`);
  });

  it("may end with a whole piece", async () => {
    expect((await walkStream(pbzx, buildPbzx(SIZE, [whole, whole]))).code).toBe("");
  });

  it("end in our errors when they are cut anywhere", async () => {
    const bytes = sample();
    const ends = [12, 12 + 16 + xzOfText().length];
    for (let cut = 1; cut < bytes.length; cut += 1)
      if (!ends.includes(cut))
        expect((await walkStream(pbzx, bytes.subarray(0, cut))).code).toMatch(/^artifact\.(?:trunc|malf)/);
  });

  it.each<[string, number, readonly Piece[], string]>([
    ["a piece larger than its pieces are", 4, [plain("12345")], "malformed"],
    ["a piece behind the last one", 4, [plain("123"), plain("1234")], "malformed"],
    ["a piece that unpacks to less", SIZE + 5, [{ ...whole, sizeBytes: SIZE + 5 }], "malformed"],
    ["a piece that unpacks to more", SIZE, [{ ...whole, sizeBytes: SIZE - 5 }], "malformed"],
    ["a piece of an impossible size", 4, [{ ...plain("12"), claimedBytes: 2 ** 40 }], "malformed"],
    ["a piece longer than the file", 4, [{ ...plain("12"), claimedBytes: 200 }], "truncated"],
    ["a piece that is no xz file", 400, [{ packed: Buffer.from("123"), sizeBytes: 300 }], "truncated"],
  ])("are refused with %s", async (_, full, pieces, code) => {
    expect((await walkStream(pbzx, buildPbzx(full, pieces))).code).toBe(`artifact.${code}`);
  });

  it("report bytes behind the data of a piece", async () => {
    const packed = Buffer.concat([xzOfText(), Buffer.from("hidden")]);
    const { findings } = await walkStream(pbzx, buildPbzx(SIZE, [{ packed, sizeBytes: SIZE }]));
    expect(findings).toMatchObject([{ check: "structure", outcome: "fail" }]);
  });
});
