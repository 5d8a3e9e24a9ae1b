import { MemorySource } from "@sallyport/core";
import { testBudget } from "@sallyport/testkit";
import { describe, expect, it } from "vitest";
import type { Parts } from "../finder.ts";
import { libraryMarksFinder } from "./index.ts";
import { libraryMarks } from "./marks.ts";

async function partsOf(text: string | Buffer): Promise<Parts | undefined> {
  const bytes = Buffer.from(text);
  return libraryMarksFinder.find(new MemorySource(bytes), {
    path: "lib/library.so",
    format: "elf",
    sizeBytes: bytes.length,
    budget: testBudget(),
    maxHeldBytes: 2 ** 26,
  });
}
async function found(text: string | Buffer): Promise<string[]> {
  const parts = await partsOf(text);
  return (parts?.components ?? []).map(({ product, version }) => `${product} ${version}`).sort();
}

/** Texts as builds of Debian 12 and of npm carry them. */
const REAL: readonly (readonly [string, string])[] = [
  ['OPENSSLDIR: "/usr/lib/ssl"\0OpenSSL 3.0.13 30 Jan 2024\0', "OpenSSL 3.0.13"],
  ['OPENSSLDIR: "/usr/lib/ssl"\0OpenSSL 1.1.1w  11 Sep 2023\0', "OpenSSL 1.1.1w"],
  [" deflate 1.2.13 Copyright 1995-2022 Jean-loup Gailly and Mark Adler \0", "zlib 1.2.13"],
  ["\0libcurl/7.88.1\0", "curl 7.88.1"],
  ["\x007-Zip (z) 26.02 (x64) : Copyright (c) 1999-2026 Igor Pavlov : 2026-06-25\0", "7-Zip 26.02"],
  ["\0libpng version 1.6.39 - November 20, 2022\n\0", "libpng 1.6.39"],
  ["\0libjpeg-turbo version 2.1.5 (build 20230203)\0", "libjpeg-turbo 2.1.5"],
  ["\0expat_2.5.0\0", "Expat 2.5.0"],
  ["\0LIBTIFF, Version 4.5.0\nCopyright", "LibTIFF 4.5.0"],
  ["\0mbed TLS 2.28.3\0", "Mbed TLS 2.28.3"],
  ["\0Enabled GnuTLS 3.7.9 logging...\n\0", "GnuTLS 3.7.9"],
  ["\0SSH-2.0-libssh2_1.10.0\0", "libssh2 1.10.0"],
  ["\0Qt 5.15.8 (x86_64-little_endian-lp64 shared (dynamic) release build; by GCC 12.2.0)\0", "Qt 5.15.8"],
  ["\0FFmpeg version 5.1.9-0+deb12u1\0", "FFmpeg 5.1.9"],
  ["\x001.0.8, 13-Jul-2019\0", "bzip2 1.0.8"],
  ["\0$LuaVersion: Lua 5.4.4  Copyright (C) 1994-2022 Lua.org, PUC-Rio $", "Lua 5.4.4"],
  ["\0ImageMagick 6.9.11-60 Q16 x86_64 2021-01-25 https://imagemagick.org\0", "ImageMagick 6.9.11-60"],
  ["https://nodejs.org/download/release/v24.1.0/node-v24.1.0.tar.gz\0", "Node.js 24.1.0"],
];

describe("a mark", () => {
  it.each(REAL)("%j is %s", async (text, expected) => {
    expect(await found(text)).toEqual([expected]);
  });

  it("is found where two pieces of a large file meet", async () => {
    const step = 4 * 1024 * 1024;
    for (const at of [step - 20, step - 3, step, step + 200]) {
      const bytes = Buffer.alloc(step + 4096);
      bytes.write("libcurl/8.11.1\0", at);
      expect(await found(bytes)).toEqual(["curl 8.11.1"]);
    }
  });

  it.each([
    ["a program that only uses OpenSSL", "built with OpenSSL 1.1.1w  11 Sep 2023\0"],
    [
      "a table of versions",
      ["7.1.0", "7.2.0", "7.3.0", "7.4.0"].map((version) => `libcurl/${version}\0`).join(""),
    ],
    ["a mark without a version", "libcurl/%s OpenSSL OPENSSLDIR: "],
    ["a version that goes on", "expat_2.5.0.1.9\0"],
    ["a browser that somebody claims to be", "Mozilla/5.0 Chrome/120.0.6099.109 Safari/537.36\0"],
  ])("is no library in %s", async (_, text) => {
    expect(await found(text)).toEqual([]);
  });

  it("that is told in many versions, or a thousand times, is no library, and that is said", async () => {
    const versions = ["7.1.0", "7.2.0", "7.3.0", "7.4.0"].map((version) => `libcurl/${version}\0`).join("");
    expect((await partsOf(versions))?.unlisted).toEqual([expect.stringMatching(/names curl in 4 ways/)]);
    const flood = await partsOf(`${"libcurl/%s\0".repeat(1500)}libcurl/7.88.1\0`);
    expect(flood).toEqual({ components: [], unlisted: [expect.stringMatching(/names curl in 1501 ways/)] });
  });

  it("gives Electron and the Chromium in it", async () => {
    expect(await found("%s Chrome/120.0.6099.109 Electron/28.1.0 Safari\0")).toEqual([
      "Chromium 120.0.6099.109",
      "Electron 28.1.0",
    ]);
  });
});

it("has a source and a linear pattern in every row, and no mark that is too short to be searched for", () => {
  expect(new Set(libraryMarks.map(({ product }) => product)).size).toBeGreaterThanOrEqual(30);
  for (const { mark, source, version } of libraryMarks) {
    expect(mark.length).toBeGreaterThanOrEqual(8);
    expect(source).toMatch(/^https:\/\//);
    expect(version.source.replaceAll(/\[(?:\\.|[^\]])*\]/g, "x")).not.toMatch(/[^\\][*+]/);
  }
});
