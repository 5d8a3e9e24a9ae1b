/** What one reader of a zip would see and another would not, case by case, and zips that are damaged. */

import { deflateRawSync } from "node:zlib";
import { DEFAULT_LIMITS } from "@sallyport/core";
import { describe, expect, it } from "vitest";
import { writeZip } from "../../replica/zip-archive.ts";
import { buildZip, descriptor, field, type Part, readZip, wideEnd, wideField } from "./zip.fixture.ts";

const first = Buffer.from("first ".repeat(20));
const second = Buffer.from("second one");
const a: Part = { name: "a.txt", bytes: first };
const b: Part = { name: "b.txt", bytes: second, method: 0 };

async function lies(bytes: Buffer): Promise<readonly string[]> {
  const { findings } = await readZip(bytes);
  return findings.filter(({ check }) => check === "structure").map(({ because }) => because);
}

describe("a zip's members", () => {
  it("fail when one declares 10 bytes and holds 5 million, of which no more than promised comes out", async () => {
    for (const sizeBytes of [5_000_000, 100_000]) {
      const bomb = buildZip([{ name: "bomb", bytes: Buffer.alloc(sizeBytes), sizeBytes: 10 }, b]);
      const { becauses, contents, codes } = await readZip(bomb);
      expect(becauses).toEqual(["is larger than its archive says"]);
      expect(codes.get("bomb")).toBe("artifact.malformed");
      expect([...contents.keys()]).toEqual(["b.txt"]);
    }
  });

  it("fail when a header gives another name, method, size or flag than the directory", async () => {
    expect(await lies(buildZip([{ ...a, localName: "evil.exe" }]))).toEqual([
      "has another name in its header than in the directory",
    ]);
    expect(await lies(buildZip([{ ...a, localSizeBytes: 7 }]))).toEqual([
      "has another size in its header than in the directory",
    ]);
    const encrypted = buildZip([a]);
    encrypted.writeUInt16LE(0x0801, 6);
    encrypted.writeUInt16LE(0, 8);
    expect(await lies(encrypted)).toEqual(["has another method, flags in its header than in the directory"]);
  });

  it("fail when one is missing from the directory, wherever it stands", async () => {
    const hidden: Part = { name: "evil.exe", bytes: first, isUnlisted: true };
    for (const parts of [
      [a, hidden, b],
      [a, b, hidden],
    ])
      expect(await lies(buildZip(parts))).toEqual(["holds a member that its directory does not list"]);
    const far = buildZip([a], {
      beforeDirectory: Buffer.concat([Buffer.alloc(200_000), buildZip([hidden]).subarray(0, 80)]),
    });
    expect(await lies(far)).toEqual(["holds a member that its directory does not list"]);
    expect(await lies(buildZip([hidden, a]))).toEqual([
      expect.stringMatching(/bytes before its first member/),
    ]);
  });

  it("fail when two have one name, a folder's slash not counting", async () => {
    expect(await lies(buildZip([a, { ...b, name: "a.txt" }]))).toEqual(["is there twice"]);
    expect(await lies(buildZip([b, { name: "b.txt/", method: 0 }]))).toEqual(["is there twice"]);
  });

  it("fail when 200 overlap, which cost no more than the budget", async () => {
    const shared = Buffer.alloc(1_000_000, "x");
    const parts: Part[] = [{ name: "0", bytes: shared, method: 0 }];
    for (let at = 1; at < 200; at += 1)
      parts.push({ name: `${at}`, bytes: shared, method: 0, offset: 0, isOnlyListed: true });
    const limits = { ...DEFAULT_LIMITS, bytes: 20_000_000 };
    const { becauses, contents, codes } = await readZip(buildZip(parts), { limits });
    expect(becauses).toContain("shares bytes with another member");
    expect([...codes.values()]).toContain("artifact.over-limit");
    expect(contents.size).toBeLessThan(21);
  });

  it("cost the budget when they share bytes that unpack to nothing", async () => {
    const nothing = Buffer.concat([
      ...Array(20_000).fill(Buffer.from("000000ffff", "hex")),
      deflateRawSync(""),
    ]);
    const parts: Part[] = [{ name: "0", packed: nothing }];
    for (let at = 1; at < 200; at += 1)
      parts.push({ name: `${at}`, packed: nothing, offset: 0, isOnlyListed: true });
    const limits = { ...DEFAULT_LIMITS, bytes: 1_000_000 };
    const { codes, contents } = await readZip(buildZip(parts), { limits });
    expect(codes.get("")).toBe("artifact.over-limit");
    expect(contents.size).toBeLessThan(12);
  });

  it("fail on a wrong checksum, stored, deflated, large or streamed", async () => {
    const large = Buffer.alloc(600_000, "abc");
    for (const part of [a, b, { ...a, bytes: large }, { ...b, bytes: large }])
      expect(await lies(buildZip([{ ...part, crc: 7 }]))).toEqual([
        "does not have the checksum its archive gives",
      ]);
  });

  it("fail when bytes stand behind the compressed data", async () => {
    const packed = Buffer.concat([deflateRawSync(first), Buffer.from("hidden")]);
    expect(await lies(buildZip([{ ...a, packed }]))).toEqual(["has bytes after its compressed data"]);
  });

  it("fail when they are a folder for one reader and a file for the next", async () => {
    const content = "is a folder by its name and has content";
    expect(await lies(buildZip([{ ...b, name: "folder/" }]))).toEqual([content]);
    const attributes = "is a folder by its attributes and has content";
    expect(await lies(buildZip([{ ...b, attributes: 0x10 }]))).toEqual([attributes]);
    for (const madeBy of [0, 3, 19])
      expect(await lies(buildZip([{ ...b, madeBy, attributes: 0x41ed0000 }]))).toEqual([attributes]);
    expect(await lies(buildZip([{ ...b, madeBy: 3, attributes: 0x81a40000 }]))).toEqual([]);
  });

  it("stay readable behind one whose header cannot be read", async () => {
    const bytes = buildZip([a, b, { name: "c.txt", bytes: first }]);
    bytes.write("XX", bytes.indexOf("PK\x03\x04", 4, "latin1"));
    const { becauses, contents, codes } = await readZip(bytes);
    expect([...contents.keys()]).toEqual(["a.txt", "c.txt"]);
    expect(codes).toEqual(new Map([["b.txt", "artifact.malformed"]]));
    expect(becauses[0]).toBe("is listed where no readable header stands");
  });
});

