export type { DownloadProgress } from "./download.ts";
export { type Imported, type ImportOptions, importFiles } from "./import.ts";
export type { Loaded } from "./load.ts";
export type { FileAtPath, Reader, Surroundings } from "./ports.ts";
export { sourceNamed } from "./source-work.ts";
export { forget, type SourceStatus, statusOf } from "./status.ts";
export { type Synced, type SyncRequest, sync } from "./sync.ts";
export { isFetched, type WantedPart } from "./wanted-parts.ts";
