/** Installers, patches and transforms, compared with what 7-Zip takes out of them. */

import { execFile } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { corpusFile, debianProgram, hasApt, NO_APT, NO_CORPUS } from "@sallyport/testkit";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { walkContainer } from "../container-walk.fixture.ts";
import { ole } from "./index.ts";
import { writePatch, writeTransform } from "./patch.fixture.ts";
import { sample } from "./sample.fixture.ts";

const run = promisify(execFile);

describe.skipIf(!hasApt())(`compound files as 7-Zip reads them (${NO_APT} otherwise)`, () => {
  let folder: string;
  let program: { readonly path: string; readonly env: NodeJS.ProcessEnv };
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "sallyport-ole-"));
    program = await debianProgram("7zip", { file: "usr/bin/7zz", needs: ["libstdc++6", "libgcc-s1"] });
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));

  /** Names are changed on their way to a disk, contents are not. */
  async function contentsBySevenZip(bytes: Buffer): Promise<string[]> {
    const [file, output] = [join(folder, "file"), join(folder, "output")];
    await writeFile(file, bytes);
    await rm(output, { recursive: true, force: true });
    await run(program.path, ["x", "-tCompound", "-y", `-o${output}`, file], { env: program.env });
    const entries = await readdir(output, { withFileTypes: true, recursive: true });
    const files = entries.filter((entry) => entry.isFile());
    return Promise.all(
      files.map(async ({ parentPath, name }) => digest(await readFile(join(parentPath, name)))),
    );
  }

  async function compare(bytes: Buffer, kind: string) {
    const { members, findings, refinedTo, code } = await walkContainer(ole, bytes);
    expect({ code, refinedTo }).toEqual({ code: "", refinedTo: kind });
    expect(findings.filter(({ outcome }) => outcome !== "pass")).toEqual([]);
    const own = members.map((member) => digest(member.bytes));
    expect(own.toSorted()).toEqual((await contentsBySevenZip(bytes)).toSorted());
  }

  it("agrees about an installer, a patch and a transform", async () => {
    await compare(sample(), "msi");
    await compare(writePatch(), "msp");
    await compare(writeTransform(), "mst");
  });

  it
    .skipIf(corpusFile("relic/packages/dummy.msi") === undefined)
    .each([
      "relic/packages/dummy.msi",
      "osslsigncode/unsigned.msi",
      "jsign/minimal-signed-with-signtool.msi",
    ])(`agrees about %s (${NO_CORPUS} otherwise)`, async (path) => {
    await compare(await readFile(corpusFile(path) ?? ""), "msi");
  });
});

const digest = (bytes: Buffer): string => createHash("sha256").update(bytes).digest("hex");
