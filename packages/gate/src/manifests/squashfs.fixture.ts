/** Images made by mksquashfs, from Debian. */

import { execFile } from "node:child_process";
import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { promisify } from "node:util";
import { debianPackage } from "@sallyport/testkit";

export async function writeSquashfs(files: Readonly<Record<string, string>>): Promise<Buffer> {
  const needs = ["liblzo2-2", "liblz4-1", "liblzma5", "libzstd1", "zlib1g"];
  const home = await debianPackage("squashfs-tools", needs);
  const machine = process.arch === "arm64" ? "aarch64-linux-gnu" : "x86_64-linux-gnu";
  const libraries = [join(home, "usr/lib", machine), join(home, "lib", machine)];
  const folder = await mkdtemp(join(tmpdir(), "sallyport-squashfs-"));
  try {
    for (const [name, text] of Object.entries(files)) {
      await mkdir(dirname(join(folder, "root", name)), { recursive: true });
      await writeFile(join(folder, "root", name), text);
    }
    const env = { ...process.env, LD_LIBRARY_PATH: libraries.join(":") };
    const command = ["root", "image", "-noappend", "-quiet", "-no-progress"];
    await promisify(execFile)(join(home, "usr/bin/mksquashfs"), command, { cwd: folder, env });
    return await readFile(join(folder, "image"));
  } finally {
    await rm(folder, { recursive: true });
  }
}