describe("a data descriptor", () => {
  it("is read with and without its signature, with sizes of four and eight bytes", async () => {
    for (const options of [{}, { bare: true }, { wide: true }, { bare: true, wide: true }]) {
      const after = descriptor(first, options);
      const { findings, contents } = await readZip(
        buildZip([{ ...a, after }, b, { ...a, name: "c", after }]),
      );
      expect({ findings, names: [...contents.keys()] }).toEqual({
        findings: [],
        names: ["a.txt", "b.txt", "c"],
      });
    }
  });

  it("fails when it is missing or says something else", async () => {
    const missing = "has no data descriptor where its header promises one";
    expect(await lies(buildZip([{ ...a, after: Buffer.alloc(0) }, b]))).toEqual([missing]);
    expect(await lies(buildZip([b, { ...a, after: Buffer.alloc(0) }]))).toEqual([missing]);
    expect(await lies(buildZip([{ ...a, after: descriptor(second) }, b]))).toEqual([
      "has a data descriptor that disagrees with the directory",
    ]);
  });
});

describe("a zip's end", () => {
  it("fails when there are two, one of them in a comment", async () => {
    const inner = buildZip([a]);
    expect(await lies(buildZip([b], { comment: inner }))).not.toEqual([]);
    const empty = Buffer.alloc(22);
    empty.writeUInt32LE(0x06054b50, 0);
    expect(await lies(buildZip([b], { comment: empty }))).not.toEqual([]);
    expect(await lies(Buffer.concat([inner, buildZip([b])]))).not.toEqual([]);
  });

  it("passes with a comment, and with a stored zip as its last member", async () => {
    const nested: Part = { name: "inner.zip", bytes: buildZip([a]), method: 0 };
    const { findings, contents } = await readZip(buildZip([b, nested], { comment: Buffer.from("PK hello") }));
    expect(findings).toEqual([]);
    expect([...contents.keys()]).toEqual(["b.txt", "inner.zip"]);
  });

  it("fails when it lists nothing and something stands before it", async () => {
    expect(await lies(buildZip([]))).toEqual([]);
    for (const prefix of [Buffer.alloc(16), Buffer.from("something")])
      expect(await lies(buildZip([], { prefix }))).toHaveLength(1);
  });

  it("fails when it counts other members than are listed", async () => {
    expect(await lies(buildZip([a, b], { count: 1 }))).toEqual(["lists 2 members and counts 1"]);
  });

  it("fails on bytes behind it, but not on filling to a block, or in a signed program to its table", async () => {
    const bytes = buildZip([a]);
    const behind = (length: number) => Buffer.concat([bytes, Buffer.alloc(length)]);
    const toBlock = 512 - (bytes.length % 512);
    expect(await lies(behind(toBlock))).toEqual([]);
    expect(await lies(behind(3))).toEqual(["has 3 bytes after its end"]);
    for (let zeros = 1; zeros < 8; zeros += 1)
      expect((await readZip(behind(zeros), { offsetInParentBytes: 4096 })).findings).toEqual([]);
    expect((await readZip(behind(8), { offsetInParentBytes: 4096 })).findings).toHaveLength(1);
  });

  it("is the wide one for 65,536 members and more, which must agree with the plain one", async () => {
    const parts = Array.from({ length: 65_536 }, (_, at): Part => ({ name: `${at}`, method: 0 }));
    const bytes = buildZip(parts);
    const { findings, contents } = await readZip(bytes);
    expect({ findings, count: contents.size }).toEqual({ findings: [], count: 65_536 });
    bytes.writeUInt16LE(5, bytes.length - 22 + 10);
    expect(await lies(bytes)).toEqual(["has two end records that disagree"]);
  });

  it("fails when the wide one lists other members than the plain one", async () => {
    const decoy = buildZip([b]);
    const listed = decoy.subarray(decoy.indexOf("PK\x01\x02", 0, "latin1"), decoy.length - 22);
    const at = decoy.length - 22;
    const wide = wideEnd({ count: 1, directoryBytes: listed.length, directoryOffset: 3, at });
    const bytes = Buffer.concat([decoy.subarray(0, at), wide, decoy.subarray(at)]);
    expect(await lies(bytes)).toContain("has two end records that disagree");
  });
});

