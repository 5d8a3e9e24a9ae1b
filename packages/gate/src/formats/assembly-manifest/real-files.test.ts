/** Manifests that linkers and people wrote, taken out of real programs by 7-Zip and read by xmllint. */

import { execFile } from "node:child_process";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import {
  debianPackage,
  debianProgram,
  hasApt,
  NO_APT,
  npmFile,
  recordingContext,
  sourceOf,
} from "@sallyport/testkit";
import { describe, expect, it } from "vitest";
import { walk } from "../../descent/walk.fixture.ts";
import { assemblyManifest } from "./index.ts";

const run = promisify(execFile);
const WINSTALLER = {
  package: "electron-winstaller",
  version: "5.4.4",
  integrity:
    "sha512-j9ETcBGJaXxAY/b6UBpR7LZfjdU4BAO+yvr4ifqHEdyuc3UNCy91PDGkWKY5UQ4coHNYfnwFggrqD6QPeFGAlg==",
};

async function manifestOf(program: string): Promise<Buffer> {
  const { path, env } = await debianProgram("7zip", {
    file: "usr/bin/7zz",
    needs: ["libstdc++6", "libgcc-s1"],
  });
  const file = await npmFile({ ...WINSTALLER, path: `vendor/${program}` });
  const words = ["e", "-tPE", "-so", file, ".rsrc/MANIFEST/1"];
  return (await run(path, words, { env, encoding: "buffer" })).stdout;
}

/** An attribute of the identity right inside the root, as xmllint finds it; empty when there is none. */
async function attributeByXmllint(manifest: Buffer, name: string): Promise<string> {
  const needs = ["libxml2", "libicu72", "liblzma5", "zlib1g", "libreadline8"];
  const { path, env } = await debianProgram("libxml2-utils", { file: "usr/bin/xmllint", needs });
  const folder = await mkdtemp(join(tmpdir(), "sallyport-manifest-"));
  try {
    await writeFile(join(folder, "manifest.xml"), manifest);
    const query = `string(/*[local-name()='assembly']/*[local-name()='assemblyIdentity']/@${name})`;
    const { stdout } = await run(path, ["--xpath", query, join(folder, "manifest.xml")], { env });
    return stdout.trimEnd();
  } finally {
    await rm(folder, { recursive: true });
  }
}

async function expectReadAlike(manifest: Buffer): Promise<void> {
  const glimpse = { head: manifest, tail: manifest, sizeBytes: manifest.length };
  expect(assemblyManifest.recognise(glimpse)).toBe(true);
  const identity = await assemblyManifest.identify?.(sourceOf(manifest), recordingContext().context);
  const architecture = (await attributeByXmllint(manifest, "processorArchitecture")).toLowerCase();
  expect({ product: "", version: "", architecture: "", ...identity }).toEqual({
    product: await attributeByXmllint(manifest, "name"),
    version: await attributeByXmllint(manifest, "version"),
    architecture: architecture === "*" ? "" : architecture,
  });
}

describe.skipIf(!hasApt())(`real manifests (skipped when ${NO_APT})`, { timeout: 300_000 }, () => {
  it.each([
    "7z-arm64.exe",
    "Setup.exe",
    "Squirrel.exe",
    "StubExecutable.exe",
    "SyncReleases.exe",
    "candle.exe",
    "light.exe",
    "nuget.exe",
    "rcedit.exe",
  ])("reads that of %s", async (program) => {
    await expectReadAlike(await manifestOf(program));
  });

  it("reads the one that Setuptools puts beside its launchers, without an alarm", async () => {
    const home = await debianPackage("python3-setuptools");
    const folder = join(home, "usr/lib/python3/dist-packages/setuptools/command");
    const manifest = await readFile(join(folder, "launcher manifest.xml"));
    await expectReadAlike(manifest);
    const { members, bad } = await walk(manifest);
    expect(bad).toEqual([]);
    expect(members.get("")?.format).toBe("assembly-manifest");
  });
});
