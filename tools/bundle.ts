/**
 * Makes what is published: one folder with the bundled command line, the parser process beside it and the default
 * policies, and its tarball by `npm pack`. Node refuses TypeScript below `node_modules`, so nothing is left of it.
 * @module
 */

import { execFileSync } from "node:child_process";
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { rolldown } from "rolldown";

const root = resolve(import.meta.dirname, "..");
/** They hold WebAssembly files, which are found in them, so they stay packages of their own. */
const EXTERNAL = ["@cedar-policy/cedar-wasm", "7z-wasm", "@virustotal/yara-x"];

/** @returns the tarball's path */
export async function bundle(output = join(root, "dist")): Promise<string> {
  const folder = join(output, "npm");
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  const build = await rolldown({
    input: {
      sallyport: join(root, "apps/cli/src/main.ts"),
      parser: join(root, "packages/gate/src/parser/main.ts"),
      study: join(root, "packages/gate/src/study/thread.ts"),
      compare: join(root, "packages/gate/src/diff/main.ts"),
      rules: join(root, "packages/gate/src/rules/main.ts"),
      reading: join(root, "packages/intel/src/reading-process/main.ts"),
    },
    platform: "node",
    external: (id) => EXTERNAL.some((name) => id === name || id.startsWith(`${name}/`)),
    treeshake: { moduleSideEffects: false },
  });
  await build.write({
    dir: folder,
    format: "esm",
    entryFileNames: "[name].js",
    chunkFileNames: "[name]-[hash].js",
  });
  await build.close();
  cpSync(join(root, "packages/gate/src/policies/default"), join(folder, "default"), { recursive: true });
  copyRules(join(root, "packages/gate/src/rules/behaviours"), join(folder, "behaviours"));
  for (const file of ["README.md", "LICENSE", "CHANGELOG.md"])
    if (existsSync(join(root, file))) cpSync(join(root, file), join(folder, file));
  writeFileSync(join(folder, "package.json"), `${JSON.stringify(manifest(), null, 2)}\n`);
  const name = execFileSync("npm", ["pack", "--silent", "--pack-destination", output], {
    cwd: folder,
    encoding: "utf8",
  });
  return join(output, name.trim());
}

/** Only what is read at run time: the rules themselves. */
function copyRules(from: string, to: string): void {
  for (const entry of readdirSync(from, { withFileTypes: true }))
    if (entry.isDirectory()) cpSync(join(from, entry.name, "rule.yar"), join(to, entry.name, "rule.yar"));
}

function manifest() {
  const cli = readJson("apps/cli/package.json");
  const versions = {
    ...readJson("packages/core/package.json").dependencies,
    ...readJson("packages/gate/package.json").dependencies,
  };
  return {
    name: "sallyport",
    version: cli.version,
    description: readJson("package.json").description,
    license: "Apache-2.0",
    type: "module",
    bin: { sallyport: "sallyport.js" },
    engines: { node: ">=24.2" },
    files: ["*.js", "default", "behaviours"],
    dependencies: Object.fromEntries(EXTERNAL.map((name) => [name, versions[name]])),
  };
}

interface Manifest {
  readonly version: string;
  readonly description?: string;
  readonly dependencies?: Readonly<Record<string, string>>;
}

const readJson = (file: string): Manifest => JSON.parse(readFileSync(join(root, file), "utf8")) as Manifest;

if (import.meta.main) console.log(await bundle());
