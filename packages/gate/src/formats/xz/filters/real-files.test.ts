/** Code and data that XZ Utils and 7-Zip filtered before packing. */

import { createRequire } from "node:module";
import { hasApt, NO_APT } from "@sallyport/testkit";
import { describe, expect, it } from "vitest";
import { expectRoundTrip, type Packer, realContents } from "../../decompressor-programs.fixture.ts";
import { walkStream } from "../../stream-walk.fixture.ts";
import { xz } from "../index.ts";
import { ARCHITECTURES, codeOf } from "./code.fixture.ts";

const program = (...words: string[]): Packer => ({
  package: "xz-utils",
  file: "usr/bin/xz",
  needs: ["liblzma5"],
  arguments: [...words, "-c"],
});
const SIZE_BYTES = 200_000;
/** XZ Utils knows RISC-V since 5.6. */
const BY_XZ = ARCHITECTURES.filter((name) => name !== "riscv");

describe.skipIf(!hasApt())(`what xz filters (${NO_APT} otherwise)`, { timeout: 300_000 }, () => {
  it.each(BY_XZ)("reads code of %s", async (name) => {
    const code = codeOf(name, SIZE_BYTES);
    for (const content of [code, code.subarray(0, 20_003), code.subarray(0, 3), ...(await realContents())])
      await expectRoundTrip(xz, program(`--${name}`, "--lzma2=preset=1"), content);
  });

  it.each(BY_XZ)("reads blocks of %s that begin at an address", async (name) => {
    const packer = program("--block-size=50000", `--${name}=start=4294967280`, "--lzma2=preset=1");
    await expectRoundTrip(xz, packer, codeOf(name, SIZE_BYTES));
  });

  it.each([1, 2, 4, 256])("reads differences over %d bytes", async (distance) => {
    for (const content of await realContents())
      await expectRoundTrip(xz, program(`--delta=dist=${distance}`, "--lzma2=preset=1"), content);
  });

  it("reads three filters in a row", async () => {
    const packer = program("--x86", "--delta=dist=3", "--arm64=start=64", "--lzma2=preset=1");
    await expectRoundTrip(xz, packer, codeOf("x86", SIZE_BYTES));
  });
});

interface SevenZip {
  readonly FS: { writeFile(name: string, bytes: Uint8Array): void; readFile(name: string): Uint8Array };
  callMain(words: readonly string[]): void;
}
const startSevenZip: (options: { print: () => void }) => Promise<SevenZip> = createRequire(import.meta.url)(
  "7z-wasm",
);
const NAMES = { x86: "BCJ", powerpc: "PPC", ia64: "IA64", arm: "ARM", armthumb: "ARMT", sparc: "SPARC" };
it.each(ARCHITECTURES)("reads code of %s that 7-Zip packed", { timeout: 300_000 }, async (name) => {
  const sevenZip = await startSevenZip({ print: () => {} });
  const code = codeOf(name, SIZE_BYTES);
  sevenZip.FS.writeFile("code", code);
  const filter = (NAMES as Record<string, string>)[name] ?? name.toUpperCase();
  sevenZip.callMain(["a", "-txz", "-mx=1", `-mf=${filter}`, "code.xz", "code"]);
  const {
    members,
    findings,
    code: error,
  } = await walkStream(xz, Buffer.from(sevenZip.FS.readFile("code.xz")));
  expect({ findings, error }).toEqual({ findings: [], error: "" });
  expect(members[0]?.bytes.equals(code)).toBe(true);
});
