/** A package as an Electron app ships it: below `node_modules` in an asar, with a minified bundle made of it. @module */

import { execFile } from "node:child_process";
import { randomUUID } from "node:crypto";
import { existsSync } from "node:fs";
import { mkdir, rename, rm, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { join } from "node:path";
import { promisify } from "node:util";
import { createPackage } from "@electron/asar";
import { rolldown } from "rolldown";

const run = promisify(execFile);

/**
 * @param tarball - of npm; the asar is kept beside it
 * @returns the path of the asar
 */
export async function packAsar(tarball: string, name: string, version: string): Promise<string> {
  const asar = `${tarball.slice(0, -".tgz".length)}.asar`;
  if (existsSync(asar)) return asar;
  const staging = `${asar}.${randomUUID()}`;
  const app = join(staging, "app");
  const home = join(app, "node_modules", name);
  await mkdir(home, { recursive: true });
  try {
    await run("tar", ["-xzf", tarball, "-C", home, "--strip-components=1"]);
    const manifest = { name: "example-app", version, main: "main.js", dependencies: { [name]: version } };
    await writeFile(join(app, "package.json"), `${JSON.stringify(manifest, undefined, 2)}\n`);
    await bundle(home, join(app, "main.js"));
    await createPackage(app, join(staging, "app.asar"));
    await rename(join(staging, "app.asar"), asar);
  } finally {
    await rm(staging, { recursive: true, force: true });
  }
  return asar;
}

/** What the package itself brings in one minified file; what it imports from others stays outside. */
async function bundle(home: string, file: string): Promise<void> {
  try {
    const input = createRequire(join(home, "package.json")).resolve(home);
    const build = await rolldown({ input, platform: "node", external: /^[^./]/, logLevel: "silent" });
    await build.write({ file, format: "cjs", minify: true });
    await build.close();
  } catch {
    // Some packages have no entry, or one that does not bundle; every version is treated alike.
    await writeFile(file, `"use strict";\n`);
  }
}
