import { readFile } from "node:fs/promises";
import { Budget, hasCode, MemorySource } from "@sallyport/core";
import { npmFile } from "@sallyport/testkit";
import { expect, it } from "vitest";
import { readPeHeaders } from "../headers.ts";
import { MappedImage } from "../mapped-image.ts";
import { readReferences } from "./references.ts";

const WINSTALLER = {
  package: "electron-winstaller",
  version: "5.4.4",
  integrity:
    "sha512-j9ETcBGJaXxAY/b6UBpR7LZfjdU4BAO+yvr4ifqHEdyuc3UNCy91PDGkWKY5UQ4coHNYfnwFggrqD6QPeFGAlg==",
};

const program = async (name: string): Promise<Buffer> =>
  readFile(await npmFile({ ...WINSTALLER, path: `vendor/${name}` }));

async function references(bytes: Buffer): Promise<string[]> {
  const source = new MemorySource(bytes);
  const image = new MappedImage(source, await readPeHeaders(source));
  const found: string[] = [];
  for await (const reference of readReferences(image, new Budget())) found.push(reference);
  return found;
}

it("names what a program of .NET refers to, in other assemblies and in native libraries", async () => {
  const found = await references(await program("Squirrel.exe"));
  expect(found).toEqual(
    expect.arrayContaining(["System.IO.FileInfo!get_Length", "kernel32!BeginUpdateResource"]),
  );
  expect(found.length).toBeGreaterThan(1000);
});

it("names nothing of a program that is not one", async () => {
  expect(await references(await program("7z-x64.exe"))).toEqual([]);
});

it("ends in typed errors however metadata is flipped", async () => {
  const bytes = await program("wconsole.dll");
  const start = bytes.indexOf("BSJB", 0, "latin1");
  expect(start).toBeGreaterThan(0);
  let state = 5;
  const random = (bound: number): number => {
    state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 0;
    return (state >>> 8) % bound;
  };
  for (let round = 0; round < 1500; round += 1) {
    const copy = Buffer.from(bytes);
    const range = round % 2 === 0 ? 300 : bytes.length - start;
    for (let flips = 0; flips < 3; flips += 1)
      copy[start + random(range)] = random(2) === 0 ? 0xff : random(256);
    try {
      await references(copy);
    } catch (error) {
      expect(
        hasCode(error, "artifact.malformed", "artifact.truncated", "artifact.over-limit"),
        String(error),
      ).toBe(true);
    }
  }
});
