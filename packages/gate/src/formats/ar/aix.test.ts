import { describe, expect, it } from "vitest";
import { walkContainer } from "../container-walk.fixture.ts";
import { flips } from "../stream-walk.fixture.ts";
import { buildAix } from "./aix.fixture.ts";
import { ar } from "./index.ts";

const MEMBERS = [
  { name: "shr.o", bytes: "first object" },
  { name: "even", bytes: "odd" },
];

describe.each([true, false])("an archive of AIX, big %s", (isBig) => {
  const whole = buildAix(MEMBERS, { isBig, table: "2 offsets names" });

  it("is read along its chain, its table as well", async () => {
    expect(ar.recognise({ head: whole, tail: whole, sizeBytes: whole.length })).toBe(true);
    const { members, findings, code } = await walkContainer(ar, whole);
    expect({ findings, code }).toEqual({ findings: [], code: "" });
    expect(members.map(({ name, bytes }) => [name, bytes.toString()])).toEqual([
      ["shr.o", "first object"],
      ["even", "odd"],
      ["symbols", "2 offsets names"],
    ]);
  });

  it("is refused when it is cut short, and damaged numbers end in our errors", async () => {
    for (let cut = 8; cut < whole.length - 1; cut += 1)
      expect((await walkContainer(ar, whole.subarray(0, cut))).code, `cut at ${cut}`).toBe(
        "artifact.truncated",
      );
    for (const flipped of flips(whole, { count: 300, seed: 7 })) await walkContainer(ar, flipped);
  });

  it("may not lead in a circle, nor to members inside members", async () => {
    const first = isBig ? 128 : 68;
    const circle = await walkContainer(ar, buildAix([...MEMBERS, ...MEMBERS], { isBig, next: () => first }));
    expect(circle.code).toBe("artifact.malformed");
  });

  it("may hold nothing that no chain leads to", async () => {
    const behind = await walkContainer(ar, Buffer.concat([whole, Buffer.from("hidden")]));
    expect(behind.findings).toMatchObject([
      { check: "structure", outcome: "fail", because: expect.stringContaining("belong to no member") },
    ]);
    const skipped = Buffer.from(whole);
    const digits = isBig ? 20 : 12;
    // The last member becomes the first.
    whole.copy(skipped, isBig ? 68 : 32, isBig ? 88 : 44, (isBig ? 88 : 44) + digits);
    const { findings } = await walkContainer(ar, skipped);
    expect(findings).toMatchObject([{ check: "structure", outcome: "fail" }]);
  });
});
