import { readFile } from "node:fs/promises";
import { deflateRawSync } from "node:zlib";
import { ArtifactError, hasCode } from "@sallyport/core";
import {
  collect,
  contentOf,
  corpusFile,
  NO_CORPUS,
  recordingContext,
  sourceOf,
  testBudget,
} from "@sallyport/testkit";
import { describe, expect, it } from "vitest";
import { withCabSignature, withSignaturePlace, writeCabinet } from "../../replica/cabinet.ts";
import { buildCabinet, type RawFolder } from "./cabinet-fixture.ts";
import { cab } from "./index.ts";
import { type LzxBlockKind, packLzx } from "./lzx-fixture.ts";

const FRAME_BYTES = 32_768;

/** The same bytes in every run: compressible, with calls and repeats. */
function filling(length: number): Buffer {
  const bytes = Buffer.alloc(length);
  let seed = 1;
  for (let at = 0; at < length; at += 1) {
    seed = (Math.imul(seed, 1_103_515_245) + 12_345) & 0x7fffffff;
    bytes[at] = at % 97 === 0 ? 0xe8 : at > 300 && seed % 4 !== 0 ? (bytes[at - 291] ?? 0) : seed >>> 16;
  }
  return bytes;
}

async function open(bytes: Uint8Array, budget = testBudget()) {
  const { context, findings } = recordingContext(budget);
  const members = new Map<string, Buffer | string>();
  for await (const member of cab.open?.(sourceOf(bytes), context) ?? []) {
    try {
      members.set(member.name, await contentOf(member));
    } catch (error) {
      if (!(error instanceof ArtifactError)) throw error;
      members.set(member.name, error.code);
    }
  }
  return { members, findings };
}

const lzxFolder = (content: Buffer, windowBits: number, frames: Buffer[]): RawFolder => ({
  type: 3 | (windowBits << 8),
  blocks: frames.map((packed, index) => ({
    packed,
    unpackedBytes: Math.min(FRAME_BYTES, content.length - index * FRAME_BYTES),
  })),
});

const fileOf = (content: Buffer, name = "a.bin") => ({
  name,
  sizeBytes: content.length,
  offset: 0,
  folder: 0,
});

describe("cabinets", () => {
  const content = filling(100_001);

  it.each(["none", "mszip"] as const)("gives back every file of a cabinet (%s)", async (compression) => {
    const files = [
      { name: "docs\\read me.txt", content: Buffer.from("hello") },
      { name: "app.exe", content },
      { name: "empty", content: Buffer.alloc(0) },
      { name: "naïve.txt", content: Buffer.from("x") },
    ];
    const { members, findings } = await open(writeCabinet({ files, compression }));
    expect(findings).toEqual([]);
    expect([...members.keys()].sort()).toEqual(["app.exe", "docs/read me.txt", "empty", "naïve.txt"]);
    expect(members.get("app.exe")).toEqual(content);
  });

  it.each<[string, number, LzxBlockKind[], number, number]>([
    ["verbatim blocks", 15, ["verbatim"], 0, 20_001],
    ["aligned blocks", 21, ["aligned"], 0, 20_001],
    ["all kinds, crossing frames", 16, ["verbatim", "uncompressed", "aligned"], 0, 40_001],
    ["calls translated", 17, ["verbatim", "aligned"], 100_001, 33_000],
    ["one uncompressed block of odd length", 18, ["uncompressed"], 0, 100_001],
  ])("unpacks LZX: %s", async (_, windowBits, kinds, programBytes, blockBytes) => {
    const frames = packLzx({ content, windowBits, kinds, programBytes, blockBytes });
    const bytes = buildCabinet([lzxFolder(content, windowBits, frames)], [fileOf(content)]);
    const { members, findings } = await open(bytes);
    expect(findings).toEqual([]);
    expect(members.get("a.bin")).toEqual(content);
  });

  it("unpacks a folder once for two names of the same bytes", async () => {
    const frames = packLzx({ content, windowBits: 15, kinds: ["verbatim"] });
    const names = ["a", "b", "c"].map((name) => fileOf(content, name));
    const budget = testBudget();
    const { members, findings } = await open(buildCabinet([lzxFolder(content, 15, frames)], names), budget);
    expect(findings).toEqual([]);
    expect([...members.values()].every((bytes) => content.equals(Buffer.from(bytes)))).toBe(true);
    expect(budget.spent.bytes).toBeLessThan(content.length + FRAME_BYTES);
  });

  it("calls its files as the installer around it does, and judges those names", async () => {
    const { context, findings } = recordingContext();
    const memberNames = new Map([["file1", "../escape.exe"]]);
    const bytes = writeCabinet({ files: [{ name: "file1", content: Buffer.from("x") }] });
    const names: string[] = [];
    for await (const member of cab.open?.(sourceOf(bytes), { ...context, memberNames }) ?? []) {
      names.push(member.name);
      await collect(member.content());
    }
    expect(names).toEqual(["../escape.exe"]);
    expect(findings).toMatchObject([{ check: "member-names", outcome: "fail", facts: { escapes: true } }]);
  });

  it("says that Quantum cannot be opened", async () => {
    const folder = { type: 2, blocks: [{ packed: Buffer.from("x"), unpackedBytes: 1 }] };
    const { members, findings } = await open(buildCabinet([folder], [fileOf(Buffer.alloc(1))]));
    expect(members.size).toBe(0);
    expect(findings).toMatchObject([{ check: "opened", outcome: "unknown", member: "a.bin" }]);
  });
});

