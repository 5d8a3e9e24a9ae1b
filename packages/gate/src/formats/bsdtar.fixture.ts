/** bsdtar of libarchive, the independent reader of most archives, for the tests beside formats. @module */

import { execFile } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { debianProgram } from "@sallyport/testkit";

const run = promisify(execFile);

const NEEDS = [
  "libarchive13",
  "libacl1",
  "libbz2-1.0",
  "libicu72",
  "liblz4-1",
  "liblzma5",
  "libnettle8",
  "libxml2",
  "libzstd1",
  "zlib1g",
];

export const bsdtar = () => debianProgram("libarchive-tools", { file: "usr/bin/bsdtar", needs: NEEDS });

/** What bsdtar finds in an archive: names and contents of the files, in the archive's order. */
export async function readByBsdtar(archive: Buffer): Promise<{ name: string; bytes: Buffer }[]> {
  const { path, env } = await bsdtar();
  const folder = await mkdtemp(join(tmpdir(), "sallyport-bsdtar-"));
  try {
    const file = join(folder, "archive");
    await writeFile(file, archive);
    const options = { env, encoding: "buffer" as const, maxBuffer: 1024 ** 3 };
    const { stdout } = await run(path, ["-tf", file], options);
    const names = stdout
      .toString()
      .split("\n")
      .filter((name) => name !== "" && !name.endsWith("/"));
    const found: { name: string; bytes: Buffer }[] = [];
    for (const name of names)
      found.push({ name, bytes: (await run(path, ["-xOf", file, "--", name], options)).stdout });
    return found;
  } finally {
    await rm(folder, { recursive: true });
  }
}
