import { deflateRawSync } from "node:zlib";
import { ArtifactError, hasCode } from "@sallyport/core";
import { testBudget } from "@sallyport/testkit";
import { describe, expect, it } from "vitest";
import { withCabSignature, withSignaturePlace, writeCabinet } from "../../replica/cabinet.ts";
import { buildCabinet, fileOf, filling, lzxFolder, openCabinet } from "./cabinet.fixture.ts";
import { packLzx } from "./lzx.fixture.ts";

describe("hidden bytes in cabinets", () => {
  const whole = writeCabinet({ files: [{ name: "a", content: Buffer.from("hello") }], compression: "none" });

  it("finds bytes behind the end", async () => {
    const { findings } = await openCabinet(Buffer.concat([whole, Buffer.from("secret")]));
    expect(findings).toMatchObject([
      { check: "structure", outcome: "fail", facts: { offsetBytes: whole.length, lengthBytes: 6 } },
    ]);
  });

  it("finds bytes between the file table and the data", async () => {
    const at = whole.readUInt32LE(36);
    const bytes = Buffer.concat([whole.subarray(0, at), Buffer.from("gap!"), whole.subarray(at)]);
    bytes.writeUInt32LE(at + 4, 36);
    bytes.writeUInt32LE(bytes.length, 8);
    const { members, findings } = await openCabinet(bytes);
    expect(members.get("a")).toEqual(Buffer.from("hello"));
    expect(findings).toMatchObject([{ check: "structure", facts: { offsetBytes: at, lengthBytes: 4 } }]);
  });

  it("finds bytes of a folder that no file has, between and behind its files", async () => {
    const block = { packed: Buffer.from("0123456789"), unpackedBytes: 10 };
    const files = [
      { name: "a", sizeBytes: 2, offset: 0, folder: 0 },
      { name: "b", sizeBytes: 3, offset: 4, folder: 0 },
    ];
    const { findings } = await openCabinet(buildCabinet([{ type: 0, blocks: [block] }], files));
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
    expect((await openCabinet(buildCabinet([{ type: 0, blocks: [block] }], files))).findings).toMatchObject([
      { because: "files of one folder overlap" },
    ]);
    const two = buildCabinet(
      [0, 0].map((type) => ({ type, blocks: [block] })),
      [0, 1].map((folder) => ({ name: `f${folder}`, sizeBytes: 10, offset: 0, folder })),
    );
    two.writeUInt32LE(two.readUInt32LE(36), 44);
    expect((await openCabinet(two)).findings).toContainEqual(
      expect.objectContaining({ check: "structure", because: expect.stringContaining("share bytes") }),
    );
  });

  it("finds a folder that no file lies in", async () => {
    const block = { packed: Buffer.from("0123456789"), unpackedBytes: 10 };
    const folders = [0, 0].map((type) => ({ type, blocks: [block] }));
    const { findings } = await openCabinet(buildCabinet(folders, [fileOf(Buffer.alloc(10))]));
    expect(findings).toMatchObject([{ check: "structure", because: "a folder holds data and no file" }]);
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
    expect((await openCabinet(bytes)).members.get("a.bin")).toBe("artifact.malformed");
  });

  it("finds bytes behind the data of an LZX block", async () => {
    const content = filling(500);
    const frames = packLzx({ content, windowBits: 15, kinds: ["verbatim"] });
    const folder = lzxFolder(
      content,
      15,
      frames.map((frame) => Buffer.concat([frame, Buffer.alloc(2)])),
    );
    expect((await openCabinet(buildCabinet([folder], [fileOf(content)]))).members.get("a.bin")).toBe(
      "artifact.malformed",
    );
  });

  it("takes a signature behind the cabinet for a signature", async () => {
    const signed = withCabSignature(withSignaturePlace(whole), Buffer.from("3003020101", "hex"));
    const { members, findings } = await openCabinet(signed);
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
    expect((await openCabinet(flipped)).members.get("a")).toBe("artifact.malformed");
  });

  it.each(samples)("answers a %s cabinet cut anywhere with a typed error or a finding", async (_, bytes) => {
    const cuts = [
      ...Array(100).keys(),
      ...Array.from({ length: 30 }, (_, index) => bytes.length - 1 - index * 997),
    ];
    for (const cut of cuts.filter((at) => at >= 0)) {
      const answer = await openCabinet(bytes.subarray(0, cut)).catch((error: unknown) => error);
      if (answer instanceof Error)
        expect(hasCode(answer, "artifact.truncated", "artifact.malformed")).toBe(true);
      else
        expect(answer).toSatisfy(
          ({ findings }: Awaited<ReturnType<typeof openCabinet>>) => findings.length > 0,
        );
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
      const answer = await openCabinet(broken, testBudget({ bytes: 10_000_000 })).catch(
        (error: unknown) => error,
      );
      if (answer instanceof Error) expect(answer).toBeInstanceOf(ArtifactError);
    }
  });

  it("walks no further than the file is long when thousands of folders share their blocks", async () => {
    const block = { packed: Buffer.alloc(0), unpackedBytes: 0 };
    const folders = Array.from({ length: 5000 }, (_, index) => ({
      type: 0,
      blocks: new Array<typeof block>(index === 0 ? 5000 : 0).fill(block),
    }));
    const bytes = buildCabinet(folders, []);
    for (let at = 36; at < 36 + 5000 * 8; at += 8) {
      bytes.writeUInt32LE(bytes.readUInt32LE(36), at);
      bytes.writeUInt16LE(5000, at + 4);
    }
    const { findings } = await openCabinet(bytes);
    expect(findings).toContainEqual(
      expect.objectContaining({ check: "structure", facts: { code: "artifact.malformed" } }),
    );
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
    const { members } = await openCabinet(bytes, testBudget({ bytes: 1_000_000 })).catch((error: unknown) => {
      expect(error).toMatchObject({ code: "artifact.over-limit" });
      return { members: new Map([["f", "artifact.over-limit"]]) };
    });
    expect([...members.values()]).toContain("artifact.over-limit");
  });
});

describe("names in cabinets", () => {
  it.each(["..\\evil.exe", "a\\..\\..\\evil.exe", "C:\\Windows\\evil.dll", "\\evil.exe", "/etc/evil"])(
    "are reported when they climb: %s",
    async (name) => {
      const { findings } = await openCabinet(writeCabinet({ files: [{ name, content: Buffer.from("x") }] }));
      expect(findings).toMatchObject([{ check: "member-names", outcome: "fail", facts: { escapes: true } }]);
    },
  );

  it("are reported when two files have one, unless both are the same bytes", async () => {
    const files = ["1", "2"].map((text) => ({ name: "a.txt", content: Buffer.from(text) }));
    const { findings } = await openCabinet(writeCabinet({ files, compression: "none" }));
    expect(findings).toMatchObject([
      { check: "structure", outcome: "fail", because: "is there twice", member: "a.txt" },
    ]);
    const block = { packed: Buffer.from("0123456789"), unpackedBytes: 10 };
    const same = [fileOf(Buffer.alloc(10)), fileOf(Buffer.alloc(10))];
    expect((await openCabinet(buildCabinet([{ type: 0, blocks: [block] }], same))).findings).toEqual([]);
  });
});

it("gives back a cabinet inside a cabinet as it stands", async () => {
  const inner = writeCabinet({ files: [{ name: "a", content: Buffer.from("hello") }] });
  const { members, findings } = await openCabinet(
    writeCabinet({ files: [{ name: "b.cab", content: inner }] }),
  );
  expect(findings).toEqual([]);
  expect(members).toEqual(new Map([["b.cab", inner]]));
});
