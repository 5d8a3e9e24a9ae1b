/** Kinds of members and of archives that are met, and what is said of those that are not opened. */

import { deflateRawSync, zstdCompressSync } from "node:zlib";
import { expect, it } from "vitest";
import { buildZip, type Part, readZip } from "./zip.fixture.ts";

const bytes = Buffer.from("some content ".repeat(50));
const a: Part = { name: "a.txt", bytes };

it("reads zstd members, and names the memory that one needs before taking it", async () => {
  const packed = zstdCompressSync(bytes);
  const { findings, contents } = await readZip(buildZip([{ ...a, method: 93, packed }]));
  expect(findings).toEqual([]);
  expect(contents.get("a.txt")).toEqual(bytes);
  // A frame without its content's size and with a window of 1 GiB (RFC 8878 §3.1.1.1.2).
  const greedy = Buffer.from([0x28, 0xb5, 0x2f, 0xfd, 0, 20 << 3, 1, 0, 0]);
  const { codes } = await readZip(
    buildZip([
      { ...a, method: 93, packed: greedy },
      { ...a, name: "b" },
    ]),
  );
  expect(codes).toEqual(new Map([["a.txt", "artifact.over-limit"]]));
});

it("says what it cannot open, and opens the rest", async () => {
  const { codes, contents, findings } = await readZip(
    buildZip([
      { ...a, name: "traditional", flags: 0x0801 },
      { ...a, name: "strong", flags: 0x0841 },
      { ...a, name: "aes", method: 99, flags: 0x0801, packed: bytes },
      { ...a, name: "aes-unflagged", method: 99, packed: bytes },
      { ...a, name: "shrunk", method: 1, packed: bytes },
      { ...a, name: "imploded", method: 6, packed: bytes },
      { ...a, name: "ppmd", method: 98, packed: bytes },
      { ...a, name: "patch", flags: 0x0820, packed: deflateRawSync(bytes) },
      { ...a, name: "stored-encrypted", method: 0, flags: 1 },
      a,
    ]),
  );
  expect(findings).toEqual([]);
  expect(Object.fromEntries(codes)).toEqual({
    traditional: "artifact.encrypted",
    strong: "artifact.encrypted",
    aes: "artifact.encrypted",
    "aes-unflagged": "artifact.encrypted",
    shrunk: "artifact.unsupported",
    imploded: "artifact.unsupported",
    ppmd: "artifact.unsupported",
    patch: "artifact.unsupported",
    "stored-encrypted": "artifact.encrypted",
  });
  expect([...contents.keys()]).toEqual(["a.txt"]);
});

it("explains a script before the archive, with offsets from either start, and shows the script", async () => {
  const prefix = Buffer.from("#!/bin/sh\nexec unzip $0\n");
  for (const isRelative of [true, false]) {
    const { findings, contents } = await readZip(buildZip([a], { prefix, isRelative }));
    expect(findings).toEqual([]);
    expect([...contents.values()]).toEqual([prefix, bytes]);
  }
});

it("reports any other bytes before the archive, and shows them", async () => {
  const prefix = Buffer.from("MZ and more");
  for (const isRelative of [true, false]) {
    const { becauses, contents } = await readZip(buildZip([a], { prefix, isRelative }));
    expect(becauses).toEqual(["has 11 bytes before its first member"]);
    expect([...contents.keys()]).toEqual(["[before the archive]", "a.txt"]);
  }
});

it("knows the marks before modules, archives split into one, app packages and browser extensions", async () => {
  const extension = Buffer.alloc(12 + 20);
  extension.write("Cr24\x03", 0, "latin1");
  extension.writeUInt32LE(20, 8);
  const navx = Buffer.alloc(40);
  navx.write("NAVX", 0);
  navx.write("NAVX", 36);
  navx.writeUInt32LE(buildZip([a]).length, 28);
  const known: [Buffer, string][] = [
    [Buffer.from("JM\x01\x00", "latin1"), "jmod"],
    [Buffer.from("PK00"), "zip"],
    [navx, "navx"],
    [extension, "crx"],
  ];
  for (const [prefix, name] of known) {
    const { findings, format } = await readZip(buildZip([a], { prefix, isRelative: true }));
    expect({ findings, format }).toEqual({ findings: [], format: name });
  }
  extension.writeUInt32LE(19, 8);
  expect((await readZip(buildZip([a], { prefix: extension, isRelative: true }))).findings).toHaveLength(1);
});

