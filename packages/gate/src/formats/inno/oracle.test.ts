/** The same installers as innoextract of Debian sees them, which reads versions up to 6.1. */

import { execFile } from "node:child_process";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { debianProgram, hasApt, NO_APT } from "@sallyport/testkit";
import { describe, expect, it } from "vitest";
import { buildPeImage } from "../../replica/index.ts";
import { withResources } from "../pe/section.fixture.ts";
import { placeBehind } from "./installer.fixture.ts";
import { VECTOR_PROGRAM, VECTOR_TEXT, VECTORS } from "./vectors.fixture.ts";

const run = promisify(execFile);
const NEEDS = [
  "libboost-filesystem1.74.0",
  "libboost-iostreams1.74.0",
  "libboost-program-options1.74.0",
  "libbz2-1.0",
  "liblzma5",
  "libzstd1",
  "zlib1g",
  "libstdc++6",
  "libgcc-s1",
];

function programOf(base64: string): Buffer {
  const bytes = Buffer.from(base64, "base64");
  const stub = (table: Buffer) =>
    withResources(buildPeImage({ magic: "pe32" }), [{ type: 10, name: 11_111, bytes: table }]);
  const data = { bytes, headerOffset: bytes.indexOf("Inno Setup Setup Data") };
  const { table, behind } = placeBehind(stub(Buffer.alloc(44)).length, data, buildPeImage());
  return Buffer.concat([stub(table), behind]);
}

describe.skipIf(!hasApt())(`innoextract (skipped when ${NO_APT})`, () => {
  const readable = VECTORS.filter(({ version }) => version.endsWith("(u)"));

  it.each(readable)("finds the same files: $version, $compression", async ({ bytes }) => {
    const { path, env } = await debianProgram("innoextract", { file: "usr/bin/innoextract", needs: NEEDS });
    const folder = await mkdtemp(join(tmpdir(), "sallyport-innoextract-"));
    try {
      await writeFile(join(folder, "setup.exe"), programOf(bytes));
      await run(path, ["--silent", "--output-dir", folder, join(folder, "setup.exe")], { env });
      expect(await readFile(join(folder, "app/a.txt"))).toEqual(VECTOR_TEXT);
      expect(await readFile(join(folder, "app/sub/b.dll"))).toEqual(VECTOR_PROGRAM);
    } finally {
      await rm(folder, { recursive: true });
    }
  });
});
