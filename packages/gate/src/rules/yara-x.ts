/**
 * YARA-X as WebAssembly, found and started once, when the first member is scanned: few runs need it in the main process.
 * Source: YARA-X documentation, "JavaScript API".
 * @module
 */

import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";

const require = createRequire(import.meta.url);

export type YaraX = typeof import("@virustotal/yara-x");

let started: Promise<YaraX> | undefined;

/** The folder a process that scans must be allowed to read: the package whole, with its description. */
export const yaraXFolder = (): string => dirname(dirname(require.resolve("@virustotal/yara-x")));

/** @returns the engine; its memory holds one member at a time and belongs to this thread */
export function startYaraX(): Promise<YaraX> {
  started ??= start();
  return started;
}

async function start(): Promise<YaraX> {
  const engine = await import("@virustotal/yara-x");
  // Read here: left to itself the engine would fetch its own file as if from a network.
  engine.initSync({ module: readFileSync(join(yaraXFolder(), "pkg/yara_x_js_bg.wasm")) });
  return engine;
}