describe("wide sizes", () => {
  const wide = { extra: wideField(first.length, deflateRawSync(first).length) };

  it("are read where the plain ones are all ones", async () => {
    const bytes = buildZip([{ ...a, ...wide }, b]);
    for (const header of [
      bytes.indexOf("PK\x03\x04", 0, "latin1") - 2,
      bytes.indexOf("PK\x01\x02", 0, "latin1"),
    ])
      bytes.writeBigUInt64LE(0xffffffffffffffffn, header + 20);
    const { findings, contents } = await readZip(bytes);
    expect(findings).toEqual([]);
    expect(contents.get("a.txt")).toEqual(first);
  });

  it("fail when they lie, and cannot be read when they are too short", async () => {
    const bytes = buildZip([{ ...a, extra: wideField(1, 2) }, b]);
    bytes.writeBigUInt64LE(0xffffffffffffffffn, bytes.indexOf("PK\x01\x02", 0, "latin1") + 20);
    expect(await lies(bytes)).not.toEqual([]);
    const short = buildZip([{ ...a, extra: field(1, Buffer.alloc(4)) }, b]);
    short.writeUInt32LE(0xffffffff, short.indexOf("PK\x01\x02", 0, "latin1") + 20);
    expect((await readZip(short)).codes.get("")).toBe("artifact.malformed");
    short.writeUInt32LE(deflateRawSync(first).length, short.indexOf("PK\x01\x02", 0, "latin1") + 20);
    short.writeUInt32LE(0xffffffff, 18);
    const { codes, contents } = await readZip(short);
    expect(codes.get("a.txt")).toBe("artifact.malformed");
    expect([...contents.keys()]).toEqual(["b.txt"]);
  });

  it("fail when they reach beyond what a file can hold", async () => {
    for (const value of [2 ** 53, 2 ** 62, 2 ** 40]) {
      const bytes = buildZip([{ ...b, extra: wideField(value, value) }, a]);
      for (const header of [-2, bytes.indexOf("PK\x01\x02", 0, "latin1")])
        bytes.writeBigUInt64LE(0xffffffffffffffffn, header + 20);
      const { codes, findings } = await readZip(bytes);
      expect(codes.size + findings.length).toBeGreaterThan(0);
    }
  });
});

describe("a zip that is damaged", () => {
  const whole = writeZip([
    { name: "a.txt", bytes: first },
    { name: "b.txt", bytes: second, stored: true },
  ]);

  it("never passes silently when it is cut short", async () => {
    for (let length = 0; length < whole.length; length += 1) {
      const { codes, findings } = await readZip(whole.subarray(0, length));
      expect(codes.size > 0 || findings.length > 0, `cut at ${length}`).toBe(true);
    }
  });

  it("answers flipped bytes with findings or our errors only", async () => {
    for (let at = 0; at < whole.length; at += 1) {
      const flipped = Buffer.from(whole);
      flipped.writeUInt8(flipped.readUInt8(at) ^ 0xff, at);
      await readZip(flipped);
    }
  });

  it("reports bytes before and after, twins, and names that leave their folder", async () => {
    const twins = writeZip([
      { name: "../x", bytes: Buffer.from("1") },
      { name: "../x", bytes: Buffer.from("2") },
    ]);
    const { findings } = await readZip(twins);
    expect(findings.some(({ check, facts }) => check === "member-names" && facts.escapes === true)).toBe(
      true,
    );
    expect(findings.some(({ because }) => because === "is there twice")).toBe(true);
    for (const extended of [
      Buffer.concat([Buffer.from("junk"), whole]),
      Buffer.concat([whole, Buffer.from("junk")]),
    ])
      expect(await lies(extended)).not.toEqual([]);
  });
});
