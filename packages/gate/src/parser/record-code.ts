/** Makes the pack of the parser's code: loads every module as a parser would, opens nothing, writes what it saw. @module */

import { renameSync, statSync, writeFileSync } from "node:fs";
import { registerHooks, stripTypeScriptTypes } from "node:module";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { PACK_FILE, type PackStamp, STAMP_FILE } from "./code-pack.ts";

const [, , folder = ""] = process.argv;
const modules: Record<string, { format: string; source: string }> = {};
const resolved: Record<string, { url: string; importAttributes: unknown }> = {};

registerHooks({
  resolve(specifier, context, next) {
    const result = next(specifier, context);
    if (result.url.startsWith("file:"))
      resolved[`${specifier}\n${context.parentURL ?? ""}`] = {
        url: result.url,
        importAttributes: context.importAttributes,
      };
    return result;
  },
  load(url, context, next) {
    const result = next(url, context);
    const { format, source } = result;
    if (!url.startsWith("file:") || source === undefined || source === null) return result;
    const text = typeof source === "string" ? source : Buffer.from(source as Uint8Array).toString("utf8");
    if (format === "module-typescript")
      modules[url] = { format: "module", source: stripTypeScriptTypes(text) };
    else if (format === "module" || format === "json") modules[url] = { format, source: text };
    return result;
  },
});

await Promise.all([import("./main.ts"), import("../study/thread.ts"), import("../diff/main.ts")]);
for (const program of ["./main.ts", "../study/thread.ts", "../diff/main.ts"]) {
  const url = new URL(program, import.meta.url).href;
  resolved[`${url}\n`] = { url, importAttributes: {} };
}

const stamp: PackStamp = Object.keys(modules).map((url) => {
  const path = fileURLToPath(url);
  const { mtimeMs, size } = statSync(path);
  return [path, mtimeMs, size];
});
put(PACK_FILE, { modules, resolved });
// Last: the pack counts only with its stamp.
put(STAMP_FILE, stamp);

function put(name: string, value: unknown): void {
  const fresh = join(folder, `${name}.${process.pid}`);
  writeFileSync(fresh, JSON.stringify(value), { mode: 0o600 });
  renameSync(fresh, join(folder, name));
}
