/**
 * Compares ordinary consecutive releases of public packages, and counts what a person would have been told. The list
 * and its rule are in tools/quiet.
 *
 *     npm run quiet
 *     npm run quiet -- --only rolldown
 * @module
 */

import { readdir, readFile, writeFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import { parseArgs } from "node:util";
import { LIST, type PackageVersions } from "./quiet/pair.ts";
import { selectDebian } from "./quiet/select-debian.ts";
import { selectNpm } from "./quiet/select-npm.ts";

const root = resolve(import.meta.dirname, "..");
const { values } = parseArgs({ options: { select: { type: "string" } } });

if (values.select !== undefined) await select(values.select);

/** @param names - a table of npm's packages with their downloads */
async function select(names: string): Promise<void> {
  const used = await usedByTests();
  const debian = await selectDebian(used);
  const npm = await selectNpm(await readFile(names, "utf8"), used);
  const packages: readonly PackageVersions[] = [...npm, ...debian];
  await writeFile(LIST, `${JSON.stringify({ packages }, undefined, 2)}\n`);
}

/** Packages that a test fetches: they were looked at. */
async function usedByTests(): Promise<ReadonlySet<string>> {
  const names = new Set<string>();
  for (const folder of ["packages", "apps", "bench"])
    for (const entry of await readdir(join(root, folder), { recursive: true, withFileTypes: true })) {
      if (!entry.isFile() || !entry.name.endsWith(".ts") || entry.parentPath.includes("node_modules"))
        continue;
      const text = await readFile(join(entry.parentPath, entry.name), "utf8");
      for (const [, name = ""] of text.matchAll(/\bpackage: "([^"]+)"/g)) names.add(name);
    }
  return names;
}
