/** Archives that bsdtar makes and reads, and a package of Apple's tools. */

import { execFile } from "node:child_process";
import { mkdir, mkdtemp, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { corpusFile, hasApt, NO_APT, NO_CORPUS } from "@sallyport/testkit";
import { describe, expect, it } from "vitest";
import { bsdtar, readByBsdtar } from "../bsdtar.fixture.ts";
import { walkContainer } from "../container-walk.fixture.ts";
import { xar } from "./index.ts";

const run = promisify(execFile);

type Files = readonly { readonly name: string; readonly bytes: Buffer }[];

/** bsdtar lists folders, links and empty files as well. */
function expectSame(members: Files, listed: Files): void {
  expect(members.length).toBeGreaterThan(0);
  for (const { name, bytes } of members)
    expect(listed.find((other) => other.name === name)?.bytes.equals(bytes), name).toBe(true);
}

describe.skipIf(!hasApt())(`archives of bsdtar (${NO_APT} otherwise)`, () => {
  it.each(["gzip", "bzip2", "xz", "lzma", "none"])(
    "reads the contents that bsdtar packed with %s",
    { timeout: 300_000 },
    async (compression) => {
      const folder = await mkdtemp(join(tmpdir(), "sallyport-xar-"));
      try {
        await mkdir(join(folder, "in/deep"), { recursive: true });
        await writeFile(join(folder, "in/deep/a.txt"), "content ".repeat(20_000));
        await writeFile(join(folder, "in/b"), "odd");
        await writeFile(join(folder, "in/empty"), "");
        await symlink("b", join(folder, "in/link"));
        const { path, env } = await bsdtar();
        const options = ["--format", "xar", "--options", `compression=${compression}`];
        await run(path, ["-cf", "out.xar", ...options, "in"], { cwd: folder, env });
        const archive = await readFile(join(folder, "out.xar"));
        const { members, findings, code, message } = await walkContainer(xar, archive);
        expect({ findings, code, message }).toEqual({ findings: [], code: "", message: "" });
        const byName = new Map(members.map(({ name, bytes }) => [name, bytes]));
        expect(byName.get("in/deep/a.txt")?.toString()).toBe("content ".repeat(20_000));
        expectSame(members, await readByBsdtar(archive));
      } finally {
        await rm(folder, { recursive: true });
      }
    },
  );
});

describe("a package of Apple's tools", () => {
  const file = corpusFile("relic/packages/dummy.pkg");
  it.skipIf(file === undefined)(
    `opens (${NO_CORPUS} otherwise)`,
    async () => {
      const bytes = await readFile(file ?? "");
      const { members, findings, refinedTo, identity } = await walkContainer(xar, bytes);
      expect(findings).toEqual([]);
      expect({ refinedTo, identity }).toEqual({
        refinedTo: "pkg",
        identity: { product: "dummy", version: "1.0" },
      });
      expect(members.map(({ name }) => name)).toEqual([
        "Distribution",
        "com.sas.dummy.pkg/Bom",
        "com.sas.dummy.pkg/Payload",
        "com.sas.dummy.pkg/PackageInfo",
      ]);
      if (!hasApt()) return;
      expectSame(members, await readByBsdtar(bytes));
    },
    300_000,
  );
});
