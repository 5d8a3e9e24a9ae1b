/** Archives of GNU cpio in each of its kinds, compared with what bsdtar sees in them. */

import { spawn } from "node:child_process";
import { mkdir, mkdtemp, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { buffer } from "node:stream/consumers";
import { debianProgram, hasApt, NO_APT } from "@sallyport/testkit";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { readByBsdtar } from "../bsdtar.fixture.ts";
import { walkStream } from "../stream-walk.fixture.ts";
import { cpio } from "./index.ts";

describe.skipIf(!hasApt())(`archives of GNU cpio (${NO_APT} otherwise)`, () => {
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "sallyport-cpio-"));
    await mkdir(join(folder, "deep/er"), { recursive: true });
    await writeFile(join(folder, "deep/er/a.txt"), "content ".repeat(10_000));
    await writeFile(join(folder, "deep/odd"), "odd");
    await writeFile(join(folder, "empty"), "");
    await symlink("deep/odd", join(folder, "link"));
  });
  afterAll(() => rm(folder, { recursive: true }));

  it.each(["newc", "crc", "odc", "bin"])(
    "reads kind %s as bsdtar does",
    { timeout: 300_000 },
    async (kind) => {
      const { path, env } = await debianProgram("cpio", { file: "bin/cpio" });
      const child = spawn(path, ["-o", "--quiet", "-H", kind], { cwd: folder, env, stdio: "pipe" });
      child.stdin.end(["deep", "deep/er", "deep/er/a.txt", "deep/odd", "empty", "link"].join("\n"));
      const archive = await buffer(child.stdout);
      const { members: all, findings, code } = await walkStream(cpio, archive);
      const members = all.filter(({ name }) => name !== "link");
      expect(all.find(({ name }) => name === "link")?.bytes.toString()).toBe("deep/odd");
      expect({ findings, code }).toEqual({ findings: [], code: "" });
      const expected = (await readByBsdtar(archive)).filter(
        ({ name }) => !["deep", "deep/er", "link"].includes(name),
      );
      expect(members.map(({ name }) => name)).toEqual(expected.map(({ name }) => name));
      for (const [at, { name, bytes }] of members.entries())
        expect(bytes.equals(expected[at]?.bytes ?? Buffer.alloc(1)), name).toBe(true);
    },
  );
});
