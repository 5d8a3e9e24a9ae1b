/** Which packages tests fetch: somebody has looked at them. @module */

import { readdir, readFile } from "node:fs/promises";
import { join, resolve } from "node:path";

const root = resolve(import.meta.dirname, "../..");

/** @returns names of npm and of Debian */
export async function usedByTests(): Promise<ReadonlySet<string>> {
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
