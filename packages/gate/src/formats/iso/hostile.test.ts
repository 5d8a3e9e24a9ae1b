import { describe, expect, it } from "vitest";
import { hostileSuite } from "../../long-tail/hostile.fixture.ts";
import { walkContainer } from "../container-walk.fixture.ts";
import { bridge } from "./bridge.fixture.ts";
import { iso } from "./index.ts";
import { SECTOR_BYTES } from "./mark.ts";
import { sample } from "./sample.fixture.ts";

hostileSuite({ format: iso, sample: sample(), isCountedElsewhere: true });

const open = (bytes: Buffer) => walkContainer(iso, bytes);
const utf16 = (text: string): Buffer => Buffer.from(text, "utf16le").swap16();
const lie = (because: RegExp) =>
  expect.objectContaining({ check: "structure", outcome: "fail", because: expect.stringMatching(because) });

/** Where the directory record of this name begins. */
function recordOf(bytes: Buffer, name: Buffer): number {
  for (let at = bytes.indexOf(name); at >= 0; at = bytes.indexOf(name, at + 1))
    if (bytes[at - 1] === name.length) return at - 33;
  throw new Error("the sample has no such record");
}

function put(bytes: Buffer, at: number, value: number): void {
  bytes.writeUInt32LE(value, at);
  bytes.writeUInt32BE(value, at + 4);
}

/** A disc of which one record says something else. */
function changed(name: Buffer, change: (bytes: Buffer, record: number) => void, disc = sample()): Buffer {
  change(disc, recordOf(disc, name));
  return disc;
}

const PLAIN = Buffer.from("A.TXT;1");
const JOLIET = utf16("a.txt");
const OTHER = Buffer.from("B.TXT;1");

describe("a disc whose trees tell different things", () => {
  it("is reported when one Joliet file lies elsewhere, and both are handed on", async () => {
    const other = sample().readUInt32LE(recordOf(sample(), OTHER) + 2);
    const { findings, members } = await open(changed(JOLIET, (bytes, at) => put(bytes, at + 2, other)));
    expect(findings).toContainEqual(lie(/two readers see different files/));
    expect(members.map(({ name }) => name)).toEqual(expect.arrayContaining(["a.txt", "Joliet/a.txt"]));
    const [one, two] = ["a.txt", "Joliet/a.txt"].map((name) =>
      members.find((member) => member.name === name),
    );
    expect(one?.bytes.toString()).toBe("hello\n");
    expect(two?.bytes.toString()).toBe("anothe");
  });

  it("is reported when a Joliet file is longer", async () => {
    const { findings } = await open(changed(JOLIET, (bytes, at) => put(bytes, at + 10, 2000)));
    expect(findings).toContainEqual(lie(/two readers see different files/));
  });

  it.each([
    ["begins otherwise", "z.txt"],
    ["has another extension", "a.exe"],
  ])("is reported when a Joliet name %s", async (_, name) => {
    const { findings } = await open(changed(JOLIET, (bytes, at) => utf16(name).copy(bytes, at + 33)));
    expect(findings).toContainEqual(lie(/has another name in its Joliet tree/));
  });

  it("is reported when Rock Ridge gives a file another name", async () => {
    const disc = sample();
    const at = disc.indexOf("a.txt");
    disc.write("x.exe", at);
    expect((await open(disc)).findings).toContainEqual(lie(/do not know Rock Ridge/));
  });

  it("is reported when a number is said in two ways", async () => {
    const disc = changed(PLAIN, (bytes, at) => bytes.writeUInt32BE(7, at + 14));
    expect((await open(disc)).findings).toContainEqual(lie(/says one number in two ways/));
  });

  it("is read as one when UDF tells the same", async () => {
    const { findings, members, code } = await open(bridge());
    expect({ findings, code }).toEqual({ findings: [], code: "" });
    expect(members).toHaveLength(3);
  });

  it("is reported when UDF tells of other content, and that is handed on as well", async () => {
    let disc = bridge();
    const other = disc.readUInt32LE(recordOf(disc, OTHER) + 2);
    for (const name of [PLAIN, JOLIET]) disc = changed(name, (bytes, at) => put(bytes, at + 2, other), disc);
    const { findings, members } = await open(disc);
    expect(findings).toContainEqual(lie(/has other content in its UDF tree/));
    expect(members.filter(({ name }) => name === "a.txt").map(({ bytes }) => bytes.toString())).toEqual([
      "anothe",
      "hello\n",
    ]);
  });
});

