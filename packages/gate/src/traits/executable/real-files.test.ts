import { readFile } from "node:fs/promises";
import { npmFile } from "@sallyport/testkit";
import { describe, expect, it } from "vitest";
import { buildMarks } from "../build-marks/index.ts";
import { code } from "../code/index.ts";
import { entryPoint } from "../entry-point/index.ts";
import { exports } from "../exports/index.ts";
import { imports } from "../imports/index.ts";
import { initialisers } from "../initialisers/index.ts";
import { overlay } from "../overlay/index.ts";
import { resources } from "../resources/index.ts";
import { sections } from "../sections/index.ts";
import type { Trait } from "../trait.ts";
import { alarms, compareImages } from "./compare.fixture.ts";
import { denseBytes } from "./image.fixture.ts";

const library = async (version: string, integrity: string): Promise<Buffer> =>
  Buffer.from(
    await readFile(
      await npmFile({
        package: "@rollup/rollup-win32-x64-msvc",
        version,
        integrity,
        path: "rollup.win32-x64-msvc.node",
      }),
    ),
  );

const older = (): Promise<Buffer> =>
  library(
    "4.30.1",
    "sha512-D6qjsXGcvhTjv0kI4fU8tUuBDF/Ueee4SVX79VfNDXZa64TfCW1Slkb6Z7O1p7vflqZjcmOVdZlqf8gvJxc6og==",
  );
const newer = (): Promise<Buffer> =>
  library(
    "4.34.0",
    "sha512-g2ASy1QwHP88y5KWvblUolJz9rN+i4ZOsYzkEwcNfaNooxNUXG+ON6F5xFo0NIItpHqxcdAyls05VXpBnludGw==",
  );

const TRAITS: readonly Trait[] = [
  ...[code, entryPoint, sections, imports, exports, initialisers, overlay, resources, buildMarks],
];

async function judge(before: Buffer, after: Buffer): Promise<string[]> {
  const found = await Promise.all(TRAITS.map((trait) => compareImages(trait, before, after)));
  return alarms(found.flat());
}

describe("a real library", () => {
  it("raises no alarm in its next release, nor in the release before", async () => {
    expect(await judge(await older(), await newer())).toEqual([]);
    expect(await judge(await newer(), await older())).toEqual(["low linked-earlier"]);
  });

  it("is refused with one byte of its code changed", async () => {
    const patched = await older();
    patched[100_000] = (patched[100_000] ?? 0) ^ 0xff;
    expect(await judge(await older(), patched)).toEqual(["critical patched-after-linking"]);
  });

  it("is held with something packed behind its next release", async () => {
    expect(await judge(await older(), Buffer.concat([await newer(), denseBytes(4096)]))).toEqual([
      "high overlay-added",
    ]);
  });
});
