/** An installer that makeself of Debian builds at test time. */

import { execFile } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { debianPackage, hasApt, NO_APT } from "@sallyport/testkit";
import { describe, expect, it } from "vitest";
import { walk } from "../../descent/walk.fixture.ts";

const run = promisify(execFile);
const TEXT = Buffer.from("a line of an ordinary text\n".repeat(500));

async function build(options: readonly string[]): Promise<Buffer> {
  const home = await debianPackage("makeself");
  const folder = await mkdtemp(join(tmpdir(), "sallyport-makeself-"));
  try {
    await mkdir(join(folder, "content"));
    await writeFile(join(folder, "content/a.txt"), TEXT);
    const header = join(home, "usr/share/makeself/makeself-header.sh");
    const args = [
      join(home, "usr/bin/makeself"),
      "--header",
      header,
      ...options,
      "content",
      "setup.run",
      "Demo",
      "ls",
    ];
    await run("sh", args, { cwd: folder });
    return await readFile(join(folder, "setup.run"));
  } finally {
    await rm(folder, { recursive: true });
  }
}

describe.skipIf(!hasApt())(`installers by makeself (skipped when ${NO_APT})`, () => {
  it.each([[["--gzip"]], [["--bzip2"]], [["--xz"]], [["--nocomp"]]])("are opened: %j", async (options) => {
    const { members, bad } = await walk(await build(options));
    expect(bad).toEqual([]);
    const text = [...members.values()].find(({ path }) => path.endsWith("a.txt"));
    expect(text?.sha256).toBe(createHash("sha256").update(TEXT).digest("hex"));
    expect(members.get("script")).toBeDefined();
  });
});