/** A header without name and content, whose extra field is as long as the filling (APPNOTE §4.3.7). */
function filling(extraBytes: number): Buffer {
  const header = Buffer.alloc(30 + extraBytes);
  header.write("PK\x03\x04", 0, "latin1");
  header.writeUInt16LE(extraBytes, 28);
  return header;
}

it("explains headers of nothing in front, whatever their time, and nothing that holds something", async () => {
  const archive = buildZip([{ name: "a.txt", bytes: Buffer.from("content") }]);
  const timed = filling(102);
  timed.writeUInt32LE(0x02210821, 10);
  const behind = (front: Buffer) => {
    const moved = Buffer.concat([front, archive]);
    const end = moved.length - 22;
    const directory = moved.readUInt32LE(end + 16) + front.length;
    moved.writeUInt32LE(directory, end + 16);
    moved.writeUInt32LE(front.length, directory + 42);
    return moved;
  };
  expect((await readZip(behind(timed))).findings).toEqual([]);
  const named = Buffer.from(timed);
  named.writeUInt32LE(7, 14);
  for (const front of [named, Buffer.alloc(132), Buffer.concat([timed, Buffer.from("x")])])
    expect((await readZip(behind(front))).findings).toHaveLength(1);
});

it("explains filling between members and before the directory, and nothing in it", async () => {
  const b: Part = { ...a, name: "b" };
  for (const gap of [
    filling(0),
    filling(4000),
    Buffer.concat([filling(65_535), filling(1)]),
    Buffer.alloc(99),
  ])
    for (const archive of [
      buildZip([{ ...a, packed: Buffer.concat([deflateRawSync(bytes)]) }, b], { beforeDirectory: gap }),
      withGap(gap),
    ])
      expect((await readZip(archive)).findings).toEqual([]);
  const holding = filling(4000);
  holding.write("hidden", 100);
  expect((await readZip(withGap(holding))).findings).toHaveLength(1);
  expect((await readZip(withGap(Buffer.alloc(70_000)))).findings).toHaveLength(1);
});

function withGap(gap: Buffer): Buffer {
  const second = buildZip([{ ...a, name: "b" }]);
  const local = second.subarray(0, second.indexOf("PK\x01\x02", 0, "latin1"));
  const start = buildZip([a]).indexOf("PK\x01\x02", 0, "latin1");
  const all = buildZip([a, { ...a, name: "b", isOnlyListed: true, offset: start + gap.length }], {
    beforeDirectory: Buffer.concat([gap, local]),
  });
  return all;
}

function signingBlock(pairs: Buffer): Buffer {
  const size = Buffer.alloc(8);
  size.writeBigUInt64LE(BigInt(pairs.length + 24));
  return Buffer.concat([size, pairs, size, Buffer.from("APK Sig Block 42")]);
}

it("explains an APK Signing Block right before the directory, when it is whole", async () => {
  const pair = Buffer.alloc(8 + 4 + 100, 1);
  pair.writeBigUInt64LE(104n, 0);
  const block = signingBlock(Buffer.concat([pair, pair]));
  expect((await readZip(buildZip([a], { beforeDirectory: block }))).findings).toEqual([]);
  const filled = Buffer.concat([Buffer.alloc(100), block]);
  expect((await readZip(buildZip([a], { beforeDirectory: filled }))).findings).toEqual([]);
  for (const broken of [
    Buffer.concat([Buffer.from("hidden"), block]),
    signingBlock(pair.subarray(0, 50)),
    signingBlock(Buffer.alloc(40)),
    Buffer.concat([block, Buffer.alloc(1)]),
  ])
    expect((await readZip(buildZip([a], { beforeDirectory: broken }))).findings).toHaveLength(1);
  expect((await readZip(withGap(block))).findings).toHaveLength(1);
});
