/** Archives that Electron's own tool makes, compared with what it reads back. */

import { createHash } from "node:crypto";
import { mkdir, mkdtemp, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createPackageWithOptions, extractFile, getRawHeader, listPackage } from "@electron/asar";
import { afterAll, beforeAll, expect, it } from "vitest";
import { walkContainer } from "../container-walk.fixture.ts";
import { asar } from "./index.ts";

const BLOCK_BYTES = 4 * 1024 * 1024;
let folder = "";
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "sallyport-asar-"));
});
afterAll(() => rm(folder, { recursive: true }));

it("reads an archive as @electron/asar does, hashes of whole and half blocks included", async () => {
  const app = join(folder, "app");
  await mkdir(join(app, "node_modules/inner/lib"), { recursive: true });
  await writeFile(join(app, "package.json"), '{"name":"app"}');
  await writeFile(join(app, "empty.txt"), "");
  await writeFile(join(app, "whole.bin"), Buffer.alloc(2 * BLOCK_BYTES, "ab"));
  await writeFile(join(app, "half.bin"), Buffer.alloc(BLOCK_BYTES + 1, "cd"));
  await writeFile(join(app, "node_modules/inner/lib/übersicht.js"), "//");
  await writeFile(join(app, "addon.node"), "native");
  await symlink("package.json", join(app, "link.json"));
  const file = join(folder, "app.asar");
  await createPackageWithOptions(app, file, { unpack: "*.node" });
  const { members, findings, code, identity } = await walkContainer(asar, await readFile(file));
  expect({ findings, code }).toEqual({ findings: [], code: "" });
  const { headerString } = getRawHeader(file);
  expect(identity).toEqual({ buildId: createHash("sha256").update(headerString).digest("hex") });
  const listed = listPackage(file, { isPack: false }).map((name) => name.replace(/^[\\/]/, ""));
  expect(members.map(({ name }) => name).sort()).toEqual(
    listed.filter((name) => /\.(?:json|txt|bin|js)$/.test(name) && name !== "link.json").sort(),
  );
  for (const { name, bytes } of members) expect(bytes.equals(extractFile(file, name)), name).toBe(true);
});