describe("hidden bytes in cabinets", () => {
  const whole = writeCabinet({ files: [{ name: "a", content: Buffer.from("hello") }], compression: "none" });

  it("finds bytes behind the end", async () => {
    const { findings } = await open(Buffer.concat([whole, Buffer.from("secret")]));
    expect(findings).toMatchObject([
      { check: "structure", outcome: "fail", facts: { offsetBytes: whole.length, lengthBytes: 6 } },
    ]);
  });

  it("finds bytes between the file table and the data", async () => {
    const at = whole.readUInt32LE(36);
    const bytes = Buffer.concat([whole.subarray(0, at), Buffer.from("gap!"), whole.subarray(at)]);
    bytes.writeUInt32LE(at + 4, 36);
    bytes.writeUInt32LE(bytes.length, 8);
    const { members, findings } = await open(bytes);
    expect(members.get("a")).toEqual(Buffer.from("hello"));
    expect(findings).toMatchObject([{ check: "structure", facts: { offsetBytes: at, lengthBytes: 4 } }]);
  });

  it("finds bytes of a folder that no file has, between and behind its files", async () => {
    const block = { packed: Buffer.from("0123456789"), unpackedBytes: 10 };
    const files = [
      { name: "a", sizeBytes: 2, offset: 0, folder: 0 },
      { name: "b", sizeBytes: 3, offset: 4, folder: 0 },
    ];
    const { findings } = await open(buildCabinet([{ type: 0, blocks: [block] }], files));
    expect(findings).toMatchObject([
      { because: "a folder holds bytes between its files", facts: { lengthBytes: 2 } },
      { because: "a folder holds bytes behind its last file", facts: { lengthBytes: 3 } },
    ]);
  });

  it("finds files and folders that share bytes", async () => {
    const block = { packed: Buffer.from("0123456789"), unpackedBytes: 10 };
    const files = [
      { name: "a", sizeBytes: 6, offset: 0, folder: 0 },
      { name: "b", sizeBytes: 6, offset: 4, folder: 0 },
    ];
    expect((await open(buildCabinet([{ type: 0, blocks: [block] }], files))).findings).toMatchObject([
      { because: "files of one folder overlap" },
    ]);
    const two = buildCabinet(
      [0, 0].map((type) => ({ type, blocks: [block] })),
      [0, 1].map((folder) => ({ name: `f${folder}`, sizeBytes: 10, offset: 0, folder })),
    );
    two.writeUInt32LE(two.readUInt32LE(36), 44);
    expect((await open(two)).findings).toContainEqual(
      expect.objectContaining({ check: "structure", because: expect.stringContaining("share bytes") }),
    );
  });

  it("finds bytes behind the deflate stream of an MSZIP block", async () => {
    const packed = Buffer.concat([
      Buffer.from("CK"),
      deflateRawSync(Buffer.from("hi")),
      Buffer.from("hidden"),
    ]);
    const bytes = buildCabinet(
      [{ type: 1, blocks: [{ packed, unpackedBytes: 2 }] }],
      [fileOf(Buffer.from("hi"))],
    );
    expect((await open(bytes)).members.get("a.bin")).toBe("artifact.malformed");
  });

  it("finds bytes behind the data of an LZX block", async () => {
    const content = filling(500);
    const frames = packLzx({ content, windowBits: 15, kinds: ["verbatim"] });
    const folder = lzxFolder(
      content,
      15,
      frames.map((frame) => Buffer.concat([frame, Buffer.alloc(2)])),
    );
    expect((await open(buildCabinet([folder], [fileOf(content)]))).members.get("a.bin")).toBe(
      "artifact.malformed",
    );
  });

  it("takes a signature behind the cabinet for a signature", async () => {
    const signed = withCabSignature(withSignaturePlace(whole), Buffer.from("3003020101", "hex"));
    const { members, findings } = await open(signed);
    expect(members.get("a")).toEqual(Buffer.from("hello"));
    expect(findings).toEqual([]);
  });
});

