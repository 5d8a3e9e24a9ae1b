import { readFile } from "node:fs/promises";
import type { ByteSource } from "@sallyport/core";
import { contentOf, corpusFile, NO_CORPUS, recordingContext, sourceOf } from "@sallyport/testkit";
import CFB from "cfb";
import { describe, expect, it } from "vitest";
import { writeCompoundFile } from "../../replica/compound-file.ts";
import { writeMsi } from "../../replica/msi-package.ts";
import type { Member } from "../format.ts";
import { openCompoundFile } from "./compound-file.ts";
import { openDatabase } from "./database.ts";
import { ole } from "./index.ts";
import { decodeStreamName, encodeStreamName } from "./stream-name.ts";

async function open(bytes: Uint8Array) {
  const { context, findings, refinedTo } = recordingContext();
  const members = new Map<string, Member>();
  for await (const member of ole.open?.(sourceOf(bytes), context) ?? []) members.set(member.name, member);
  return { members, findings, refined: refinedTo() };
}

const read = async (member: Member | undefined): Promise<Buffer> =>
  member === undefined ? Buffer.from("no such member") : contentOf(member);

const msi = writeMsi({
  product: "Demo",
  company: "Example Ltd",
  version: "1.2.3",
  folder: "Demo App",
  files: [
    { name: "Demo Application.exe", content: Buffer.alloc(9000, 1) },
    { name: "readme.txt", content: Buffer.from("hello") },
  ],
  customActions: [{ action: "Greet", type: 51, source: "GREETING", target: "hello" }],
  services: [{ name: "demo", displayName: "Demo" }],
});

describe("compound files", () => {
  const streams: [string, Buffer][] = [
    ["short", Buffer.from("a short stream")],
    ["exactly the limit", Buffer.alloc(4096, 1)],
    ["one less", Buffer.alloc(4095, 2)],
    ["empty", Buffer.alloc(0)],
    ["long", Buffer.alloc(300_000, 3)],
    ...Array.from({ length: 40 }, (_, index): [string, Buffer] => [
      `s${index}`,
      Buffer.alloc(index * 5, index),
    ]),
  ];

  it("reads what an independent library wrote", async () => {
    const container = CFB.utils.cfb_new();
    for (const [name, content] of streams) CFB.utils.cfb_add(container, `/${name}`, content);
    CFB.utils.cfb_add(container, "/folder/inner/deep", Buffer.from("deep"));
    const { members } = await open(Buffer.from(CFB.write(container, { type: "buffer" }) as Uint8Array));
    for (const [name, content] of streams) expect(await read(members.get(name)), name).toEqual(content);
    expect(await read(members.get("folder/inner/deep"))).toEqual(Buffer.from("deep"));
  });

  it("writes what an independent library reads", () => {
    const bytes = writeCompoundFile({
      children: [
        ...streams.map(([name, content]) => ({ name, content })),
        { name: "folder", content: { children: [{ name: "deep", content: Buffer.from("deep") }] } },
      ],
    });
    const container = CFB.read(bytes, { type: "buffer" });
    for (const [name, content] of streams) {
      expect(Buffer.from(CFB.find(container, `/${name}`)?.content ?? []), name).toEqual(content);
    }
    expect(Buffer.from(CFB.find(container, "/folder/deep")?.content ?? [])).toEqual(Buffer.from("deep"));
  });

  it("reads what it wrote, and finds nothing hidden in it", async () => {
    const bytes = writeCompoundFile({ children: streams.map(([name, content]) => ({ name, content })) });
    const { members, findings, refined } = await open(bytes);
    expect(findings).toEqual([]);
    expect(refined).toBeUndefined();
    for (const [name, content] of streams) expect(await read(members.get(name)), name).toEqual(content);
  });

  it("reads a file so large that the header cannot list its FAT, a range at a time", async () => {
    const content = Buffer.alloc(8 * 1024 * 1024, 5);
    const bytes = writeCompoundFile({ children: [{ name: "large", content }] });
    const { members, findings } = await open(bytes);
    expect(findings).toEqual([]);
    expect((await read(members.get("large"))).equals(content)).toBe(true);
  });

  it("opens an installer of 500 MB by reading a few", async () => {
    const { source, readBytes } = largeFile(500 * 1024 * 1024);
    const file = await openCompoundFile(source);
    expect(file.directory.root.children[0]?.entry.sizeBytes).toBeGreaterThan(499_000_000);
    expect(readBytes()).toBeLessThan(6 * 1024 * 1024);
  });

  it("refuses tables that are larger than may be held", async () => {
    const { source } = largeFile(500 * 1024 * 1024);
    await expect(openCompoundFile(source, 1024 * 1024)).rejects.toMatchObject({
      code: "artifact.over-limit",
    });
  });
});

