/**
 * 7-Zip as WebAssembly, found and compiled once. Its own JavaScript is not used: `system.ts` is all that it can reach.
 * @module
 */

import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { dirname } from "node:path";

const require = createRequire(import.meta.url);
let compiled: Promise<WebAssembly.Module> | undefined;

/**
 * Node's arguments for a process that runs the program: the first releases of Node 24 have promise integration only when
 * they are told, and later ones need not know the flag.
 */
export const sevenZipArguments = (): string[] => (canWait() ? [] : ["--experimental-wasm-jspi"]);

/** Whether WebAssembly can wait for promises in this process. */
export const canWait = (): boolean => "Suspending" in WebAssembly;

/** The folder a parser process must be allowed to read. */
export const sevenZipFolder = (): string => dirname(require.resolve("7z-wasm/7zz.wasm"));

/** @returns the program; compiled when it is asked for the first time, because few artifacts need it */
export function sevenZipProgram(): Promise<WebAssembly.Module> {
  compiled ??= readFile(require.resolve("7z-wasm/7zz.wasm")).then((bytes) => WebAssembly.compile(bytes));
  return compiled;
}
