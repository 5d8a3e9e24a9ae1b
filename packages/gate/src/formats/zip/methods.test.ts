/** Members packed by Deflate64 (stored blocks are the same in deflate), bzip2, LZMA and xz, decent ones and others. */

import { deflateRawSync } from "node:zlib";
import { DEFAULT_LIMITS } from "@sallyport/core";
import { describe, expect, it } from "vitest";
import { sample as bzip2Sample } from "../bzip2/sample.fixture.ts";
import { sample as lzmaSample } from "../lzma/sample.fixture.ts";
import { SAMPLE_TEXT } from "../sample-text.fixture.ts";
import { flips } from "../stream-walk.fixture.ts";
import { sample as xzSample } from "../xz/sample.fixture.ts";
import { buildZip, type Part, readZip } from "./zip.fixture.ts";

const LIMITS = { maxHeldBytes: 2 ** 26 };
/** §5.8.8, and behind it what an `.lzma` file has around its size: properties, then the stream with its mark. */
const lzma = Buffer.concat([
  Buffer.from([24, 9, 5, 0]),
  lzmaSample().subarray(0, 5),
  lzmaSample().subarray(13),
]);
const PACKED: [string, number, Buffer][] = [
  ["Deflate64", 9, deflateRawSync(SAMPLE_TEXT, { level: 0 })],
  ["bzip2", 12, bzip2Sample()],
  ["LZMA", 14, lzma],
  ["xz", 95, xzSample()],
];
const member = (method: number, packed: Buffer, more: Partial<Part> = {}): Part => ({
  name: "a.txt",
  bytes: SAMPLE_TEXT,
  method,
  packed,
  ...more,
});
const next: Part = { name: "b.txt", bytes: Buffer.from("next"), method: 0 };

describe.each(PACKED)("a member packed by %s", (_, method, packed) => {
  it("is unpacked, whatever the flag says of its end mark", async () => {
    for (const flags of [0x800, 0x802]) {
      const { contents, becauses, codes } = await readZip(
        buildZip([member(method, packed, { flags }), next]),
        LIMITS,
      );
      expect({ becauses, codes: codes.size }).toEqual({ becauses: [], codes: 0 });
      expect(contents.get("a.txt")).toEqual(SAMPLE_TEXT);
    }
  });

  it("fails when bytes stand behind its data, when its checksum or its size is false", async () => {
    const behind = member(method, Buffer.concat([packed, Buffer.from("hidden")]));
    for (const part of [
      behind,
      member(method, packed, { crc: 7 }),
      member(method, packed, { sizeBytes: 9 }),
    ]) {
      const { becauses, codes, contents } = await readZip(buildZip([part, next]), LIMITS);
      expect(becauses.length + codes.size).toBeGreaterThan(0);
      expect(contents.get("b.txt")?.toString()).toBe("next");
    }
  });

  it("is told when it is cut short anywhere", async () => {
    for (let length = 0; length < packed.length; length += 1) {
      const { becauses, codes } = await readZip(
        buildZip([member(method, packed.subarray(0, length)), next]),
        LIMITS,
      );
      expect(becauses.length + codes.size, `cut at ${length}`).toBeGreaterThan(0);
    }
  });

  it("never comes out as something else in silence", async () => {
    for (const flipped of flips(packed, { count: 100, seed: method })) {
      const { becauses, codes, contents } = await readZip(buildZip([member(method, flipped), next]), LIMITS);
      if (becauses.length + codes.size === 0) expect(contents.get("a.txt")).toEqual(SAMPLE_TEXT);
    }
  });

  it("gives no more bytes and takes no more memory than allowed", async () => {
    const archive = buildZip([member(method, packed, { sizeBytes: 2 ** 31 }), next]);
    const limits = { ...DEFAULT_LIMITS, bytes: 1000 };
    expect((await readZip(archive, { ...LIMITS, limits })).codes.get("a.txt")).toBe("artifact.over-limit");
    const small = (await readZip(archive, { maxHeldBytes: 2 ** 16 })).codes.get("a.txt");
    // Deflate64 has one window, whatever the file says.
    expect(small).toBe(method === 9 ? undefined : "artifact.over-limit");
  });
});

it("refuses properties of LZMA that are none", async () => {
  for (const length of [0, 4, 6, 0xffff]) {
    const wrong = Buffer.from(lzma);
    wrong.writeUInt16LE(length, 2);
    const { codes } = await readZip(buildZip([member(14, wrong), next]), LIMITS);
    expect(codes.get("a.txt")).toBe("artifact.malformed");
  }
});
