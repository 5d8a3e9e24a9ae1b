import { gzipSync } from "node:zlib";
import { describe, expect, it } from "vitest";
import { walkContainer } from "../container-walk.fixture.ts";
import { buildCpio } from "../cpio/cpio.fixture.ts";
import { flips } from "../stream-walk.fixture.ts";
import { rpm } from "./index.ts";
import { type RpmParts, writeHeader, writeRpm } from "./rpm.fixture.ts";
import { sample } from "./sample.fixture.ts";
import { REGION, TAG } from "./tags.ts";

const open = (parts: RpmParts, options?: Parameters<typeof walkContainer>[2]) =>
  walkContainer(rpm, writeRpm(parts), options);

describe("where bytes could hide", () => {
  const PLACES: [string, RpmParts, string][] = [
    ["the lead's name", { lead: (lead) => lead.write("x", 70) }, "behind the name in its lead"],
    ["the lead's reserved part", { lead: (lead) => lead.write("x", 90) }, "reserved part of its lead"],
    ["the space between the headers", { padding: "x" }, "between its headers"],
    ["the end of a header", { header: { more: Buffer.alloc(20, "x") } }, "belong to no tag"],
    [
      "a tag outside the region",
      { header: { unsealed: 1 } },
      "outside the part of its header that is sealed",
    ],
    ["the end of the signature header", { signatureHeader: { more: Buffer.alloc(20) } }, "belong to no tag"],
    [
      "the end of the package",
      { signatureTags: () => [[1000, { int32: [7] }]] },
      "bytes behind its signatures and says 7",
    ],
  ];
  it.each(PLACES)("reports bytes in %s", async (name, parts, because) => {
    // A signature header of a length that needs filling.
    const even =
      name === "the space between the headers"
        ? { signatureTags: () => [[1008, Buffer.alloc(101)]] as const }
        : {};
    const { findings } = await open({ ...even, ...parts });
    expect(findings).toContainEqual(
      expect.objectContaining({
        check: "structure",
        outcome: "fail",
        because: expect.stringContaining(because),
      }),
    );
  });

  it("takes what builders in Java write: a changelog of many tags, a name as long as its field", async () => {
    const header = writeHeader(
      [
        [1000, "a"],
        [1080, { int32: [1] }],
        [1083, { int32: [2] }],
      ],
      { region: REGION.immutable },
    );
    header.writeUInt32BE(1080, 64);
    const repeated = await walkContainer(rpm, replaceHeader(header));
    expect(repeated.findings.map(({ because }) => because)).not.toContainEqual(
      expect.stringContaining("twice"),
    );
    const long = await open({ lead: (lead) => lead.fill("n", 10, 76) });
    expect({ findings: long.findings, code: long.code }).toEqual({ findings: [], code: "" });
  });

  it("reports tags twice and tags that share bytes", async () => {
    const twice = Buffer.from(
      writeHeader(
        [
          [1000, "a"],
          [1001, "b"],
        ],
        { region: REGION.immutable },
      ),
    );
    twice.writeUInt32BE(1000, 48);
    const shared = Buffer.from(
      writeHeader(
        [
          [1000, "a"],
          [1001, "b"],
        ],
        { region: REGION.immutable },
      ),
    );
    shared.writeInt32BE(0, 56);
    for (const [header, because] of [
      [twice, "has tag 1000 twice"],
      [shared, "shares bytes with another"],
    ] as const) {
      const { findings } = await walkContainer(rpm, replaceHeader(header));
      expect(findings.map((finding) => finding.because)).toContainEqual(expect.stringContaining(because));
    }
  });
});

/** A package with the main header taken out and another put in. */
function replaceHeader(header: Buffer): Buffer {
  const whole = sample();
  const signatureBytes = 16 + 16 * whole.readUInt32BE(96 + 8) + whole.readUInt32BE(96 + 12);
  const start = Math.ceil((96 + signatureBytes) / 8) * 8;
  return Buffer.concat([whole.subarray(0, start), header, gzipSync(buildCpio("newc", []))]);
}

