/** Files that two formats claim, and files that only hold another. */

import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync, zstdCompressSync } from "node:zlib";
import { Budget, type Evidence, MemorySource } from "@sallyport/core";
import { describe, expect, it } from "vitest";
import { buildElf } from "../formats/elf/elf.fixture.ts";
import { buildMachO } from "../formats/mach-o/mach-o.fixture.ts";
import { formats } from "../formats/registry.ts";
import { buildZip } from "../formats/zip/zip.fixture.ts";
import { buildPeImage, withCertificateTable, writeCabinet, writeMsi, writeZip } from "../replica/index.ts";
import { descend } from "./descent.ts";
import { Spool } from "./spool.ts";

const text = Buffer.from("only text\n".repeat(9));
const archive = writeZip([{ name: "a.txt", bytes: text }]);
const WIDTH = { wide: true, littleEndian: true } as const;

async function take(bytes: Uint8Array): Promise<{ lies: string[]; paths: string[] }> {
  const folder = mkdtempSync(join(tmpdir(), "polyglot-"));
  const evidence: Evidence[] = [];
  const paths: string[] = [];
  try {
    await descend(new MemorySource(bytes), {
      formats,
      schemes: [],
      budget: new Budget(),
      trust: { anchors: [], revocationLists: [], hash: "" },
      now: new Date(0),
      brought: { label: "", signatures: [], keys: [] },
      maxHeldBytes: 2 ** 20,
      spool: new Spool(folder),
      listener: {
        at() {},
        recognised() {},
        member: (_, { path }) => paths.push(path),
        evidence: (item) => evidence.push(item),
      },
    });
  } finally {
    rmSync(folder, { recursive: true });
  }
  const failed = evidence.filter(
    ({ source, outcome }) => source.endsWith("/structure") && outcome === "fail",
  );
  return { lies: failed.map(({ because }) => because), paths: paths.sort() };
}

const msi = (content: Uint8Array): Buffer =>
  writeMsi({
    product: "Demo",
    company: "Example",
    version: "1.0.0",
    folder: "Demo",
    files: [{ name: "a.zip", content }],
    compression: "none",
  });

const tar = (name: string, content: Uint8Array): Buffer => {
  const header = Buffer.alloc(512);
  header.write(name, 0);
  header.write(
    `0000644\0${"0000000\0".repeat(2)}${content.length.toString(8).padStart(11, "0")}\0`,
    100,
    "latin1",
  );
  header.write(`00000000000\0        0`, 136, "latin1");
  header.write("ustar\x0000", 257, "latin1");
  const sum = header.reduce((total, byte) => total + byte, 0);
  header.write(`${sum.toString(8).padStart(6, "0")}\0 `, 148, "latin1");
  const filled = Buffer.alloc(Math.ceil(content.length / 512) * 512);
  filled.set(content);
  return Buffer.concat([header, filled, Buffer.alloc(1024)]);
};

const carriers: Readonly<Record<string, (overlay: Uint8Array) => Buffer>> = {
  "a Windows program": (overlay) => buildPeImage({ overlay }),
  "a Linux program": (overlay) => buildElf({ ...WIDTH, overlay }),
  "a macOS program": (overlay) => Buffer.concat([buildMachO(WIDTH), overlay]),
};

it.each(Object.entries(carriers))("opens the zip behind %s, which is no lie", async (_, carry) => {
  const program = carry(Buffer.alloc(0));
  const absolute = buildZip([{ name: "a.txt", bytes: text }], { prefix: program });
  for (const overlay of [archive, absolute.subarray(program.length)]) {
    const { lies, paths } = await take(carry(overlay));
    expect({ lies, paths }).toEqual({ lies: [], paths: ["", "overlay", "overlay/a.txt"] });
  }
});

it("opens the zip in a signed program, whatever the filling before the certificate table", async () => {
  for (let comment = 0; comment < 8; comment += 1) {
    const content = { comment: Buffer.alloc(comment, "c"), prefix: Buffer.from("#!/bin/sh\n") };
    for (const prefix of [content.prefix, Buffer.alloc(0)]) {
      const overlay = buildZip([{ name: "a.txt", bytes: text }], { ...content, prefix });
      const image = buildPeImage({ overlay });
      const program = withCertificateTable(image, [{ pkcs7: Buffer.from("3000", "hex") }]);
      const { lies, paths } = await take(program);
      expect({ comment, lies }).toEqual({ comment, lies: [] });
      expect(paths).toContain("overlay/a.txt");
    }
  }
});

