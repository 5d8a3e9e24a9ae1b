import { deflateSync } from "node:zlib";
import { describe, expect, it } from "vitest";
import { walkContainer } from "../container-walk.fixture.ts";
import { buildDmg, type ImageShape, type RunShape } from "./dmg.fixture.ts";
import { dmg } from "./index.ts";
import { RUN } from "./partitions.ts";
import { sample } from "./sample.fixture.ts";

const TEXT = Buffer.alloc(2048, "a line of harmless text\n");
const ZERO = Buffer.alloc(1024);
const open = (shape: ImageShape) => walkContainer(dmg, buildDmg(shape));
const openRuns = (...runs: RunShape[]) => open({ partitions: [{ runs }] });

describe("a disk image", () => {
  it("hands on its partitions", async () => {
    const { members, findings, code } = await walkContainer(dmg, sample());
    expect({ findings, code }).toEqual({ findings: [], code: "" });
    expect(members.map(({ name, bytes }) => [name, bytes.length])).toEqual([
      ["Apple_HFS-0", 4096 + 512 + 2048],
      ["Apple_Free-1", 1024],
    ]);
  });

  it.each<[string, RunShape, Buffer]>([
    ["as it is", { kind: RUN.raw, content: TEXT }, TEXT],
    ["by zlib", { content: TEXT }, TEXT],
    [
      "by zlib, filled up with zeros",
      { content: TEXT, packed: Buffer.concat([deflateSync(TEXT), ZERO]) },
      TEXT,
    ],
    ["as zeros", { kind: RUN.zero, content: ZERO }, ZERO],
    ["not at all", { kind: RUN.ignored, content: ZERO }, ZERO],
    [
      "by ADC",
      {
        kind: RUN.adc,
        // Eight bytes; a short copy of 10; a long copy of 67 from 8 back; and so on to one sector.
        packed: Buffer.from(`87${"6162636465666768"}1c07${"7f0007".repeat(7)}550007`, "hex"),
        content: Buffer.alloc(512, "abcdefgh"),
      },
      Buffer.alloc(512, "abcdefgh"),
    ],
  ])("has sectors packed %s", async (_, run, expected) => {
    const { members, findings, code, message } = await openRuns(run);
    expect({ findings, code, message }).toEqual({ findings: [], code: "", message: "" });
    expect(members[0]?.bytes.equals(expected)).toBe(true);
  });

  it("hands on what stands in its data unused", async () => {
    const unused = Buffer.from("left behind, or hidden");
    const { members, findings } = await open({ partitions: [{ runs: [{ content: TEXT }] }], unused });
    expect(findings).toEqual([]);
    expect(members[1]).toMatchObject({ name: expect.stringMatching(/^unused-\d+$/), bytes: unused });
  });

  it("is recognised when it is encrypted, and not opened", async () => {
    const image = Buffer.concat([Buffer.from("encrcdsa"), Buffer.alloc(2000)]);
    expect(dmg.recognise({ head: image, tail: image, sizeBytes: image.length })).toBe(true);
    expect((await walkContainer(dmg, image)).code).toBe("artifact.encrypted");
  });
});

describe("a disk image that lies", () => {
  it.each<[string, Partial<ImageShape>, RegExp]>([
    ["bytes between its parts", { between: Buffer.from("hidden") }, /between the parts/],
    ["bytes before its trailer", { behind: Buffer.from("hidden") }, /between the parts/],
    [
      "parts over each other",
      { changeTrailer: (trailer) => trailer.writeBigUInt64BE(3n, 216) },
      /share the same bytes|end of a table/,
    ],
    [
      "fewer sectors than its partitions",
      { changeTrailer: (trailer) => trailer.writeBigUInt64BE(1n, 492) },
      /past the end of the disk/,
    ],
    [
      "partitions over the same sectors",
      { partitions: [{ runs: [{ content: TEXT }] }, { runs: [{ content: TEXT }], firstSector: 1 }] },
      /share the same sectors/,
    ],
  ])("has %s", async (_, change, because) => {
    const { findings } = await open({ partitions: [{ runs: [{ content: TEXT }] }], ...change });
    expect(findings).toContainEqual(
      expect.objectContaining({
        check: "structure",
        outcome: "fail",
        because: expect.stringMatching(because),
      }),
    );
  });

  it.each([
    ["data", 88],
    ["tables", 360],
  ])("says that its %s are damaged", async (_, at) => {
    const { findings } = await open({
      partitions: [{ runs: [{ content: TEXT }] }],
      changeTrailer: (trailer) => trailer.writeUInt32BE(5, at),
    });
    expect(findings).toMatchObject([{ check: "opened", outcome: "unknown" }]);
  });

  it.each<[string, ImageShape, string]>([
    [
      "a partition with another checksum",
      { partitions: [{ runs: [{ content: TEXT }], checksum: 5 }] },
      "malformed",
    ],
    [
      "a run that unpacks to less",
      { partitions: [{ runs: [{ content: TEXT, packed: deflateSync(ZERO) }] }] },
      "malformed",
    ],
    [
      "a run that unpacks to more",
      { partitions: [{ runs: [{ content: ZERO, packed: deflateSync(TEXT) }] }] },
      "malformed",
    ],
    [
      "bytes behind the data of a run",
      { partitions: [{ runs: [{ content: TEXT, packed: Buffer.concat([deflateSync(TEXT), TEXT]) }] }] },
      "malformed",
    ],
    ["runs that leave sectors out", { partitions: [{ runs: [{ content: TEXT, row: [1n] }] }] }, "malformed"],
    ["more sectors than runs", { partitions: [{ runs: [{ content: TEXT }], sectors: 9 }] }, "malformed"],
    [
      "a run past the end",
      { partitions: [{ runs: [{ content: TEXT, row: [undefined, undefined, 99_999n] }] }] },
      "truncated",
    ],
    [
      "a run beyond every file",
      { partitions: [{ runs: [{ content: TEXT, row: [undefined, undefined, 2n ** 60n] }] }] },
      "malformed",
    ],
    ["an unknown packing", { partitions: [{ runs: [{ kind: 0x8000_0009, content: TEXT }] }] }, "unsupported"],
    ["no tables", { partitions: [], changeList: () => "<plist><dict/></plist>" }, "malformed"],
    [
      "a resource fork in place of a list",
      { partitions: [], changeTrailer: (trailer) => trailer.writeBigUInt64BE(0n, 224) },
      "unsupported",
    ],
    [
      "one of several files",
      {
        partitions: [{ runs: [{ content: TEXT }] }],
        changeTrailer: (trailer) => trailer.writeUInt32BE(2, 60),
      },
      "unsupported",
    ],
  ])("is not opened with %s", async (_, shape, code) => {
    expect((await open(shape)).code).toBe(`artifact.${code}`);
  });
});
