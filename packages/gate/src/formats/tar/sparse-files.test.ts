/** Files with holes as GNU tar and bsdtar write them, compared with what each of the two reads. */

import { execFile } from "node:child_process";
import { mkdtemp, open, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { debianProgram, hasApt, NO_APT } from "@sallyport/testkit";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { bsdtar, readByBsdtar } from "../bsdtar.fixture.ts";
import { goTestFile } from "../decompressor-programs.fixture.ts";
import { walkStream } from "../stream-walk.fixture.ts";
import { tar } from "./index.ts";

const run = promisify(execFile);
const LONG = `${"n".repeat(110)}.img`;

describe.skipIf(!hasApt())(`real sparse files (${NO_APT} otherwise)`, { timeout: 300_000 }, () => {
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "sallyport-sparse-"));
    await writeSparse("few.img", { pieces: 2, sizeBytes: 1_000_000 });
    await writeSparse("many.img", { pieces: 90, sizeBytes: 40_000_001 });
    await writeSparse("hole.img", { pieces: 0, sizeBytes: 300_000 });
    await writeSparse(LONG, { pieces: 6, sizeBytes: 2_000_000 });
  });
  afterAll(() => rm(folder, { recursive: true }));

  async function writeSparse(name: string, { pieces, sizeBytes }: { pieces: number; sizeBytes: number }) {
    const file = await open(join(folder, name), "w");
    for (let at = 0; at < pieces; at += 1)
      await file.write(Buffer.alloc(4096 + at, 65 + (at % 26)), 0, undefined, at * 262_144 + 65_536);
    await file.truncate(sizeBytes);
    await file.close();
  }

  async function expectRead(archive: Buffer): Promise<void> {
    const { members, findings, code } = await walkStream(tar, archive);
    expect({ findings, code }).toEqual({ findings: [], code: "" });
    expect(members.map(({ name }) => name).sort()).toEqual(["few.img", "hole.img", "many.img", LONG]);
    for (const { name, bytes } of members)
      expect(bytes.equals(await readFile(join(folder, name))), name).toBe(true);
    for (const { name, bytes } of await readByBsdtar(archive))
      expect(members.find((member) => member.name === name)?.bytes.equals(bytes), name).toBe(true);
  }

  it.each(["gnu", "oldgnu", "posix 0.0", "posix 0.1", "posix 1.0"])(
    "reads what GNU tar writes as %s",
    async (form) => {
      const [format = "", version] = form.split(" ");
      const { path, env } = await debianProgram("tar", {
        file: "bin/tar",
        needs: ["libacl1", "libselinux1", "libpcre2-8-0"],
      });
      const words = ["-c", "-S", "--hole-detection=raw", `--format=${format}`, "-C", folder];
      if (version !== undefined) words.push(`--sparse-version=${version}`);
      const options = { env, encoding: "buffer", maxBuffer: 2 ** 28 } as const;
      const { stdout } = await run(
        path,
        [...words, "-f", "-", "few.img", "many.img", "hole.img", LONG],
        options,
      );
      expect(stdout.length).toBeLessThan(2_000_000);
      await expectRead(stdout);
    },
  );

  it.each(["sparse-formats", "gnu-nil-sparse-data", "gnu-nil-sparse-hole", "pax-nil-sparse-data"])(
    "reads Go's test file %s.tar as bsdtar does",
    async (name) => {
      const archive = await goTestFile(`archive/tar/testdata/${name}.tar`);
      const { members, code } = await walkStream(tar, archive);
      expect(code).toBe("");
      expect(members).toEqual(await readByBsdtar(archive));
    },
  );

  it("reports pieces of a byte, which GNU tar cannot find", async () => {
    const { findings } = await walkStream(tar, await goTestFile("archive/tar/testdata/sparse-formats.tar"));
    const because = "has a sparse map whose pieces readers take from different places";
    expect(findings.map((finding) => finding.because)).toEqual(Array(4).fill(because));
  });

  it("reads what bsdtar writes", async () => {
    const { path, env } = await bsdtar();
    const options = { env, encoding: "buffer", maxBuffer: 2 ** 28 } as const;
    const words = ["-cf", "-", "--format=pax", "-C", folder, "few.img", "many.img", "hole.img", LONG];
    const { stdout } = await run(path, words, options);
    await expectRead(stdout);
  });
});
