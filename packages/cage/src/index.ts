export { type CagedRun, explainStop, runCaged } from "./caged-process.ts";
export { findIsolation, type Isolation } from "./isolation.ts";
export { LineReader, MAX_LINE_CHARACTERS } from "./line-reader.ts";
export { exitWithParent, readRequest } from "./request-line.ts";
export { createScratch, type Scratch } from "./scratch.ts";
export { writeAll } from "./write-all.ts";
