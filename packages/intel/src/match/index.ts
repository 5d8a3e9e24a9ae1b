/** From what something says it is to what a source names, and why. @module */

export { keysOf } from "./keys.ts";
export { match } from "./match.ts";
