import { gzipSync, zstdCompressSync } from "node:zlib";
import { describe, expect, it } from "vitest";
import { walkContainer } from "../container-walk.fixture.ts";
import { buildCpio } from "../cpio/cpio.fixture.ts";
import { SAMPLE_TEXT } from "../sample-text.fixture.ts";
import { flips } from "../stream-walk.fixture.ts";
import { rpm } from "./index.ts";
import {
  cpioOf,
  FILES,
  fileTags,
  type RpmFile,
  type RpmParts,
  writeHeader,
  writeRpm,
} from "./rpm.fixture.ts";
import { sample } from "./sample.fixture.ts";
import { REGION, TAG } from "./tags.ts";

const open = (parts: RpmParts, options?: Parameters<typeof walkContainer>[2]) =>
  walkContainer(rpm, writeRpm(parts), options);

const [FOLDER, TEXT, LINK] = FILES as readonly [RpmFile, RpmFile, RpmFile];

it("reads a decent package: names from header and payload, scriptlets, identity", async () => {
  const { members, findings, code, identity } = await open({ tags: [[1024, "ldconfig"]] });
  expect({ findings, code }).toEqual({ findings: [], code: "" });
  expect(members.map(({ name, bytes }) => [name, bytes.toString()])).toEqual([
    ["%post", "ldconfig"],
    ["usr/share/sample/a.txt", SAMPLE_TEXT.toString()],
  ]);
  expect(identity).toEqual({
    product: "sample",
    version: "1.2-3",
    architecture: "noarch",
    company: "Example Makers",
  });
});

it("reads stripped payloads, whose names and sizes stand in the header alone", async () => {
  const parts = [{ fileIndex: 0 }, { fileIndex: 1, bytes: SAMPLE_TEXT }, { fileIndex: 2, bytes: "a.txt" }];
  const payload = zstdCompressSync(buildCpio("stripped", parts));
  const compressor = [TAG.payloadCompressor, "zstd"] as const;
  const { members, findings, code } = await open({ payload, tags: [compressor] });
  expect({ findings, code }).toEqual({ findings: [], code: "" });
  expect(members.map(({ name }) => name)).toEqual(["usr/share/sample/a.txt"]);
  const beyond = zstdCompressSync(buildCpio("stripped", [{ fileIndex: 3 }]));
  expect((await open({ payload: beyond, tags: [compressor] })).code).toBe("artifact.malformed");
});

it("takes the content of hard links where the last of them has it", async () => {
  const files = [TEXT, { ...TEXT, name: "/usr/share/sample/b.txt" }];
  const tags = [
    [TAG.fileInodes, { int32: [7, 7] }],
    [TAG.fileDevices, { int32: [1, 1] }],
  ] as const;
  const first = { name: `.${TEXT.name}`, bytes: "" };
  const second = { name: "./usr/share/sample/b.txt", bytes: SAMPLE_TEXT };
  const decent = await open({ files, tags, payload: gzipSync(buildCpio("newc", [first, second])) });
  expect({ findings: decent.findings, code: decent.code }).toEqual({ findings: [], code: "" });
  const lying = await open({ files, payload: gzipSync(buildCpio("newc", [first, second])) });
  expect(lying.findings).toMatchObject([
    { check: "structure", outcome: "fail", because: expect.stringContaining("another size") },
  ]);
});

describe("what header and payload do not agree on", () => {
  const payloadOf = (...files: RpmFile[]) => gzipSync(cpioOf(files));
  const LIES: [string, RpmParts, string][] = [
    [
      "a file that the header does not list",
      { payload: payloadOf(FOLDER, TEXT, LINK, { name: "/etc/hidden", bytes: "x" }) },
      "not in the header's list",
    ],
    ["a file that the payload lacks", { payload: payloadOf(FOLDER, LINK) }, "not in the payload"],
    [
      "content with another digest",
      { payload: payloadOf(FOLDER, { ...TEXT, bytes: Buffer.alloc(SAMPLE_TEXT.length, "x") }, LINK) },
      "does not have the digest",
    ],
    [
      "another size",
      { payload: payloadOf(FOLDER, { ...TEXT, bytes: "short" }, LINK) },
      "another size in the header",
    ],
    [
      "another target of a link",
      { payload: payloadOf(FOLDER, TEXT, { ...LINK, linkTarget: "b.txt" }) },
      "links to another place",
    ],
    ["another kind", { payload: payloadOf(FOLDER, TEXT, { ...LINK, mode: 0o100644 }) }, "of another kind"],
    ["a file twice", { payload: payloadOf(FOLDER, TEXT, TEXT, LINK) }, "is there twice"],
    [
      "bytes behind the archive",
      { payload: gzipSync(Buffer.concat([cpioOf(FILES), Buffer.from("more")])) },
      "behind the end of its payload's archive",
    ],
    [
      "bytes behind the compressed data",
      { payload: Buffer.concat([gzipSync(cpioOf(FILES)), Buffer.from("more")]) },
      "after its compressed data",
    ],
  ];
  it.each(LIES)("reports %s", async (_, parts, because) => {
    const { findings, code } = await open(parts);
    expect(code).toBe("");
    expect(findings).toContainEqual(
      expect.objectContaining({
        check: "structure",
        outcome: "fail",
        because: expect.stringContaining(because),
      }),
    );
  });

  it("leaves out nothing that a source package must not hand on, and lists no ghosts", async () => {
    const withoutSource = [TAG.sourcePackage, []] as const;
    const source = await open({ payload: payloadOf(FOLDER, LINK), tags: [withoutSource] });
    expect({ findings: source.findings, code: source.code }).toEqual({ findings: [], code: "" });
    expect(source.identity.architecture).toBe("source");
    const flags = [TAG.fileFlags, { int32: [0, 64, 0] }] as const;
    const ghost = await open({ payload: payloadOf(FOLDER, LINK), tags: [flags] });
    expect({ findings: ghost.findings, code: ghost.code }).toEqual({ findings: [], code: "" });
  });
});

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

it("reports names that climb, in header and payload alike", async () => {
  const { findings } = await open({ files: [{ name: "/../../etc/x", bytes: "x" }] });
  expect(findings).toMatchObject([{ check: "member-names", facts: { escapes: true } }]);
});

it("takes names and links for what a Unix system makes of them", async () => {
  const files = [
    { name: "/usr/share/man/man3/Params::Util.3pm", bytes: "x" },
    { name: "/usr/include/xt_MARK.h", bytes: "x" },
    { name: "/usr/include/xt_mark.h", bytes: "x" },
    { name: "/usr/lib/ssl/certs", mode: 0o120777, linkTarget: "/etc/ssl/certs" },
  ];
  const { findings, code } = await open({ files });
  expect({ findings, code }).toEqual({ findings: [], code: "" });
});

it("reads packages from before RPM 4: whole names, no region, no lists of folders", async () => {
  const tags = fileTags(FILES).filter(
    ([tag]) => ![TAG.baseNames, TAG.folderNames, TAG.folderIndexes].some((other) => other === tag),
  );
  const gone = [TAG.baseNames, TAG.folderNames, TAG.folderIndexes].map((tag) => [tag, []] as const);
  const { members, findings, code } = await open({
    tags: [...tags, ...gone, [TAG.oldFileNames, FILES.map(({ name }) => name)]],
    header: { region: undefined },
    signatureHeader: { region: undefined },
  });
  expect({ findings, code }).toEqual({ findings: [], code: "" });
  expect(members.map(({ name }) => name)).toEqual(["usr/share/sample/a.txt"]);
});
