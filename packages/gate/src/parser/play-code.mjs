/** Loads the parser's modules from their pack. Plain JavaScript: it runs before anything could strip types. @module */

import { readFileSync } from "node:fs";
import { registerHooks } from "node:module";
import { join } from "node:path";

const folder = new URL(import.meta.url).searchParams.get("folder");
const { modules, resolved } = JSON.parse(readFileSync(join(folder, "code.json"), "utf8"));

registerHooks({
  resolve(specifier, context, next) {
    const found = resolved[`${specifier}\n${context.parentURL ?? ""}`];
    if (found === undefined) return next(specifier, context);
    return { ...found, format: modules[found.url]?.format, shortCircuit: true };
  },
  load(url, context, next) {
    const module = modules[url];
    return module === undefined ? next(url, context) : { ...module, shortCircuit: true };
  },
});
