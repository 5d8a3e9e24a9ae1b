/** Programs and add-ons for Macs, whose slices are compared with those that 7-Zip takes out. */

import { execFile } from "node:child_process";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { contentOf, corpusFile, debianProgram, hasApt, NO_APT, NO_CORPUS, npmFile } from "@sallyport/testkit";
import { describe, expect, it } from "vitest";
import { goTestFile } from "../decompressor-programs.fixture.ts";
import { identify, open } from "./reading.fixture.ts";

const run = promisify(execFile);
const FSEVENTS = {
  package: "fsevents",
  version: "2.3.3",
  integrity:
    "sha512-5xoDfX+fL7faATnagmWPpbFtwh/R77WmMMqqHGS65C3vvB0YHrgF+B1YmZ3441tMj5n63k0212XNoJwzlhffQw==",
  path: "fsevents.node",
};

/** The slices that 7-Zip finds, one behind another. */
async function slicesBySevenZip(bytes: Buffer): Promise<Buffer> {
  const { path, env } = await debianProgram("7zip", {
    file: "usr/bin/7zz",
    needs: ["libstdc++6", "libgcc-s1"],
  });
  const folder = await mkdtemp(join(tmpdir(), "sallyport-mach-o-"));
  try {
    await writeFile(join(folder, "a"), bytes);
    const options = { env, encoding: "buffer", maxBuffer: 2 ** 28 } as const;
    return (await run(path, ["x", "-so", "-tMub", join(folder, "a")], options)).stdout;
  } finally {
    await rm(folder, { recursive: true });
  }
}

const goProgram = async (name: string): Promise<Buffer> =>
  Buffer.from((await goTestFile(`debug/macho/testdata/${name}.base64`)).toString(), "base64");

describe("real Mach-O files", () => {
  const fat = corpusFile("relic/packages/fatfile.app/Contents/MacOS/dummy");
  it.skipIf(fat === undefined)(`opens both slices of a signed program (${NO_CORPUS} otherwise)`, async () => {
    const bytes = await readFile(fat ?? "");
    const { members, findings } = await open(bytes);
    expect(findings).toEqual([]);
    expect(members.map(({ name }) => name)).toEqual(["x86_64", "arm64"]);
    for (const member of members) {
      const slice = await contentOf(member);
      expect(await open(slice)).toEqual({ members: [], findings: [] });
    }
    expect(await identify(bytes)).toEqual({ architecture: "x64+arm64" });
  });

  const slim = corpusFile("relic/packages/slimfile.app/dummyapp");
  it.skipIf(slim === undefined)(`opens an unsigned program (${NO_CORPUS} otherwise)`, async () => {
    const bytes = await readFile(slim ?? "");
    expect(await open(bytes)).toEqual({ members: [], findings: [] });
    expect(await identify(bytes)).toEqual({
      architecture: "arm64",
      buildId: "f58b6f5f63d1383eb8e1afc8f733bd58",
      codeDigest: expect.stringMatching(/^[0-9a-f]{64}$/),
    });
  });

  it("opens bun, behind whose signature an older one left its hashes", async () => {
    const file = await npmFile(FSEVENTS);
    const { members, findings } = await open(await readFile(file));
    expect(findings).toEqual([]);
    for (const member of members)
      expect(await open(await contentOf(member))).toEqual({ members: [], findings: [] });
    expect(members.map(({ name }) => name)).toEqual(["x86_64", "arm64"]);
  });
});

describe.skipIf(!hasApt())(
  `real Mach-O files by others' eyes (${NO_APT} otherwise)`,
  { timeout: 300_000 },
  () => {
    it.each([
      ["an add-on that npm fetches", async () => readFile(await npmFile(FSEVENTS)), ["x86_64", "arm64"]],
      ["Go's test file of two slices", () => goProgram("fat-gcc-386-amd64-darwin-exec"), ["i386", "x86_64"]],
    ])("takes the same slices as 7-Zip out of %s", async (_, read, names) => {
      const bytes = await read();
      const { members, findings } = await open(bytes);
      expect(findings).toEqual([]);
      expect(members.map(({ name }) => name)).toEqual(names);
      const slices = await Promise.all(members.map(contentOf));
      expect(Buffer.concat(slices).equals(await slicesBySevenZip(bytes))).toBe(true);
    });

    it.each([
      ["gcc-386-darwin-exec", "x86"],
      ["gcc-amd64-darwin-exec", "x64"],
      ["gcc-amd64-darwin-exec-debug", "x64"],
      ["clang-386-darwin-exec-with-rpath", "x86"],
      ["clang-386-darwin.obj", "x86"],
      ["clang-amd64-darwin.obj", "x64"],
    ])("finds nothing wrong with Go's test file %s", async (name, architecture) => {
      const bytes = await goProgram(name);
      expect(await open(bytes)).toEqual({ members: [], findings: [] });
      expect(await identify(bytes)).toMatchObject({ architecture });
    });
  },
);
