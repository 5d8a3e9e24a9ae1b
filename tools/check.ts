/** Everything that must hold beside the tests: format, lint, types, boundaries, dead code, docs. @module */

import { spawnSync } from "node:child_process";
import { join, resolve } from "node:path";

const root = resolve(import.meta.dirname, "..");
const bin = (name: string): string => join(root, "node_modules", name);

const steps: readonly { readonly name: string; readonly command: readonly string[] }[] = [
  { name: "format and lint", command: [bin("@biomejs/biome/bin/biome"), "check", "--error-on-warnings"] },
  { name: "types", command: [bin("typescript/bin/tsc"), "-p", root] },
  { name: "boundaries", command: [join(root, "tools/check-boundaries.ts")] },
  { name: "dead code", command: [bin("knip/bin/knip.js"), "--no-progress"] },
  { name: "pages", command: [join(root, "tools/pages.ts"), "--check"] },
  { name: "docs", command: [join(root, "tools/check-docs.ts")] },
];

const failed = steps.filter(({ name, command }) => {
  console.log(`\n${name}`);
  return spawnSync(process.execPath, command, { cwd: root, stdio: "inherit" }).status !== 0;
});

console.log(
  failed.length === 0 ? "\nall checks hold" : `\nfailed: ${failed.map(({ name }) => name).join(", ")}`,
);
process.exitCode = failed.length === 0 ? 0 : 1;
