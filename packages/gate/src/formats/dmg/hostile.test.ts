import { deflateSync } from "node:zlib";
import { describe, expect, it } from "vitest";
import { walkContainer } from "../container-walk.fixture.ts";
import { unpackAdc } from "./adc.ts";
import { buildDmg } from "./dmg.fixture.ts";
import { dmg } from "./index.ts";
import { RUN } from "./partitions.ts";
import { sample } from "./sample.fixture.ts";

const OURS = /^artifact\.(?:truncated|malformed|over-limit|unsupported)$/;
const OURS_OR_NONE = /^$|^artifact\.(?:truncated|malformed|over-limit|unsupported)$/;

describe("hostile disk images", () => {
  it("end in our errors when their front is cut off or their back is", async () => {
    const whole = sample();
    for (let cut = 1; cut < whole.length; cut += 17) {
      expect((await walkContainer(dmg, whole.subarray(0, whole.length - cut))).code).toMatch(OURS);
      const { code, findings } = await walkContainer(dmg, whole.subarray(cut));
      expect(code !== "" || findings.length > 0, `${cut} bytes missing in front`).toBe(true);
    }
  });

  it("end in our errors or findings with any byte of the trailer changed", async () => {
    const whole = sample();
    for (let at = whole.length - 512; at < whole.length; at += 1)
      for (const bit of [1, 0x80]) {
        const copy = Buffer.from(whole);
        copy.writeUInt8(copy.readUInt8(at) ^ bit, at);
        expect((await walkContainer(dmg, copy)).code).toMatch(OURS_OR_NONE);
      }
  });

  it("stop at runs of zeros without end", async () => {
    const image = buildDmg({
      partitions: [
        {
          runs: [{ kind: RUN.zero, content: Buffer.alloc(512), row: [undefined, 2n ** 40n] }],
          sectors: 2 ** 40,
        },
      ],
    });
    const { code } = await walkContainer(dmg, image, { limits: { milliseconds: 200 } });
    expect(code).toBe("artifact.over-limit");
  });

  it("stop at a run that unpacks without end", async () => {
    const content = Buffer.alloc(512 * 100_000);
    const image = buildDmg({ partitions: [{ runs: [{ content, packed: deflateSync(content) }] }] });
    const { code } = await walkContainer(dmg, image, { limits: { bytes: 1_000_000 } });
    expect(code).toBe("artifact.over-limit");
  });

  it("do not make a run be held that is larger than may be", async () => {
    const content = Buffer.alloc(512 * 10_000);
    const packed = Buffer.from([0x80, 0]);
    const image = buildDmg({ partitions: [{ runs: [{ kind: RUN.adc, content, packed }] }] });
    const { code } = await walkContainer(dmg, image, { maxHeldBytes: 1_000_000 });
    expect(code).toBe("artifact.over-limit");
  });

  it.each([
    ["is cut short", "83616263"],
    ["looks back before its beginning", "8061 0409"],
    ["has bytes behind its end", "8361626364 00"],
    ["is more than it should be", "8561626364 6566"],
  ])("refuse ADC that %s", (_, hex) => {
    expect(() => unpackAdc(Buffer.from(hex.replaceAll(" ", ""), "hex"), 4)).toThrowError(
      expect.objectContaining({ code: "artifact.malformed" }),
    );
  });
});