describe("damage", () => {
  it("refuses a package that is cut short anywhere", async () => {
    const whole = sample();
    for (let cut = 96; cut < whole.length; cut += 1) {
      const { code } = await walkContainer(rpm, whole.subarray(0, cut));
      expect(code, `cut at ${cut}`).toBe("artifact.truncated");
    }
  });

  it("answers flipped bytes with findings or our errors only", async () => {
    for (const flipped of flips(sample(), { count: 500, seed: 96 })) await walkContainer(rpm, flipped);
  });

  const headerWith = (change: (header: Buffer) => void) => {
    const header = Buffer.from(
      writeHeader(
        [
          [1000, "name"],
          [1003, { int32: [1, 2] }],
        ],
        { region: REGION.immutable },
      ),
    );
    change(header);
    return walkContainer(rpm, replaceHeader(header));
  };
  const DAMAGE: [string, (header: Buffer) => void][] = [
    ["no magic", (header) => header.writeUInt8(0, 0)],
    ["no tags", (header) => header.writeUInt32BE(0, 8)],
    ["more tags than any header", (header) => header.writeUInt32BE(0x10000, 8)],
    ["a tag before the data", (header) => header.writeInt32BE(-1, 40)],
    ["a tag behind the data", (header) => header.writeInt32BE(0x7fffffff, 40)],
    ["numbers that reach past the data", (header) => header.writeUInt32BE(0xffffffff, 60)],
    [
      "texts that reach past the data",
      (header) => {
        header.writeUInt32BE(8, 36);
        header.writeUInt32BE(0xffffffff, 44);
      },
    ],
    ["a text that counts two", (header) => header.writeUInt32BE(2, 44)],
    ["a kind that does not exist", (header) => header.writeUInt32BE(10, 36)],
    ["numbers that are not aligned", (header) => header.writeInt32BE(5, 56)],
    ["a value of no length", (header) => header.writeUInt32BE(0, 60)],
    ["a region of another header", (header) => header.writeUInt32BE(REGION.signatures, 16)],
    [
      "a trailer that counts more tags than there are",
      (header) => header.writeInt32BE(-16 * 9, header.length - 8),
    ],
    ["a trailer that counts part of a tag", (header) => header.writeInt32BE(-17, header.length - 8)],
  ];
  it.each(DAMAGE)("refuses a header with %s", async (_, change) => {
    expect((await headerWith(change)).code).toBe("artifact.malformed");
  });

  it("does not read the same bytes for tag after tag, nor hold millions of values", async () => {
    const texts = Buffer.alloc(2_000_000);
    const entries = Array.from({ length: 1000 }, (_, at) => [2000 + at, Buffer.from("x")] as const);
    const header = Buffer.from(writeHeader([...entries, [9000, texts]], { region: REGION.immutable }));
    for (let at = 32; at < 32 + 16 * 1000; at += 16) {
      header.writeUInt32BE(8, at + 4);
      header.writeInt32BE(1000, at + 8);
      header.writeUInt32BE(1_999_999, at + 12);
    }
    expect((await walkContainer(rpm, replaceHeader(header))).code).toBe("artifact.malformed");
    const many = writeHeader([[TAG.baseNames, Array.from({ length: 1_100_000 }, () => "")]], {
      region: REGION.immutable,
    });
    expect((await walkContainer(rpm, replaceHeader(many))).code).toBe("artifact.over-limit");
  });

  it("does not hold more than allowed", async () => {
    expect((await headerWith((header) => header.writeUInt32BE(0x0fffffff, 12))).code).toBe(
      "artifact.over-limit",
    );
    expect((await open({}, { maxHeldBytes: 1000 })).code).toBe("artifact.over-limit");
    expect((await open({}, { limits: { bytes: 100 } })).code).toBe("artifact.over-limit");
  });

  const UNSUPPORTED: [string, RpmParts, string][] = [
    ["another format", { tags: [[TAG.payloadFormat, "drpm"]] }, "artifact.unsupported"],
    ["another compressor", { tags: [[TAG.payloadCompressor, "brotli"]] }, "artifact.unsupported"],
    ["another compressor than the header's", { tags: [[TAG.payloadCompressor, "xz"]] }, "artifact.malformed"],
    ["names of another length", { tags: [[TAG.fileModes, { int16: [1] }]] }, "artifact.malformed"],
    ["a file in no folder", { tags: [[TAG.folderIndexes, { int32: [9, 9, 9] }]] }, "artifact.malformed"],
    ["sizes that are texts", { tags: [[TAG.fileSizes, ["a", "b", "c"]]] }, "artifact.malformed"],
  ];
  it.each(UNSUPPORTED)("does not claim to have opened a payload of %s", async (_, parts, code) => {
    expect((await open(parts)).code).toBe(code);
  });
});