/** A compound file with one stream that fills it; only its tables are in memory. */
function largeFile(sizeBytes: number): { source: ByteSource; readBytes: () => number } {
  const sectors = sizeBytes / 512;
  const fatSectors = Math.ceil((sectors + 20_000) / 128);
  const difatSectors = Math.ceil((fatSectors - 109) / 127);
  // Directory, FAT and DIFAT first, then the stream.
  const first = 1 + fatSectors + difatSectors;
  const total = first + sectors;
  const head = Buffer.alloc((1 + first) * 512);
  writeCompoundFile({ children: [{ name: "large", content: Buffer.alloc(5000) }] }).copy(head, 0, 0, 512);
  const small = writeCompoundFile({ children: [{ name: "large", content: Buffer.alloc(5000) }] });
  small.copy(head, 512, (small.readUInt32LE(48) + 1) * 512, (small.readUInt32LE(48) + 2) * 512);
  head.writeUInt32LE(first, 512 + 128 + 116);
  head.writeUInt32LE(sizeBytes, 512 + 128 + 120);
  for (const [at, value] of [
    [44, fatSectors],
    [48, 0],
    [68, 1 + fatSectors],
    [72, difatSectors],
  ] as const) {
    head.writeUInt32LE(value, at);
  }
  for (let index = 0; index < 109; index += 1) head.writeUInt32LE(1 + index, 76 + index * 4);
  const fat = head.subarray(2 * 512, (2 + fatSectors) * 512).fill(0xff);
  fat.writeUInt32LE(0xfffffffe, 0);
  for (let sector = 1; sector < total; sector += 1) {
    const isFat = sector <= fatSectors;
    const isDifat = !isFat && sector < first;
    const next = isFat ? 0xfffffffd : isDifat ? 0xfffffffc : sector + 1 === total ? 0xfffffffe : sector + 1;
    fat.writeUInt32LE(next, sector * 4);
  }
  const difat = head.subarray((2 + fatSectors) * 512).fill(0xff);
  for (let index = 0; index < difatSectors * 127; index += 1) {
    const at = Math.floor(index / 127) * 512 + (index % 127) * 4;
    if (109 + index < fatSectors) difat.writeUInt32LE(110 + index, at);
  }
  for (let index = 0; index < difatSectors; index += 1) {
    difat.writeUInt32LE(index + 1 < difatSectors ? 2 + fatSectors + index : 0xfffffffe, index * 512 + 508);
  }
  let count = 0;
  const read = async (offset: number, length: number): Promise<Uint8Array> => {
    count += length;
    const bytes = Buffer.alloc(length);
    head.copy(bytes, 0, offset, offset + length);
    return bytes;
  };
  return {
    source: {
      sizeBytes: (1 + total) * 512,
      read,
      stream: () => expect.unreachable("nobody streams the file"),
    },
    readBytes: () => count,
  };
}

describe("installers", () => {
  it("says what the product is, what runs and what stays", async () => {
    const { context } = recordingContext();
    expect(await ole.identify?.(sourceOf(msi), context)).toEqual({
      product: "Demo",
      company: "Example Ltd",
      version: "1.2.3",
    });
    const { findings, refined } = await open(msi);
    expect(refined).toBe("msi");
    expect(findings).toMatchObject([
      {
        check: "structure",
        outcome: "pass",
        facts: {
          customActions: 1,
          actions: [{ action: "Greet", type: 51, source: "GREETING", target: "hello" }],
          services: [{ name: "demo", account: "LocalSystem" }],
        },
      },
    ]);
  });

  it("gives the cabinet's members the paths they are installed under", async () => {
    const { members } = await open(msi);
    expect(members.get("product.cab")?.memberNames).toEqual(
      new Map([
        ["file1", "Demo App/Demo Application.exe"],
        ["file2", "Demo App/readme.txt"],
      ]),
    );
    expect(members.get("!File")?.memberNames).toBeUndefined();
  });

  it("says that a cabinet beside the installer is not opened", async () => {
    const { findings } = await open(
      writeMsi({
        product: "Demo",
        company: "Example Ltd",
        version: "1",
        folder: "Demo",
        files: [{ name: "a", content: Buffer.from("a") }],
        externalCabinet: "data1.cab",
      }),
    );
    expect(findings).toContainEqual(
      expect.objectContaining({ check: "opened", outcome: "unknown", facts: { cabinet: "data1.cab" } }),
    );
  });

  it("reads tables by their columns", async () => {
    const database = await openDatabase(await openCompoundFile(sourceOf(msi)));
    expect(database?.columns("Media").map(({ name, kind, isKey }) => [name, kind, isKey])).toEqual([
      ["DiskId", "number", true],
      ["LastSequence", "number", false],
      ["DiskPrompt", "text", false],
      ["Cabinet", "text", false],
      ["VolumeLabel", "text", false],
      ["Source", "text", false],
    ]);
    expect([...((await database?.rows("Media")) ?? [])]).toEqual([
      {
        DiskId: 1,
        LastSequence: 2,
        DiskPrompt: null,
        Cabinet: "#product.cab",
        VolumeLabel: null,
        Source: null,
      },
    ]);
    expect([...((await database?.rows("NoSuchTable")) ?? [])]).toEqual([]);
  });

  it.each(["File", "a", "Binary.icon.ico", "weird name!", "odd-length."])(
    "codes the stream name %s both ways",
    (name) => {
      for (const isTable of [true, false]) {
        expect(decodeStreamName(encodeStreamName(name, isTable))).toBe(isTable ? `!${name}` : name);
      }
    },
  );
});

describe("installers made by others", () => {
  it.skipIf(corpusFile("jsign/minimal.msi") === undefined).each([
    ["jsign/minimal.msi", undefined, 9],
    ["jsign/minimal-signed-with-signtool.msi", undefined, 9],
    ["osslsigncode/unsigned.msi", "Foobar 1.0", 28],
    ["relic/packages/dummy.msi", "dummy", 13],
  ])(`opens %s and finds nothing hidden (${NO_CORPUS} when skipped)`, async (path, product, tables) => {
    const bytes = await readFile(corpusFile(path) ?? "");
    const { findings, refined, members } = await open(bytes);
    expect(refined).toBe("msi");
    expect(findings).toMatchObject([{ check: "structure", outcome: "pass", facts: { tables } }]);
    const container = CFB.read(bytes, { type: "buffer" });
    for (const { name, content, type } of container.FileIndex) {
      if (type !== 2) continue;
      expect(await read(members.get(decodeStreamName(name))), name).toEqual(Buffer.from(content));
    }
    const { context } = recordingContext();
    const identity = await ole.identify?.(sourceOf(bytes), context);
    if (product !== undefined) expect(identity?.product).toBe(product);
  });
});
