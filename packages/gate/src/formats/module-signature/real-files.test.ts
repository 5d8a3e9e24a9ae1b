/** A module signed by the program that Linux is built with, from Debian. */

import { execFile } from "node:child_process";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { debianProgram, hasApt, NO_APT } from "@sallyport/testkit";
import { expect, it } from "vitest";
import { walk } from "../../descent/walk.fixture.ts";
import { buildElf } from "../elf/elf.fixture.ts";

const run = promisify(execFile);
const canSign = hasApt() && process.arch === "x64";

it.skipIf(!canSign)(`explains what sign-file appends${canSign ? "" : ` (skipped: ${NO_APT})`}`, async () => {
  const folder = await mkdtemp(join(tmpdir(), "sallyport-module-"));
  try {
    const file = "usr/lib/linux-kbuild-6.1/scripts/sign-file";
    const { path, env } = await debianProgram("linux-kbuild-6.1", { file, needs: ["libssl3"] });
    const [key, certificate, module] = ["key.pem", "certificate.pem", "demo.ko"].map((name) =>
      join(folder, name),
    );
    const subject = ["-subj", "/CN=Example modules", "-days", "30"];
    await run("openssl", [
      "req",
      "-x509",
      "-newkey",
      "rsa:2048",
      "-nodes",
      "-keyout",
      key ?? "",
      "-out",
      certificate ?? "",
      ...subject,
    ]);
    await writeFile(module ?? "", buildElf({ wide: true, littleEndian: true }));
    await run(path, ["sha256", key ?? "", certificate ?? "", module ?? ""], { env });
    const { members, bad } = await walk(await readFile(module ?? ""));
    expect(bad).toEqual([]);
    expect(members.get("overlay")?.format).toBe("module-signature");
  } finally {
    await rm(folder, { recursive: true });
  }
});
