/** Packages that rpmbuild makes in each compression, compared with what bsdtar reads in them. */

import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { corpusFile, hasApt, NO_APT, NO_CORPUS } from "@sallyport/testkit";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { readByBsdtar } from "../bsdtar.fixture.ts";
import { walkContainer } from "../container-walk.fixture.ts";
import { rpm } from "./index.ts";
import { type BuildOptions, buildRpm } from "./rpm-build.fixture.ts";

describe.skipIf(!hasApt())(`packages of rpmbuild (${NO_APT} otherwise)`, () => {
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "sallyport-rpm-"));
  });
  afterAll(() => rm(folder, { recursive: true }));

  const BUILDS: [string, BuildOptions][] = [
    ["gzip", { payload: "w9.gzdio" }],
    ["bzip2", { payload: "w9.bzdio" }],
    ["xz", { payload: "w6.xzdio" }],
    ["zstd", { payload: "w19.zstdio" }],
    ["lzma", { payload: "w6.lzdio" }],
    ["nothing", { payload: "w.ufdio" }],
    ["zstd and MD5 of files", { payload: "w3.zstdio", defines: ["_binary_filedigest_algorithm 1"] }],
    ["gzip and SHA-512 of files", { defines: ["_binary_filedigest_algorithm 10"] }],
    ["gzip, as a source package", { isSource: true }],
  ];
  it.each(BUILDS)("reads one packed by %s as bsdtar does", { timeout: 300_000 }, async (name, options) => {
    const bytes = await buildRpm(join(folder, name.replaceAll(/[ ,]/g, "-")), options);
    const { members, findings, code, identity } = await walkContainer(rpm, bytes);
    expect({ findings, code }).toEqual({ findings: [], code: "" });
    expect(identity).toEqual({
      product: "sample",
      version: "4:1.2-3",
      architecture: options.isSource === true ? "source" : "noarch",
      company: "Example Makers",
    });
    const files = members.filter((member) => !member.name.startsWith("%"));
    const expected = await readByBsdtar(bytes);
    for (const { name: path, bytes: content } of files) {
      const other = expected.find((found) => found.name.replace(/^\.\//, "") === path);
      // bsdtar gives the content under each name of a hard link.
      if (content.length > 0 || path.endsWith("empty")) expect(other?.bytes.equals(content), path).toBe(true);
    }
    const names = files.map((file) => file.name);
    if (options.isSource === true) expect(names.sort()).toEqual(["a.txt", "sample.spec"]);
    else
      expect(names.sort()).toEqual(
        ["a.txt", "b-hard.txt", "deep/odd", "empty"].map((path) => `usr/share/sample/${path}`),
      );
    if (options.isSource !== true)
      expect(members.filter((member) => member.name.startsWith("%")).map((member) => member.name)).toEqual([
        "%pre",
        "%post",
        "%trigger",
      ]);
  });
});

describe("a package of the development data", () => {
  const file = corpusFile("relic/packages/rocky-basesystem-11-13.el9.noarch.rpm");
  it.skipIf(file === undefined)(`is read without a finding (${NO_CORPUS} otherwise)`, async () => {
    const { members, findings, code, identity } = await walkContainer(rpm, await readFile(file ?? ""));
    expect({ members, findings, code }).toEqual({ members: [], findings: [], code: "" });
    expect(identity).toEqual({
      product: "basesystem",
      version: "11-13.el9",
      architecture: "noarch",
      company: "Rocky Enterprise Software Foundation",
    });
  });
});