describe("a disc that can be written to a disk", () => {
  /** The first sector's table gets one partition. */
  function hybrid(start: number, sectors: number, behind: Buffer): Buffer {
    const disc = Buffer.concat([sample(), behind]);
    disc.writeUInt8(0xef, 446 + 4);
    disc.writeUInt32LE(start, 446 + 8);
    disc.writeUInt32LE(sectors, 446 + 12);
    disc.writeUInt16BE(0x55aa, 510);
    return disc;
  }

  it("hands on a partition behind the volume, which is no unexplained rest", async () => {
    const partition = Buffer.alloc(4096, "boot");
    const { members, findings } = await open(hybrid(sample().length / 512, 8, partition));
    expect(findings).toEqual([]);
    expect(members.find(({ name }) => name === "partition 1")?.bytes.equals(partition)).toBe(true);
  });

  it("does not take the disc itself for a partition, nor reads past the end", async () => {
    const itself = await open(hybrid(0, sample().length / 512, Buffer.alloc(0)));
    expect(itself.members).toHaveLength(3);
    const beyond = await open(hybrid(sample().length / 512 + 100, 8, Buffer.alloc(0)));
    expect(beyond).toMatchObject({ code: "", findings: [] });
  });

  it("reports bytes behind volume and partitions", async () => {
    const { findings } = await open(hybrid(sample().length / 512, 4, Buffer.alloc(4096, "boot")));
    expect(findings).toContainEqual(lie(/has 2048 bytes after its end/));
  });
});

describe("a disc that contradicts itself", () => {
  it("is not walked for ever when a folder is inside itself", async () => {
    const root = sample().readUInt32LE(16 * SECTOR_BYTES + 156 + 2);
    const disc = changed(Buffer.from("FOLDER"), (bytes, at) => put(bytes, at + 2, root));
    expect((await open(disc)).findings).toContainEqual(lie(/inside itself/));
  });

  it.each([1, 33, 40, 255])("is refused when a record is %i bytes long", async (length) => {
    const { code, findings } = await open(changed(PLAIN, (bytes, at) => bytes.writeUInt8(length, at)));
    expect(code !== "" || findings.length > 0).toBe(true);
  });

  it("does not read a file past its end", async () => {
    const far = (bytes: Buffer, at: number) => put(bytes, at + 2, 0xfffffff);
    const { code } = await open(changed(PLAIN, far, changed(JOLIET, far)));
    expect(code).toBe("artifact.truncated");
  });

  it("is refused without a volume, with blocks of no size, with a folder larger than the disc", async () => {
    const without = sample();
    for (const sector of [16, 17]) without.writeUInt8(3, sector * SECTOR_BYTES);
    expect((await open(without)).code).toBe("artifact.malformed");
    const blocks = sample();
    blocks.writeUInt16LE(0, 16 * SECTOR_BYTES + 128);
    expect((await open(blocks)).code).toBe("artifact.malformed");
    const folder = changed(Buffer.from("FOLDER"), (bytes, at) => put(bytes, at + 10, 50_000_000));
    expect((await open(folder)).code).toBe("artifact.truncated");
  });

  it("is reported when records hide behind the last one of a folder", async () => {
    const disc = sample();
    const root = disc.readUInt32LE(16 * SECTOR_BYTES + 156 + 2) * SECTOR_BYTES;
    disc.write("hidden", root + SECTOR_BYTES - 10);
    expect((await open(disc)).findings).toContainEqual(lie(/behind the records of a folder/));
  });

  it("does not trust a Rock Ridge continuation without end", async () => {
    const disc = sample();
    const at = disc.indexOf("CE\x1c\x01", 0, "latin1");
    if (at >= 0) {
      const self = Math.floor(at / SECTOR_BYTES);
      put(disc, at + 4, self);
      put(disc, at + 12, at % SECTOR_BYTES);
      put(disc, at + 20, 28);
    }
    await open(disc);
  });
});