describe("damaged and hostile cabinets", () => {
  const content = filling(70_000);
  const samples: [string, Buffer][] = [
    ["stored", writeCabinet({ files: [{ name: "a", content }], compression: "none" })],
    ["mszip", writeCabinet({ files: [{ name: "a", content }] })],
    [
      "lzx",
      buildCabinet(
        [lzxFolder(content, 15, packLzx({ content, windowBits: 15, kinds: ["aligned", "uncompressed"] }))],
        [fileOf(content)],
      ),
    ],
  ];

  it("refuses a wrong checksum", async () => {
    const [, bytes] = samples[0] ?? ["", Buffer.alloc(0)];
    const flipped = Buffer.from(bytes);
    flipped[flipped.length - 1] = (flipped.at(-1) ?? 0) ^ 1;
    expect((await open(flipped)).members.get("a")).toBe("artifact.malformed");
  });

  it.each(samples)("answers a %s cabinet cut anywhere with a typed error or a finding", async (_, bytes) => {
    const cuts = [
      ...Array(100).keys(),
      ...Array.from({ length: 30 }, (_, index) => bytes.length - 1 - index * 997),
    ];
    for (const cut of cuts.filter((at) => at >= 0)) {
      const answer = await open(bytes.subarray(0, cut)).catch((error: unknown) => error);
      if (answer instanceof Error)
        expect(hasCode(answer, "artifact.truncated", "artifact.malformed")).toBe(true);
      else expect(answer).toSatisfy(({ findings }: Awaited<ReturnType<typeof open>>) => findings.length > 0);
    }
  });

  it.each(samples)("survives flipped bytes in a %s cabinet", async (_, bytes) => {
    let seed = 7;
    for (let round = 0; round < 150; round += 1) {
      const broken = Buffer.from(bytes);
      for (let flip = 0; flip < 3; flip += 1) {
        seed = (Math.imul(seed, 1_103_515_245) + 12_345) & 0x7fffffff;
        const at = round % 2 === 0 ? seed % 90 : seed % broken.length;
        broken[at] = seed >>> 20;
      }
      // Checksums off, so that the decoders see the damage.
      if (round % 3 === 0) broken.writeUInt32LE(0, broken.readUInt32LE(36) % (broken.length - 4));
      const answer = await open(broken, testBudget({ bytes: 10_000_000 })).catch((error: unknown) => error);
      if (answer instanceof Error) expect(answer).toBeInstanceOf(ArtifactError);
    }
  });

  it("spends the budget of a folder that is unpacked over and over", async () => {
    const files = Array.from({ length: 400 }, (_, index) => ({
      name: `f${index}`,
      sizeBytes: 70_000 - index,
      offset: 0,
      folder: 0,
    }));
    const frames = packLzx({ content, windowBits: 15, kinds: ["uncompressed"] });
    const bytes = buildCabinet([lzxFolder(content, 15, frames)], files);
    const { members } = await open(bytes, testBudget({ bytes: 1_000_000 })).catch((error: unknown) => {
      expect(error).toMatchObject({ code: "artifact.over-limit" });
      return { members: new Map([["f", "artifact.over-limit"]]) };
    });
    expect([...members.values()]).toContain("artifact.over-limit");
  });
});

describe("cabinets made by others", () => {
  it.skipIf(corpusFile("jsign/mscab/sample1.cab") === undefined).each([
    ["jsign/mscab/sample1.cab", { "MORE.exe": 6942, "wineyes.exe": 40_960 }, 0],
    ["jsign/mscab/sample2-disk1.cab", {}, 3],
    ["jsign/mscab/sample2-disk2.cab", {}, 3],
    ["jsign/mscab/sample3.cab", { "MORE.exe": 6942 }, 0],
    ["jsign/mscab/sample4.cab", { "MORE.exe": 6942 }, 0],
    ["relic/packages/dummy.cab", { "dummy.wxs": 1186 }, 0],
    ["osslsigncode/unsigned.ex_", { "tests/sources/a": 2, "tests/sources/b": 2 }, 0],
  ])(`opens %s (${NO_CORPUS} when skipped)`, async (path, sizes, unopened) => {
    const { members, findings } = await open(await readFile(corpusFile(path) ?? ""));
    expect(Object.fromEntries([...members].map(([name, bytes]) => [name, bytes.length]))).toEqual(sizes);
    expect(findings.filter(({ check, outcome }) => check === "opened" && outcome === "unknown")).toHaveLength(
      unopened,
    );
    expect(findings).toHaveLength(unopened);
  });
});
