export type { Fact, FactKind } from "./fact.ts";
export { FeedError } from "./feed-error.ts";
export type { Naming, VersionRange, VersionScheme, VersionSet } from "./naming.ts";
export type { Choice, Download, IntelSource, ReadContext, SkippedRow, SourceFile } from "./source.ts";
export { sources } from "./sources/registry.ts";
