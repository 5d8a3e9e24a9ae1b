export type { Fact, FactKind } from "./fact.ts";
export { FeedError } from "./feed-error.ts";
export { formOf } from "./indicators/index.ts";
export { type EveryFact, type IntelBase, openIntel } from "./intel.ts";
export { describeFact } from "./lookup/describe.ts";
export type { Found, Lookup } from "./lookup/lookup.ts";
export type { Naming, VersionRange, VersionScheme, VersionSet } from "./naming.ts";
export {
  indicatorFact,
  type RetirementInput,
  retirementFact,
  supplierFact,
  trustedKeyFact,
} from "./organisation/entry-facts.ts";
export type { Organisation } from "./organisation/organisation.ts";
export { cagedReader } from "./reading-process/reader.ts";
export type { Choice, Download, IntelSource, ReadContext, SkippedRow, SourceFile } from "./source.ts";
export { type Statement, writeDeclaration } from "./sources/openeox/declaration.ts";
export { OPENEOX_TYPE } from "./sources/openeox/seal.ts";
export { sources } from "./sources/registry.ts";
export type { Entry, EntryFact } from "./store/entries.ts";
export type { Reading, SnapshotLoad, StoredFile, StoredSnapshot } from "./store.ts";
export * from "./sync/index.ts";
