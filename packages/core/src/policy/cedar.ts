/**
 * The Cedar engine, loaded when the first policy is: its 12 MB of WebAssembly cost start-up time that
 * most commands do not need. Source: https://docs.cedarpolicy.com, cedar-wasm 4.13.
 * @module
 */

export type Cedar = typeof import("@cedar-policy/cedar-wasm/nodejs");

let engine: Promise<Cedar> | undefined;

export function loadCedar(): Promise<Cedar> {
  engine ??= import("@cedar-policy/cedar-wasm/nodejs");
  return engine;
}