it.each<[string, () => Buffer]>([
  ["an installer", () => Buffer.concat([msi(text), archive])],
  ["a cabinet", () => Buffer.concat([writeCabinet({ files: [{ name: "a", content: text }] }), archive])],
  ["a tar", () => Buffer.concat([tar("a", text), archive])],
  ["a gzip", () => Buffer.concat([gzipSync(text), archive])],
  ["a Zstandard file", () => Buffer.concat([zstdCompressSync(text), archive])],
])("fails when a zip stands behind %s: one reader opens the one, another the other", async (_, build) => {
  expect((await take(build())).lies).toContainEqual(expect.stringMatching(/zip.* at once/));
});

it.each<[string, () => Buffer]>([
  ["a zip", () => writeZip([{ name: "inner.zip", bytes: archive, stored: true }])],
  ["a tar", () => tar("inner.zip", archive)],
  ["a gzip", () => gzipSync(archive, { level: 0 })],
  ["a Zstandard file", () => zstdCompressSync(archive)],
  ["an installer", () => msi(archive)],
  ["a packed cabinet", () => writeCabinet({ files: [{ name: "inner.zip", content: archive }] })],
  [
    "a cabinet",
    () => writeCabinet({ files: [{ name: "inner.zip", content: archive }], compression: "none" }),
  ],
])("lets %s hold a zip at its end", async (_, build) => {
  const { lies, paths } = await take(build());
  expect(lies.filter((because) => because.includes("at once"))).toEqual([]);
  expect(paths).toContainEqual(expect.stringMatching(/a\.txt$/));
});

describe("files that carry the marks of two formats at their beginning", () => {
  const sector = 2048;
  /** A program whose text section holds the volume descriptors of a disc, where a disc has them. */
  const disc = Buffer.alloc(20 * sector - 1024);
  for (const [at, type] of [
    [16, 1],
    [17, 255],
  ] as const) {
    disc.writeUInt8(type, at * sector - 1024);
    disc.write("CD001\x01", at * sector - 1023, "latin1");
  }

  it.each<[string, readonly string[], () => Buffer]>([
    ["a program that is a disc", ["pe", "iso"], () => buildPeImage({ content: disc })],
    ["a program that is a file system", ["pe", "ext"], () => buildPeImage({ content: superBlock() })],
    ["a disc that is a script", ["iso", "self-extracting-script"], () => Buffer.concat([script, disc])],
    ["a program that is a disk image", ["pe", "vhd"], () => Buffer.concat([buildPeImage(), diskFooter])],
  ])("fail and name both: %s", async (_, names, build) => {
    expect((await take(build())).lies).toContainEqual(
      expect.stringContaining(`is ${names.join(" and ")} at once`),
    );
  });

  const script = Buffer.concat([Buffer.from("#!/bin/sh\nexit\n"), Buffer.alloc(1024 - 15)]);
  const diskFooter = Buffer.concat([Buffer.from("conectix"), Buffer.alloc(504)]);
  function superBlock(): Buffer {
    const block = Buffer.alloc(4096);
    block.writeUInt32LE(128, 0);
    block.writeUInt32LE(1024, 4);
    block.writeUInt16LE(0xef53, 56);
    return block;
  }
});

it("fails when the zip behind a container ends as one inside it does", async () => {
  const cabinet = writeCabinet({ files: [{ name: "inner.zip", content: archive }], compression: "none" });
  for (const container of [msi(archive), cabinet, tar("inner.zip", archive)])
    for (const zeros of [0, 4, 9])
      expect((await take(Buffer.concat([container, archive, Buffer.alloc(zeros)]))).lies).not.toEqual([]);
});

it("fails when a program ends as a zip that lies beside it, not inside", async () => {
  const plain = buildPeImage();
  const program = Buffer.concat([plain, archive]);
  const sections = plain.readUInt32LE(0x3c) + 24 + plain.readUInt16LE(plain.readUInt32LE(0x3c) + 20);
  const last = sections + 40 * (plain.readUInt16LE(plain.readUInt32LE(0x3c) + 6) - 1);
  program.writeUInt32LE(plain.readUInt32LE(last + 16) + archive.length, last + 16);
  const files = [
    { name: "a.zip", content: archive },
    { name: "b.exe", content: program },
  ];
  expect((await take(program)).lies).toContainEqual(expect.stringMatching(/pe and zip at once/));
  expect((await take(writeCabinet({ files }))).lies).toContainEqual(
    expect.stringMatching(/pe and zip at once/),
  );
});
